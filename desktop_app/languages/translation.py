"""The language of the windows, from the translations that come with the program and with Qt."""

import logging

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from desktop_app.settings.settings import Language
from desktop_app.system.bundled_resources import translations_folder

logger = logging.getLogger(__name__)


def install_translation(application: QCoreApplication, language: Language) -> None:
    """Let every window that is built from now on speak a language; English where there is no translation.

    Args:
        application: The running program.
        language: The one chosen, or that of the system.
    """
    locale = QLocale.system() if language is Language.SYSTEM else QLocale(language.value)
    if language is not Language.SYSTEM:
        QLocale.setDefault(locale)
    # Qt's own words, on the buttons of its dialogs and in the menus of its fields, come in files of their own. English
    # stands in for a language that is missing, and has a translation too: its plurals.
    qt_folder, own_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), str(translations_folder())
    english = QLocale(Language.ENGLISH.value)
    for name, folder, locales in (("qtbase", qt_folder, [locale]), ("snaptex", own_folder, [locale, english])):
        translator = QTranslator(application)
        if any(translator.load(one, name, "_", folder) for one in locales):
            application.installTranslator(translator)
        else:
            logger.info("There is no translation of %s for %s.", name, locale.name())
