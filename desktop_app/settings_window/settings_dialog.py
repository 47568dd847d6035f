"""The dialog of the settings: every choice is kept and followed at once, so it has no button to confirm."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLayout, QListWidget, QPushButton, QStackedWidget, QWidget

from desktop_app.hotkeys.hotkeys import HotkeyAction
from desktop_app.settings.settings import AfterSnip, Language, Setting, Settings, Theme
from desktop_app.settings_window.format_hotkeys_field import FormatHotkeysField
from desktop_app.settings_window.hotkey_field import HotkeyField
from desktop_app.settings_window.recogniser_panel import RecogniserPanel
from desktop_app.settings_window.service_panel import ServicePanel
from desktop_app.settings_window.settings_form import SettingsForm, align_labels
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.widgets.layouts import row_of, text_label
from desktop_app.widgets.login_box import LoginBox
from desktop_app.widgets.setting_controls import SettingChoice, SettingSwitch

_HISTORY_DAYS = (0, 7, 30, 90, 365)
_FIELD_WIDTH = 330


class SettingsDialog(QWidget):
    """Shows and changes the settings, a page for each kind of them.

    Signals:
        hotkey_chosen: A hotkey has a new value.
        desktop_shortcut_requested: The user wants to know how to bind a key in the desktop's settings.
    """

    hotkey_chosen = Signal()
    desktop_shortcut_requested = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._language_at_start = settings.language
        self.setWindowTitle(self.tr("Snaptex: settings"))
        self.page_list = QListWidget()
        self.pages = QStackedWidget()
        self.hotkey_field = HotkeyField(self.tr("Hotkey"), width=_FIELD_WIDTH)
        self.repeat_hotkey_field = HotkeyField(self.tr("Last region again"), width=_FIELD_WIDTH)
        self.desktop_shortcut_button = QPushButton(self.tr("How to bind a key in the desktop…"))
        self.desktop_shortcut_button.hide()
        self.delay_box = SettingSwitch(
            settings, Settings.delays_snip, self.tr("Wait 3 seconds before a snip, to open a menu")
        )
        self.format_box = SettingChoice(
            settings, Settings.copy_format, list(CopyFormat), lambda one: one.title, name=self.tr("Copy as")
        )
        self.format_hotkeys_field = FormatHotkeysField(width=_FIELD_WIDTH)
        self.copy_box = SettingSwitch(settings, Settings.copies_at_once, self.tr("Copy each formula at once"))
        self.edits_box = SettingSwitch(
            settings, Settings.copies_edits, self.tr("Copy a formula again when I correct it")
        )
        self.numbers_box = SettingSwitch(
            settings, Settings.writes_numbers, self.tr("Write an equation's number as \\tag in displays")
        )
        after_snip = {
            AfterSnip.WINDOW: self.tr("The result's window"),
            AfterSnip.NOTICE: self.tr("A notice in the corner"),
            AfterSnip.NOTHING: self.tr("Nothing"),
        }
        self.after_box = SettingChoice(
            settings, Settings.after_snip, list(after_snip), after_snip.__getitem__, name=self.tr("After a snip, show")
        )
        self.notifications_box = SettingSwitch(
            settings, Settings.shows_notifications, self.tr("Show messages of the tray icon")
        )
        self.history_box = SettingSwitch(
            settings, Settings.keeps_history, self.tr("Keep the formulas I snip, with their pictures")
        )
        self.days_box = SettingChoice(
            settings, Settings.history_days, _HISTORY_DAYS, self._title_of_days, name=self.tr("Keep for")
        )
        self.recogniser_panel = RecogniserPanel(settings, width=_FIELD_WIDTH)
        self.service_panel = ServicePanel(settings, width=_FIELD_WIDTH)
        themes = {
            Theme.SYSTEM: self.tr("As the system"),
            Theme.LIGHT: self.tr("Light"),
            Theme.DARK: self.tr("Dark"),
        }
        self.theme_box = SettingChoice(
            settings, Settings.theme, list(themes), themes.__getitem__, name=self.tr("Theme")
        )
        self.language_box = SettingChoice(
            settings,
            Settings.language,
            list(Language),
            lambda one: one.own_name or self.tr("As the system"),
            name=self.tr("Language"),
        )
        next_start = self.tr("Snaptex speaks it from its next start on.")
        self.language_remark = text_label(next_start, "remark", width=_FIELD_WIDTH)
        self.login_box = LoginBox(self.tr("Start Snaptex when I log in"), width=_FIELD_WIDTH)
        self._set_up_parts()
        self._lay_out()
        self._follow_settings()
        self._connect()

    def hotkey_field_of(self, action: HotkeyAction) -> HotkeyField:
        """The row of one hotkey."""
        return self.hotkey_field if action is HotkeyAction.SNIP else self.repeat_hotkey_field

    def _set_up_parts(self) -> None:
        self.page_list.setAccessibleName(self.tr("Pages"))
        self.page_list.setProperty("role", "pages")
        self.page_list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.language_remark.hide()

    def _lay_out(self) -> None:
        snip = form = self._add_page(self.tr("Snip"))
        form.add(self.tr("Hotkey"), self.hotkey_field)
        form.add(self.tr("Last region again"), self.repeat_hotkey_field)
        form.add("", self.desktop_shortcut_button)
        form.add("", self.delay_box)
        result = form = self._add_page(self.tr("Result"))
        form.add(self.tr("Copy as"), self.format_box)
        form.add("", self.copy_box)
        form.add("", self.edits_box)
        form.add("", self.numbers_box)
        form.add(self.tr("Other formats"), self.format_hotkeys_field)
        form.add(self.tr("After a snip, show"), self.after_box)
        form.add(self.tr("Messages"), self.notifications_box)
        history = form = self._add_page(self.tr("History"))
        form.add(self.tr("History"), self.history_box)
        form.add(self.tr("Keep for"), self.days_box)
        self._show_page(self.tr("Recogniser"), self.recogniser_panel)
        self._show_page(self.tr("Service"), self.service_panel)
        program = form = self._add_page(self.tr("Program"))
        form.add(self.tr("Theme"), self.theme_box)
        form.add(self.tr("Language"), self.language_box)
        form.add("", self.language_remark)
        form.add(self.tr("Start"), self.login_box)
        form.add("", self.login_box.problem)
        align_labels([snip, result, history, program, self.recogniser_panel.form, self.service_panel.form])
        self.page_list.setFixedWidth(self.page_list.sizeHintForColumn(0) + 24)
        self.page_list.setCurrentRow(0)
        layout = row_of(self.page_list, (self.pages, 1), on=self, margins=(16, 16, 24, 16), spacing=20)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)  # a problem makes the dialog taller

    def _add_page(self, title: str) -> SettingsForm:
        page = QWidget()
        form = SettingsForm(page)
        self._show_page(title, page)
        return form

    def _show_page(self, title: str, page: QWidget) -> None:
        page.setContentsMargins(0, 8, 0, 8)
        self.pages.addWidget(page)
        self.page_list.addItem(title)

    def _connect(self) -> None:
        settings = self._settings
        self.page_list.currentRowChanged.connect(self.pages.setCurrentIndex)
        self.desktop_shortcut_button.clicked.connect(self.desktop_shortcut_requested)
        self.hotkey_field.chosen.connect(lambda hotkey: self._choose_hotkey(Settings.hotkey, hotkey))
        self.repeat_hotkey_field.chosen.connect(lambda hotkey: self._choose_hotkey(Settings.repeat_hotkey, hotkey))
        self.format_hotkeys_field.chosen.connect(self._choose_format_hotkeys)
        settings.changed.connect(self._follow_settings)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def _choose_hotkey(self, setting: Setting[str], hotkey: str) -> None:
        setting.change(self._settings, hotkey)
        self.hotkey_chosen.emit()

    def _choose_format_hotkeys(self, table: dict[str, CopyFormat]) -> None:
        self.format_hotkeys_field.show_problem("")
        self._settings.format_hotkeys = table
        self.hotkey_chosen.emit()

    def _title_of_days(self, days: int) -> str:
        return self.tr("%n day(s)", "", days) if days else self.tr("For ever")

    def _follow_settings(self) -> None:
        settings = self._settings
        self.hotkey_field.show_hotkey(settings.hotkey)
        self.repeat_hotkey_field.show_hotkey(settings.repeat_hotkey)
        self.format_hotkeys_field.show_table(settings.format_hotkeys)
        self.language_remark.setVisible(settings.language is not self._language_at_start)
