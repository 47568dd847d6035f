"""Shortcuts by the place of their key: Ctrl+C is the same key where it types с, ψ or ש.

Qt finds the Latin letter of a key itself where the desktop has a Latin layout beside the other; where it has none, the
place of the key tells it, as on most keyboards.
"""

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

# The scan codes of the letters' rows, as X11 and Windows count them.
_FIRST_CODES = {"linux": (24, 38, 52), "win32": (0x10, 0x1E, 0x2C)}
_ROWS = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_KEYS = {
    first + place: Qt.Key(ord(letter))
    for first, row in zip(_FIRST_CODES.get(sys.platform, ()), _ROWS, strict=False)
    for place, letter in enumerate(row)
}


def with_latin_key(event: QKeyEvent) -> QKeyEvent:
    """The same event; one with Ctrl whose key types no Latin letter has the one of its place."""
    is_command = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    key = _KEYS.get(event.nativeScanCode())
    if not is_command or key is None or event.key() < 0x80 or event.key() >= Qt.Key.Key_Escape:
        return event
    return QKeyEvent(event.type(), key, event.modifiers(), "", event.isAutoRepeat(), event.count())
