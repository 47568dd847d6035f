"""Shortcuts by the place of their key: Ctrl+C is the same key where it types с, ψ or ש.

Qt finds the Latin letter of a key itself where the desktop has a Latin layout beside the other; where it has none, the
place of the key tells it, as on most keyboards.
"""

import sys

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

# The scan codes of the letters' rows, as X11 and Windows count them.
_FIRST_CODES = {"linux": (24, 38, 52), "win32": (0x10, 0x1E, 0x2C)}
_ROWS = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_KEYS = {
    first + place: Qt.Key(ord(letter))
    for first, row in zip(_FIRST_CODES.get(sys.platform, ()), _ROWS, strict=False)
    for place, letter in enumerate(row)
}


class KeyPositions(QObject):
    """Gives each window of the program the keys of its shortcuts, by their place, while it has the focus."""

    def __init__(self, qt: QGuiApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._window: QWindow | None = None
        qt.focusWindowChanged.connect(self._watch)

    @Slot(QWindow)
    def _watch(self, window: QWindow | None) -> None:
        if self._window is not None:
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            # A filter of the application would see each event of each widget.
            window.installEventFilter(self)
            window.destroyed.connect(self._forget)

    @Slot()
    def _forget(self) -> None:
        self._window = None

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Find the shortcut of a key that Qt does not know, and give it to the fields by its Latin name."""
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if event.type() not in kinds or not isinstance(event, QKeyEvent):
            return False
        latin = with_latin_key(event)
        if latin is event:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # Qt is not to look for a shortcut of the letter that it types
            return True
        window = QApplication.activeModalWidget() or QApplication.activeWindow()
        if not (window is not None and _trigger(window, latin)):
            QApplication.sendEvent(QApplication.focusWidget() or watched, latin)
        return True


def with_latin_key(event: QKeyEvent) -> QKeyEvent:
    """The same event; one with Ctrl whose key types no Latin letter has the one of its place."""
    is_command = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    key = _KEYS.get(event.nativeScanCode())
    if not is_command or key is None or event.key() < 0x80 or event.key() >= Qt.Key.Key_Escape:
        return event
    return QKeyEvent(event.type(), key, event.modifiers(), "", event.isAutoRepeat(), event.count())


def _trigger(window: QWidget, pressed: QKeyEvent) -> bool:
    """Do what a shortcut of the window does; returns whether there is such a shortcut.

    A field that has the focus comes first with the keys it knows, such as those that paste.
    """
    field = QApplication.focusWidget()
    keys = QKeySequence(pressed.keyCombination())
    probe = QKeyEvent(QEvent.Type.ShortcutOverride, pressed.key(), pressed.modifiers())
    probe.ignore()
    if field is not None:
        QApplication.sendEvent(field, probe)
        if probe.isAccepted():
            return False
    for shortcut in window.findChildren(QShortcut):
        if shortcut.isEnabled() and any(keys == one for one in shortcut.keys()):  # noqa: SIM118
            shortcut.activated.emit()
            return True
    for button in window.findChildren(QAbstractButton):
        if button.isEnabled() and button.shortcut() == keys:
            button.click()
            return True
    return False
