"""What can be a hotkey; that it works is tested on a real X server, in test_on_x11.py."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.hotkeys.global_hotkey import GlobalHotkey, parse_hotkey, shown_hotkey
from desktop_app.hotkeys.hotkey_error import HotkeyError

pytestmark = pytest.mark.gui


def test_default_is_understood(qtbot: QtBot) -> None:
    modifiers, key = parse_hotkey("Ctrl+Alt+M")
    assert modifiers == Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    assert key == Qt.Key.Key_M


@pytest.mark.parametrize("hotkey", ["", "nonsense", "M", "Shift+M", "Ctrl+K, Ctrl+M", "Ctrl+Alt+Nothing"])
def test_what_is_no_hotkey_is_refused_in_a_sentence(qtbot: QtBot, hotkey: str) -> None:
    # A letter alone would be taken from every program; a settings file may hold anything.
    with pytest.raises(HotkeyError, match=r"“.*\.$"):
        parse_hotkey(hotkey)


def test_desktop_without_hotkeys_says_what_to_do(qtbot: QtBot) -> None:
    # On Wayland the way to a hotkey is the desktop's own settings.
    with pytest.raises(HotkeyError, match="snaptex snip"):
        GlobalHotkey().register("Ctrl+Alt+M")


def test_hotkey_is_shown_readably(qtbot: QtBot) -> None:
    assert shown_hotkey("Ctrl+Alt+M") == "Ctrl + Alt + M"
