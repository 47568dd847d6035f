"""The program's hotkeys: one begins a snip, one takes the last region again; each can be off.

X11, Windows and macOS give each key to the program. On Wayland the desktop keeps the keys, and is asked for both at
once through its portal; where it has none, a shortcut of the desktop's own runs `snaptex snip`.
"""

import logging
from collections.abc import Mapping
from enum import Enum

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from desktop_app.global_hotkey import GlobalHotkey, HotkeyError, parse_hotkey, shown_hotkey

logger = logging.getLogger(__name__)


class HotkeyAction(Enum):
    """What a hotkey does; the value is its name for the desktop."""

    SNIP = "snip"
    REPEAT = "repeat"


class Hotkeys(QObject):
    """Both hotkeys.

    Signals:
        pressed(HotkeyAction): The person pressed one, whatever program has the focus.
        taken(HotkeyAction, str): It works; the text is how it is written here.
        refused(HotkeyAction, str): It doesn't, and one sentence why; empty for one that is off.
    """

    pressed = Signal(HotkeyAction)
    taken = Signal(HotkeyAction, str)
    refused = Signal(HotkeyAction, str)

    def __init__(self) -> None:
        super().__init__()
        self._hotkeys = {action: GlobalHotkey() for action in HotkeyAction}
        for action, hotkey in self._hotkeys.items():
            hotkey.pressed.connect(lambda action=action: self.pressed.emit(action))

    def register(self, chosen: Mapping[HotkeyAction, str]) -> None:
        """Take these hotkeys, such as "Ctrl+Alt+M", in place of the ones before; an empty one is off."""
        self.unregister()
        taken: set[tuple[Qt.KeyboardModifier, Qt.Key]] = set()
        for action, hotkey in chosen.items():
            if not hotkey:
                self.refused.emit(action, "")
                continue
            try:
                combination = parse_hotkey(hotkey)
                _refuse_twice(combination, taken)
                self._hotkeys[action].register(hotkey)
            except HotkeyError as error:
                logger.warning("No hotkey %s: %s", hotkey, error)
                self.refused.emit(action, str(error))
            else:
                taken.add(combination)
                self.taken.emit(action, shown_hotkey(hotkey))

    def unregister(self) -> None:
        """Give the hotkeys back."""
        for hotkey in self._hotkeys.values():
            hotkey.unregister()


def _refuse_twice(
    combination: tuple[Qt.KeyboardModifier, Qt.Key], taken: set[tuple[Qt.KeyboardModifier, Qt.Key]]
) -> None:
    if combination in taken:
        raise HotkeyError(
            QCoreApplication.translate("Hotkeys", "This is the other hotkey already; choose another one.")
        )
