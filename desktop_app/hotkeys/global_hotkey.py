"""A hotkey that works while any other program has the focus.

No desktop-independent way to one exists: X11 has key grabs, Windows and macOS a keyboard listener, Wayland gives
programs none, and its people bind `snaptex snip` to a key in their desktop's settings.
"""

import logging
import sys
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence

from desktop_app.hotkeys.hotkey_error import HotkeyError

logger = logging.getLogger(__name__)


class HotkeyBackend(Protocol):
    """One platform's way to a hotkey. Its module is imported only where it is used."""

    def close(self) -> None:
        """Give the key back."""


class GlobalHotkey(QObject):
    """The hotkey of the desktop.

    Signals:
        pressed: The user pressed it, whatever program has the focus.
    """

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._backend: HotkeyBackend | None = None

    def register(self, hotkey: str) -> None:
        """Take a hotkey, such as "Ctrl+Alt+M", in place of the one before.

        Raises:
            HotkeyError: It can't be had.
        """
        self.unregister()
        modifiers, key = parse_hotkey(hotkey)
        platform = QGuiApplication.platformName()
        if platform == "xcb":
            from desktop_app.hotkeys.global_hotkey_x11 import X11Hotkey

            self._backend = X11Hotkey(modifiers, key, self.pressed.emit)
        elif platform in ("windows", "cocoa"):
            from desktop_app.hotkeys.global_hotkey_pynput import PynputHotkey

            self._backend = PynputHotkey(modifiers, key, self.pressed.emit)
        else:
            raise HotkeyError(
                QCoreApplication.translate(
                    "GlobalHotkey",
                    "This desktop gives programs no global hotkey; bind a key to the command “snaptex snip” "
                    "in its keyboard settings.",
                )
            )
        logger.info("The hotkey is %s.", hotkey)

    def unregister(self) -> None:
        """Give the hotkey back."""
        if self._backend is not None:
            self._backend.close()
            self._backend = None


def parse_hotkey(hotkey: str) -> tuple[Qt.KeyboardModifier, Qt.Key]:
    """The modifiers and the key of a portable key sequence.

    Raises:
        HotkeyError: It is no sequence of one key with a modifier.
    """
    sequence = QKeySequence(hotkey, QKeySequence.SequenceFormat.PortableText)
    if sequence.count() != 1:
        raise HotkeyError(_no_hotkey(hotkey))
    combination: QKeyCombination = sequence[0]  # type: ignore[index]  # PySide's stubs know no index
    if combination.key() == Qt.Key.Key_unknown:
        raise HotkeyError(_no_hotkey(hotkey))
    strong = combination.keyboardModifiers() & ~Qt.KeyboardModifier.ShiftModifier
    is_function_key = Qt.Key.Key_F1 <= combination.key() <= Qt.Key.Key_F35
    if not strong and not is_function_key and combination.key() != Qt.Key.Key_Print:
        raise HotkeyError(
            QCoreApplication.translate(
                "GlobalHotkey", "“{hotkey}” would be typed by accident; a hotkey needs Ctrl, Alt or Meta."
            ).format(hotkey=hotkey)
        )
    return combination.keyboardModifiers(), combination.key()


def shown_hotkey(hotkey: str) -> str:
    """A hotkey as this platform writes it: ⌘ and ⌥ on macOS."""
    text = QKeySequence(hotkey, QKeySequence.SequenceFormat.PortableText).toString(
        QKeySequence.SequenceFormat.NativeText
    )
    return text if sys.platform == "darwin" else text.replace("+", " + ")


def _no_hotkey(hotkey: str) -> str:
    sentence = QCoreApplication.translate("GlobalHotkey", "“{hotkey}” is no hotkey; one looks like Ctrl+Alt+M.")
    return sentence.format(hotkey=hotkey)
