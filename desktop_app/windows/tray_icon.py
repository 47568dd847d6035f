"""The icon in the tray: the program's face while no window is open."""

from enum import Enum

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop_app.system.bundled_resources import icon_path


class TrayState(Enum):
    """What the icon says; the value names its image."""

    READY = "snaptex"
    BUSY = "tray-busy"
    ERROR = "tray-error"


class TrayIcon(QObject):
    """The icon and its menu.

    Signals:
        snip_requested: The icon was clicked, or Snip chosen.
        delayed_snip_requested: A snip after the countdown is wanted.
        repeat_requested: The last region is wanted again.
        window_requested: The main window is wanted.
        history_requested: The window of the history is wanted.
        settings_requested: The dialog of the settings is wanted.
        about_requested: The dialog about the program is wanted.
        quit_requested: The program is to end.
    """

    snip_requested = Signal()
    delayed_snip_requested = Signal()
    repeat_requested = Signal()
    window_requested = Signal()
    history_requested = Signal()
    settings_requested = Signal()
    about_requested = Signal()
    quit_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.menu = QMenu()
        self.menu.addAction(self.tr("Snip a formula"), self.snip_requested.emit)
        self.menu.addAction(self.tr("Snip in 3 seconds"), self.delayed_snip_requested.emit)
        self.menu.addAction(self.tr("Snip the last region again"), self.repeat_requested.emit)
        self.menu.addAction(self.tr("Open Snaptex"), self.window_requested.emit)
        self.menu.addAction(self.tr("History"), self.history_requested.emit)
        self.menu.addAction(self.tr("Settings"), self.settings_requested.emit)
        self.menu.addAction(self.tr("About"), self.about_requested.emit)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("Quit"), self.quit_requested.emit)
        self._icon = QSystemTrayIcon()
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._activate)
        self.show_state(TrayState.BUSY, self.tr("Snaptex is starting"))

    @staticmethod
    def is_available() -> bool:
        """Whether this desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        """Put the icon into the tray."""
        self._icon.show()

    def hide(self) -> None:
        """Take the icon out of the tray."""
        self._icon.hide()

    def show_state(self, state: TrayState, words: str) -> None:
        """Say in image and words how the program is."""
        self.state = state
        self._icon.setIcon(QIcon(str(icon_path(state.value))))
        self._icon.setToolTip(words)

    def show_message(self, sentence: str) -> None:
        """Say something once, in the desktop's own way."""
        if self._icon.isVisible():
            self._icon.showMessage("Snaptex", sentence, self._icon.icon())

    def _activate(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.snip_requested.emit()
