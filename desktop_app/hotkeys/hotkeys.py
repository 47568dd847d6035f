"""The program's hotkeys: one begins a snip, one takes the last region again; each can be off.

X11, Windows and macOS give each key to the program. On Wayland the desktop keeps the keys, and is asked for both at
once through its portal; where it has none, a shortcut of the desktop's own runs `snaptex snip`.
"""

import logging
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from desktop_app.hotkeys.global_hotkey import GlobalHotkey, parse_hotkey, shown_hotkey
from desktop_app.hotkeys.hotkey_error import HotkeyError
from desktop_app.system.desktop_portal import is_wayland_session

if TYPE_CHECKING:
    from desktop_app.hotkeys.wayland_shortcut import WaylandShortcuts

logger = logging.getLogger(__name__)

_Combination = tuple[Qt.KeyboardModifier, Qt.Key]


class HotkeyAction(Enum):
    """What a hotkey does; the value is its name for the desktop."""

    SNIP = "snip"
    REPEAT = "repeat"


class Hotkeys(QObject):
    """Both hotkeys.

    Signals:
        pressed(HotkeyAction): The user pressed one, whatever program has the focus.
        taken(HotkeyAction, str): It works; the text is how it is written here.
        refused(HotkeyAction, str): It doesn't, and one sentence why; empty for one that is off.
        desktop_shortcut_needed: This desktop gives programs no hotkeys at all.
    """

    pressed = Signal(HotkeyAction)
    taken = Signal(HotkeyAction, str)
    refused = Signal(HotkeyAction, str)
    desktop_shortcut_needed = Signal()

    def __init__(self, shortcuts: "WaylandShortcuts | None" = None) -> None:
        """Make them.

        Args:
            shortcuts: The desktop's portal; by default it is asked for where there is no other way.
        """
        super().__init__()
        self._chosen: dict[HotkeyAction, str] = {}
        self._hotkeys = {action: GlobalHotkey() for action in HotkeyAction}
        for action, hotkey in self._hotkeys.items():
            hotkey.pressed.connect(lambda action=action: self.pressed.emit(action))
        self._shortcuts = shortcuts or _desktops_shortcuts()
        if self._shortcuts is not None:
            self._shortcuts.pressed.connect(lambda name: self.pressed.emit(HotkeyAction(name)))
            self._shortcuts.bound.connect(self._follow_bound)
            self._shortcuts.unavailable.connect(self._follow_unavailable)

    def register(self, chosen: Mapping[HotkeyAction, str]) -> None:
        """Take these hotkeys, such as "Ctrl+Alt+M", in place of the ones before; an empty one is off."""
        self.unregister()
        combinations: set[_Combination] = set()
        for action, hotkey in chosen.items():
            if not hotkey:
                self.refused.emit(action, "")
                continue
            try:
                combination = parse_hotkey(hotkey)
                _refuse_twice(combination, combinations)
                if self._shortcuts is None:
                    self._hotkeys[action].register(hotkey)
            except HotkeyError as error:
                logger.warning("No hotkey %s: %s", hotkey, error)
                self.refused.emit(action, str(error))
            else:
                combinations.add(combination)
                self._chosen[action] = hotkey
                if self._shortcuts is None:
                    self.taken.emit(action, shown_hotkey(hotkey))
        if self._shortcuts is not None:
            self._bind(self._shortcuts)

    def unregister(self) -> None:
        """Give the hotkeys back."""
        self._chosen.clear()
        for hotkey in self._hotkeys.values():
            hotkey.unregister()
        if self._shortcuts is not None:
            self._shortcuts.close()

    def _bind(self, shortcuts: "WaylandShortcuts") -> None:
        from desktop_app.hotkeys.wayland_shortcut import WaylandShortcut

        descriptions = {
            HotkeyAction.SNIP: self.tr("Snip a formula"),
            HotkeyAction.REPEAT: self.tr("Snip the last region again"),
        }
        wishes = {}
        for action, hotkey in self._chosen.items():
            wishes[action.value] = WaylandShortcut(descriptions[action], hotkey)
        shortcuts.bind(wishes)

    def _follow_bound(self, keys: dict[str, str]) -> None:
        for action, hotkey in self._chosen.items():
            self.taken.emit(action, keys.get(action.value) or shown_hotkey(hotkey))

    def _follow_unavailable(self) -> None:
        sentence = self.tr("This desktop gives programs no hotkey; bind a key to Snaptex in its keyboard settings.")
        for action in self._chosen:
            self.refused.emit(action, sentence)
        self.desktop_shortcut_needed.emit()


def _desktops_shortcuts() -> "WaylandShortcuts | None":
    if not is_wayland_session():
        return None
    from desktop_app.hotkeys.wayland_shortcut import WaylandShortcuts

    return WaylandShortcuts()


def _refuse_twice(combination: _Combination, taken: set[_Combination]) -> None:
    if combination in taken:
        raise HotkeyError(
            QCoreApplication.translate("Hotkeys", "This is the other hotkey already; choose another one.")
        )
