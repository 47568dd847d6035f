"""The names that X11 and Wayland desktops have for keys."""

from PySide6.QtCore import QCoreApplication, Qt

from desktop_app.hotkeys.hotkey_error import HotkeyError

_NAMED_KEYS = {Qt.Key.Key_Space: "space", Qt.Key.Key_Print: "Print", Qt.Key.Key_Insert: "Insert"}


def keysym_name(key: Qt.Key) -> str:
    """The name of a key, such as "m" or "F9".

    Raises:
        HotkeyError: It is no key for a hotkey.
    """
    if key in _NAMED_KEYS:
        return _NAMED_KEYS[key]
    if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35:
        return f"F{key - Qt.Key.Key_F1 + 1}"
    if Qt.Key.Key_0 <= key <= Qt.Key.Key_9 or Qt.Key.Key_A <= key <= Qt.Key.Key_Z:
        return chr(key).lower()
    raise HotkeyError(
        QCoreApplication.translate(
            "GlobalHotkey", "A hotkey ends in a letter, a digit, Space, Insert, Print or a function key."
        )
    )
