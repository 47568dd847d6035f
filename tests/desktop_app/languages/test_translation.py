"""Every sentence of the windows is in every language, and no sentence goes round the translations."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_app.history.history import History
from desktop_app.history.history_window import HistoryWindow
from desktop_app.languages.model_sentences import translated
from desktop_app.languages.translation import install_translation
from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.result.result_notice import ResultNotice
from desktop_app.result.result_window import ResultWindow
from desktop_app.settings.recogniser_options import DeviceReport, ServiceState
from desktop_app.settings.settings import Language, Settings
from desktop_app.settings_window.settings_dialog import SettingsDialog
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import Snip
from desktop_app.system.bundled_resources import translations_folder
from desktop_app.windows.about_dialog import AboutDialog
from desktop_app.windows.desktop_shortcut_dialog import DesktopShortcutDialog
from desktop_app.windows.main_window import MainWindow
from desktop_app.windows.tray_icon import TrayIcon
from desktop_app.windows.welcome_window import WelcomeWindow
from model.formats import FormatError, FormulaFormat, write_formula
from tests.desktop_app.conftest import numbered_image

pytestmark = pytest.mark.gui

ROOT = Path(__file__).parents[3]
LANGUAGES = [one.value for one in Language if one not in (Language.SYSTEM, Language.ENGLISH)]
SOURCES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "desktop_app").rglob("*.py"))

# What is the same in every language: names, keys, and what was read or is an example.
NO_WORDS = re.compile(
    r"Snaptex|LaTeX|Markdown|Typst|equation|align|English|简体中文|Русский|(Ctrl|Alt|Shift|[A-Z]|\+| |Return|Del|Esc)+|"
    r"http://[^ ]*|[\W\d_]*|\\.*|\$+….*|snaptex \w+|x"
)


def messages(language: str) -> Iterator[tuple[str, str, list[str]]]:
    """Context, source and translations of every entry of a file."""
    root = ElementTree.parse(translations_folder() / f"snaptex_{language}.ts").getroot()  # noqa: S314 - our own file
    for context in root.iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [one.text or "" for one in translation.iter("numerusform")] or [translation.text or ""]
            assert translation.get("type") is None, message.findtext("source")
            yield context.findtext("name") or "", message.findtext("source") or "", forms


def tool(name: str, *arguments: str) -> str:
    """Run one of Qt's tools."""
    program = Path(sys.executable).with_name(f"pyside6-{name}")
    return subprocess.run(
        [program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    ).stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_code_is_translated(language: str, tmp_path: Path) -> None:
    fresh = tmp_path / f"snaptex_{language}.ts"
    tool("lupdate", "-silent", "-locations", "none", *SOURCES, "-target-language", language, "-ts", str(fresh))
    root = ElementTree.parse(fresh).getroot()  # noqa: S314 - our own file
    wanted = {
        (context.findtext("name"), message.findtext("source"))
        for context in root.iter("context")
        for message in context.iter("message")
    }
    there = {(context, source) for context, source, _ in messages(language)}
    assert wanted - there == set()
    assert there - wanted == set(), "no sentence of the code any more"


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
def test_translations_are_whole(language: str) -> None:
    # A lost placeholder would end in an exception, a lost word in an empty button.
    for _, source, forms in messages(language):
        for form in forms:
            assert form.strip(), source
            assert sorted(re.findall(r"\{\w+\}|%L?n", form)) == sorted(re.findall(r"\{\w+\}|%L?n", source)), form
            assert form.endswith(("…", "...")) == source.endswith("…"), form


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
def test_compiled_translation_is_that_of_the_text(language: str, tmp_path: Path) -> None:
    # The program reads the compiled file, people edit the other.
    path = translations_folder() / f"snaptex_{language}"
    tool("lrelease", "-silent", f"{path}.ts", "-qm", str(tmp_path / "fresh.qm"))
    assert (tmp_path / "fresh.qm").read_bytes() == path.with_suffix(".qm").read_bytes()


class Marking(QTranslator):
    """Puts every sentence that is asked for into brackets."""

    def translate(self, _context: str, source: str, _disambiguation: str | None = None, n: int = -1) -> str:
        """Mark it."""
        return f"⟦{source.replace('%Ln', str(n)).replace('%n', str(n))}⟧"

    def isEmpty(self) -> bool:  # noqa: N802 - Qt names it
        """Qt leaves out empty translators."""
        return False


@pytest.fixture
def marking(qapp: QApplication) -> Iterator[None]:
    translator = Marking()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.fixture
def windows(
    qtbot: QtBot, marking: None, settings: Settings, previews: PreviewRenderer, tmp_path: Path
) -> Iterator[list[QWidget]]:
    """Every window, in the states that have words of their own."""
    history = History(tmp_path / "history.sqlite")
    history.add(Snip(numbered_image(30, 10), latex="x"), CopyFormat.LATEX)
    main_window = MainWindow(settings)
    main_window.show_closing(ends_program=True)
    dialog = SettingsDialog(settings)
    dialog.recogniser_panel.show_device(DeviceReport("", is_gpu_used=False))
    dialog.service_panel.show_state(ServiceState("http://127.0.0.1:8502/", "", "t"))
    result = ResultWindow(settings, previews)
    result.show_snip(Snip(numbered_image(30, 10), latex="x", confidence=0.5))
    result.show_copied()
    notice = ResultNotice(previews)
    notice.show_failure("")
    welcome = WelcomeWindow()
    welcome.show_hotkey("Ctrl+M")
    tray = TrayIcon()
    made = [
        main_window,
        dialog,
        result,
        notice,
        welcome,
        tray.menu,
        HistoryWindow(history, previews, settings),
        AboutDialog(),
        DesktopShortcutDialog(),
    ]
    for window in made:
        qtbot.addWidget(window)
        if not isinstance(window, QMenu):
            window.show()
    yield made
    history.close()


def words_of(widget: QWidget) -> Iterator[str]:
    """What a widget says: to eyes, under the mouse, and to a screen reader."""
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.statusTip())
    if widget.isWindow():
        yield widget.windowTitle()
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(index) for index in range(widget.count()))
    if isinstance(widget, QListWidget):
        yield from (widget.item(row).text() for row in range(widget.count()))
    if isinstance(widget, QMenu):
        yield widget.title()
    for action in widget.actions():
        yield action.text()


def test_no_window_goes_round_the_translations(windows: list[QWidget]) -> None:
    # What was never given to the translators would be English for everyone.
    seen = 0
    for window in windows:
        for widget in [window, *window.findChildren(QWidget)]:
            if type(widget).__name__.startswith(("QTable", "QHeader")) or widget.objectName().startswith("qt_"):
                continue
            for words in words_of(widget):
                plain = re.sub(r"⟦[^⟦⟧]*⟧", "", re.sub(r"⟦[^⟦⟧]*⟧", "", words)).strip()
                assert NO_WORDS.fullmatch(plain), (type(window).__name__, type(widget).__name__, words)
                seen += "⟦" in words
    assert seen > 80


@pytest.mark.parametrize(("language", "word"), [(Language.RUSSIAN, "Настройки"), (Language.CHINESE, "设置")])
def test_windows_speak_the_language_chosen(
    qtbot: QtBot, qapp: QApplication, settings: Settings, language: Language, word: str
) -> None:
    before, translators = QLocale(), set(qapp.findChildren(QTranslator))
    install_translation(qapp, language)
    try:
        window = MainWindow(settings)
        qtbot.addWidget(window)
        assert window.settings_button.text() == word
        # Qt's own dialogs too.
        assert QCoreApplication.translate("QPlatformTheme", "Cancel") != "Cancel"
        assert translated("The preview does not know \\foo.") != "The preview does not know \\foo."
        assert "\\foo" in translated("The preview does not know \\foo.")
    finally:
        for translator in set(qapp.findChildren(QTranslator)) - translators:
            qapp.removeTranslator(translator)
        QLocale.setDefault(before)


def test_plurals_of_english() -> None:
    forms = {source: forms for _, source, forms in messages("en")}
    assert forms["%n day(s)"] == ["%n day", "%n days"]


@pytest.mark.parametrize("latex", ["", r"\frac{a}{b", "a & b", "a}", "x\\", r"\nosuchcommand", "a $ b", "x" * 6001])
def test_sentences_of_the_model_are_known(marking: None, latex: str) -> None:
    # Each of them can stand where the preview would be.
    for formula_format in (FormulaFormat.SVG, FormulaFormat.MATHML, FormulaFormat.TYPST):
        with pytest.raises(FormatError) as refusal:
            write_formula(latex, formula_format)
        assert translated(str(refusal.value)).startswith("⟦"), refusal.value
