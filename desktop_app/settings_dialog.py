"""The dialog of the settings: every choice is kept and followed at once, so it has no button to confirm."""

from enum import Enum
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop_app.copy_format import CopyFormat
from desktop_app.hotkey_field import HotkeyField
from desktop_app.hotkeys import HotkeyAction
from desktop_app.recogniser_panel import RecogniserPanel
from desktop_app.service_panel import ServicePanel
from desktop_app.settings import AfterSnip, Settings, Theme
from desktop_app.start_at_login import StartAtLoginError, set_start_at_login, starts_at_login

_THEMES = {Theme.SYSTEM: "As the system", Theme.LIGHT: "Light", Theme.DARK: "Dark"}
_AFTER_SNIP = {
    AfterSnip.WINDOW: "The result's window",
    AfterSnip.NOTICE: "A notice in the corner",
    AfterSnip.NOTHING: "Nothing",
}
_HISTORY_DAYS = (7, 30, 90, 365)
_WIDTH = 430
_Choice = TypeVar("_Choice", bound=Enum)


class SettingsDialog(QWidget):
    """Shows and changes the settings.

    Signals:
        hotkey_chosen: A hotkey has a new value.
    """

    hotkey_chosen = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.setWindowTitle("Snaptex: settings")
        self.hotkey_field = HotkeyField(self.tr("Hotkey"), width=_WIDTH - 140)
        self.repeat_hotkey_field = HotkeyField(self.tr("Last region again"), width=_WIDTH - 140)
        self.delay_box = QCheckBox(self.tr("Wait 3 seconds before a snip, to open a menu"))
        self.format_box = _choice_box({one: one.title for one in CopyFormat}, "Copy as")
        self.copy_box = QCheckBox("Copy each formula at once")
        self.after_box = _choice_box(_AFTER_SNIP, "After a snip, show")
        self.history_box = QCheckBox("Keep the formulas I snip, with their pictures")
        self.days_box = QComboBox()
        self.recogniser_panel = RecogniserPanel(settings, width=_WIDTH - 140)
        self.service_panel = ServicePanel(settings, width=_WIDTH - 140)
        self.theme_box = _choice_box(_THEMES, "Theme")
        self.login_box = QCheckBox("Start Snaptex when I log in")
        self.login_problem = QLabel()
        self._set_up_parts()
        self._lay_out()
        self._follow_settings()
        self._connect()

    def hotkey_field_of(self, action: HotkeyAction) -> HotkeyField:
        """The row of one hotkey."""
        return self.hotkey_field if action is HotkeyAction.SNIP else self.repeat_hotkey_field

    def _set_up_parts(self) -> None:
        self.days_box.setAccessibleName("Keep for")
        self.days_box.addItem("For ever", 0)
        for days in _HISTORY_DAYS:
            self.days_box.addItem(f"{days} days", days)
        self.login_problem.setProperty("role", "bad")
        self.login_problem.setWordWrap(True)
        self.login_problem.setFixedWidth(_WIDTH - 140)
        self.login_problem.hide()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(12)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        form.addRow(self.tr("Hotkey"), self.hotkey_field)
        form.addRow(self.tr("Last region again"), self.repeat_hotkey_field)
        form.addRow("", self.delay_box)
        form.addRow("Copy as", self.format_box)
        form.addRow("", self.copy_box)
        form.addRow("After a snip, show", self.after_box)
        form.addRow(_line())
        form.addRow("History", self.history_box)
        form.addRow("Keep for", self.days_box)
        form.addRow(_line())
        form.addRow(self.recogniser_panel)
        form.addRow(_line())
        form.addRow(self.service_panel)
        form.addRow(_line())
        form.addRow("Theme", self.theme_box)
        form.addRow("Start", self.login_box)
        form.addRow("", self.login_problem)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.addLayout(form)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)  # a problem makes the dialog taller

    def _connect(self) -> None:
        settings = self._settings
        self.hotkey_field.chosen.connect(lambda hotkey: self._choose_hotkey("hotkey", hotkey))
        self.repeat_hotkey_field.chosen.connect(lambda hotkey: self._choose_hotkey("repeat_hotkey", hotkey))
        self.delay_box.clicked.connect(lambda is_on: setattr(settings, "delays_snip", is_on))
        self.format_box.activated.connect(lambda: setattr(settings, "copy_format", self.format_box.currentData()))
        self.copy_box.clicked.connect(lambda is_on: setattr(settings, "copies_at_once", is_on))
        self.after_box.activated.connect(lambda: setattr(settings, "after_snip", self.after_box.currentData()))
        self.history_box.clicked.connect(lambda is_on: setattr(settings, "keeps_history", is_on))
        self.days_box.activated.connect(lambda: setattr(settings, "history_days", self.days_box.currentData()))
        self.theme_box.activated.connect(lambda: setattr(settings, "theme", self.theme_box.currentData()))
        self.login_box.clicked.connect(self._choose_login)
        settings.changed.connect(self._follow_settings)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def _choose_hotkey(self, setting: str, hotkey: str) -> None:
        setattr(self._settings, setting, hotkey)
        self.hotkey_chosen.emit()

    def _choose_login(self, is_on: bool) -> None:
        sentence = ""
        try:
            set_start_at_login(is_on)
        except StartAtLoginError as error:
            sentence = str(error)
        self.login_problem.setText(sentence)
        self.login_problem.setVisible(bool(sentence))
        self.login_box.setChecked(starts_at_login())

    def _follow_settings(self) -> None:
        settings = self._settings
        self.hotkey_field.show_hotkey(settings.hotkey)
        self.repeat_hotkey_field.show_hotkey(settings.repeat_hotkey)
        self.delay_box.setChecked(settings.delays_snip)
        self.format_box.setCurrentIndex(self.format_box.findData(settings.copy_format))
        self.copy_box.setChecked(settings.copies_at_once)
        self.after_box.setCurrentIndex(self.after_box.findData(settings.after_snip))
        self.history_box.setChecked(settings.keeps_history)
        if self.days_box.findData(settings.history_days) < 0:  # the file may hold any number
            self.days_box.addItem(f"{settings.history_days} days", settings.history_days)
        self.days_box.setCurrentIndex(self.days_box.findData(settings.history_days))
        self.theme_box.setCurrentIndex(self.theme_box.findData(settings.theme))

    # Qt overrides

    def showEvent(self, event: QShowEvent) -> None:
        """The entry at login may have been removed by other means."""
        super().showEvent(event)
        self.login_box.setChecked(starts_at_login())


def _choice_box(titles: dict[_Choice, str], name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for choice, title in titles.items():
        box.addItem(title, choice)
    return box


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    line.setFixedHeight(1)
    return line
