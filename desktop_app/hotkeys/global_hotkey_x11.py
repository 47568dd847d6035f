"""The hotkey on X11: a passive key grab on the root window.

A grab, unlike listening to every key typed on the desktop, wakes us for our key alone and keeps it from the program
that has the focus. It is by key code, so it works in every keyboard layout; where no layout has the letter, as with
Russian alone, it is the key that has it on most keyboards. Caps Lock and Num Lock are modifiers to X,
so each combination of them is grabbed as well.

An open menu or drop-down of ours has grabbed the whole keyboard, and the server gives no passive grab anything then;
OwnPopupKeys finds the hotkey among the keys that such a menu is sent.
"""

import ctypes
import itertools
import logging
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QSocketNotifier, Qt, QTimer
from PySide6.QtWidgets import QApplication
from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import BadAccess, CatchError, DisplayError
from Xlib.protocol.event import MappingNotify

from desktop_app.hotkeys.hotkey_error import HotkeyError
from desktop_app.hotkeys.keysym_names import keysym_name

logger = logging.getLogger(__name__)

_MASKS = {
    Qt.KeyboardModifier.ShiftModifier: X.ShiftMask,
    Qt.KeyboardModifier.ControlModifier: X.ControlMask,
    Qt.KeyboardModifier.AltModifier: X.Mod1Mask,
    Qt.KeyboardModifier.MetaModifier: X.Mod4Mask,
}
_LOCKS = (X.LockMask, X.Mod2Mask)  # Caps Lock, Num Lock
# The codes of the keys by the rows of a keyboard, as Linux and X11 count them since 2009.
_CODES = {
    letter: first + place
    for first, letters in ((10, "1234567890"), (24, "qwertyuiop"), (38, "asdfghjkl"), (52, "zxcvbnm"))
    for place, letter in enumerate(letters)
}
_EVENT_BYTES = 32
_STATE = slice(28, 30)  # of a key event, the modifiers that are down


class OwnPopupKeys(QAbstractNativeEventFilter):
    """Looks at the keys that come while a menu or a drop-down of ours is open."""

    def __init__(self, is_hotkey: Callable[[int, int], bool], on_press: Callable[[], None]) -> None:
        super().__init__()
        self._is_hotkey = is_hotkey
        self._on_press = on_press

    def nativeEventFilter(self, _kind: QByteArray | bytes | bytearray | memoryview, message: int) -> tuple[bool, int]:
        """Keep the hotkey from the menu; every other event goes its way."""
        if QApplication.activePopupWidget() is None:
            return False, 0
        event = ctypes.string_at(int(message), _EVENT_BYTES)
        # The highest bit says that a program, not the keyboard, has sent it.
        if event[0] & 0x7F != X.KeyPress or not self._is_hotkey(event[1], int.from_bytes(event[_STATE], "little")):
            return False, 0
        QTimer.singleShot(0, self._on_press)
        return True, 0


class X11Hotkey:
    """One grabbed key; the callback runs on the thread that made it, from Qt's event loop."""

    def __init__(self, modifiers: Qt.KeyboardModifier, key: Qt.Key, on_press: Callable[[], None]) -> None:
        try:
            self._display = Display()
        except (DisplayError, OSError) as error:
            raise HotkeyError(
                QCoreApplication.translate(
                    "X11Hotkey", "The X server took no second connection, so there is no global hotkey."
                )
            ) from error
        self._root = self._display.screen().root
        self._on_press = on_press
        self._name = keysym_name(key)
        self._mask = sum(mask for modifier, mask in _MASKS.items() if modifiers & modifier)
        self._grabbed: list[int] = []
        try:
            self._grab()
        except HotkeyError:
            self._display.close()
            raise
        self._notifier = QSocketNotifier(self._display.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read_events)
        self._popup_keys = OwnPopupKeys(self._is_hotkey, on_press)
        _application().installNativeEventFilter(self._popup_keys)

    def close(self) -> None:
        """Give the key back."""
        _application().removeNativeEventFilter(self._popup_keys)
        self._notifier.setEnabled(False)
        self._display.close()  # the server ends a client's grabs with its connection

    def _grab(self) -> None:
        codes = {code for code, _ in self._display.keysym_to_keycodes(XK.string_to_keysym(self._name))}
        # A layout without the letter has the key all the same: where it was, or where it is on most keyboards.
        usual = [_CODES[self._name]] if self._name in _CODES else []
        self._grabbed = sorted(codes) or self._grabbed or usual
        if not self._grabbed:
            raise HotkeyError(
                QCoreApplication.translate("X11Hotkey", "This keyboard has no such key, so there is no global hotkey.")
            )
        refused = CatchError(BadAccess)
        for code, locks in itertools.product(self._grabbed, _lock_combinations()):
            self._root.grab_key(code, self._mask | locks, True, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
        self._display.sync()
        if refused.get_error():
            raise HotkeyError(
                QCoreApplication.translate(
                    "X11Hotkey", "Another program has this hotkey already; choose another one in the settings."
                )
            )

    def _is_hotkey(self, code: int, state: int) -> bool:
        modifiers = sum(_MASKS.values())
        return code in self._grabbed and state & modifiers == self._mask

    def _grab_again(self, event: MappingNotify) -> None:
        """The keyboard has a new layout, in which the key may have a new code."""
        self._display.refresh_keyboard_mapping(event)
        for code, locks in itertools.product(self._grabbed, _lock_combinations()):
            self._root.ungrab_key(code, self._mask | locks)
        try:
            self._grab()
        except HotkeyError as error:
            logger.warning("The hotkey was lost with the keyboard's old layout: %s", error)

    def _read_events(self) -> None:
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type == X.KeyPress and event.detail in self._grabbed:
                # The grab lasts until the key is up and would keep the overlay from Esc.
                self._display.ungrab_keyboard(X.CurrentTime)
                self._display.flush()
                self._on_press()
            elif event.type == X.MappingNotify:
                self._grab_again(event)


def _application() -> QCoreApplication:
    return cast("QCoreApplication", QCoreApplication.instance())


def _lock_combinations() -> list[int]:
    return [sum(locks) for count in range(len(_LOCKS) + 1) for locks in itertools.combinations(_LOCKS, count)]
