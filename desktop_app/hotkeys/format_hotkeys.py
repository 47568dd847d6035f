"""Hotkeys that each begin a snip whose formula is copied in a format of its own, whatever format was used last."""

import logging
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from desktop_app.hotkeys.global_hotkey import GlobalHotkey
from desktop_app.hotkeys.hotkey_error import HotkeyError
from desktop_app.snips.copy_format import CopyFormat

logger = logging.getLogger(__name__)


class FormatHotkeys(QObject):
    """As many as the user has set.

    Signals:
        pressed(CopyFormat): The user pressed the hotkey of this format.
        refused(str, str): A hotkey that can't be had, and one sentence why.
    """

    pressed = Signal(CopyFormat)
    refused = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._hotkeys: list[GlobalHotkey] = []

    def register(self, formats: Mapping[str, CopyFormat]) -> None:
        """Take these hotkeys, such as "Ctrl+Alt+T", in place of the ones before."""
        self.unregister()
        for keys, copy_format in formats.items():
            hotkey = GlobalHotkey()
            hotkey.pressed.connect(lambda copy_format=copy_format: self.pressed.emit(copy_format))
            try:
                hotkey.register(keys)
            except HotkeyError as error:
                logger.warning("No hotkey %s for %s: %s", keys, copy_format.value, error)
                self.refused.emit(keys, str(error))
            else:
                self._hotkeys.append(hotkey)

    def unregister(self) -> None:
        """Give them back."""
        for hotkey in self._hotkeys:
            hotkey.unregister()
        self._hotkeys.clear()
