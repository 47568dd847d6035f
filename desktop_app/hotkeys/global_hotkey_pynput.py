"""The hotkey on Windows and macOS: pynput's keyboard listener, which runs on a thread of its own.

macOS lets a program listen only after the user has allowed it under Privacy & Security, Accessibility.
"""

import sys
from collections.abc import Callable

from pynput import keyboard
from PySide6.QtCore import QCoreApplication, Qt

from desktop_app.hotkeys.hotkey_error import HotkeyError

# Qt calls the Command key of macOS Control, and Control Meta.
_ON_MACOS = sys.platform == "darwin"
_NAMES = {
    Qt.KeyboardModifier.ShiftModifier: "<shift>",
    Qt.KeyboardModifier.ControlModifier: "<cmd>" if _ON_MACOS else "<ctrl>",
    Qt.KeyboardModifier.AltModifier: "<alt>",
    Qt.KeyboardModifier.MetaModifier: "<ctrl>" if _ON_MACOS else "<cmd>",
}
_NAMED_KEYS = {
    Qt.Key.Key_Space: "<space>",
    Qt.Key.Key_Print: "<print_screen>",
    Qt.Key.Key_Insert: "<insert>",
}


class PynputHotkey:
    """One watched combination; the callback runs on the listener's thread and may only emit a signal."""

    def __init__(self, modifiers: Qt.KeyboardModifier, key: Qt.Key, on_press: Callable[[], None]) -> None:
        names = [name for modifier, name in _NAMES.items() if modifiers & modifier]
        try:
            self._listener = keyboard.GlobalHotKeys({"+".join([*names, _key_name(key)]): on_press})
        except ValueError as error:
            raise HotkeyError(
                QCoreApplication.translate("PynputHotkey", "A hotkey ends in a letter, a digit or a function key.")
            ) from error
        self._listener.start()

    def close(self) -> None:
        """Stop listening."""
        self._listener.stop()


def _key_name(key: Qt.Key) -> str:
    if key in _NAMED_KEYS:
        return _NAMED_KEYS[key]
    if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35:
        return f"<f{key - Qt.Key.Key_F1 + 1}>"
    return chr(key).lower()
