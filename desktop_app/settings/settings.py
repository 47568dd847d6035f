"""Settings: what the user chose, kept in one ini file where the platform keeps settings.

Whatever stands in the file, reading never fails: a value that can't be understood counts as not set, and a file that
can't be read is set aside.
"""

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Generic, TypeVar, overload

import platformdirs
from PySide6.QtCore import QObject, QSettings, Signal

from desktop_app.settings.recogniser_options import Device
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.system.private_files import make_private, make_private_folder

logger = logging.getLogger(__name__)

Value = TypeVar("Value")

MAXIMUM_HISTORY_DAYS = 3650
MAXIMUM_IDLE_MINUTES = 1440
LOWEST_PORT, HIGHEST_PORT = 1024, 65535  # those below are the system's


class Theme(Enum):
    """Which colours the windows have."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class AfterSnip(Enum):
    """What is shown once a formula was read."""

    WINDOW = "window"
    NOTICE = "notice"
    NOTHING = "nothing"


class Language(Enum):
    """What the windows speak; the value is the name of its translation."""

    SYSTEM = "system"
    ENGLISH = "en"
    CHINESE = "zh_CN"
    RUSSIAN = "ru"

    @property
    def own_name(self) -> str:
        """What those call it who look for it; empty for that of the system."""
        names = {Language.ENGLISH: "English", Language.CHINESE: "简体中文", Language.RUSSIAN: "Русский"}
        return names.get(self, "")


def _read_flag(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


def _number_between(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not lowest <= number <= highest:
            raise ValueError(text)
        return number

    return read


def _read_format_hotkeys(text: str) -> dict[str, CopyFormat]:
    """Read {"Ctrl+Alt+T": "typst"}: portable key sequences and formats, as JSON."""
    try:
        table = json.loads(text)
    except RecursionError as error:  # thousands of brackets
        raise ValueError(text[:80]) from error
    if not isinstance(table, dict):
        raise ValueError(text)  # noqa: TRY004 - like any other text that means nothing
    return {str(keys): CopyFormat(value) for keys, value in table.items()}


def _write(value: object) -> str:
    if isinstance(value, dict):
        return json.dumps({key: _write(one) for key, one in value.items()})
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.value) if isinstance(value, Enum) else str(value)


class Setting(Generic[Value]):
    """One typed property of Settings: its key in the file, its default, and how its text is read."""

    def __init__(self, key: str, default: Value, read: Callable[[str], Value]) -> None:
        self._key = key
        self._default = default
        self._read = read

    @overload
    def __get__(self, settings: None, owner: type) -> "Setting[Value]": ...
    @overload
    def __get__(self, settings: "Settings", owner: type) -> Value: ...
    def __get__(self, settings: "Settings | None", owner: type) -> "Value | Setting[Value]":
        return self if settings is None else self.value_in(settings)

    def __set__(self, settings: "Settings", value: Value) -> None:
        self.change(settings, value)

    def value_in(self, settings: "Settings") -> Value:
        """What the file has; the default where it has none, or one that means nothing."""
        text = settings.store.value(self._key)
        if text is None:
            return self._default
        try:
            return self._read(str(text))
        except (ValueError, KeyError):
            logger.warning("The setting %s has the value %r, which means nothing; using the default.", self._key, text)
            return self._default

    def change(self, settings: "Settings", value: Value) -> None:
        """Write a new value at once, and tell whoever follows the settings."""
        if self.value_in(settings) == value:
            return
        settings.store.setValue(self._key, _write(value))
        settings.save()
        settings.changed.emit()


class Settings(QObject):
    """Typed properties over an ini file.

    Signals:
        changed: Some setting has a new value.
    """

    changed = Signal()

    hotkey = Setting("hotkey", "Ctrl+Alt+M", str)  # a portable QKeySequence; empty for none
    repeat_hotkey = Setting("repeat_hotkey", "Ctrl+Alt+Shift+M", str)  # takes the last region again
    delays_snip = Setting("delays_snip", False, _read_flag)  # for menus
    portal_allows_screenshots = Setting("portal_allows_screenshots", False, _read_flag)  # without its dialog
    desktop_shortcut_explained = Setting("desktop_shortcut_explained", False, _read_flag)
    copy_format = Setting("copy_format", CopyFormat.LATEX, CopyFormat)
    # Each begins a snip that is copied in a format of its own.
    format_hotkeys: Setting[dict[str, CopyFormat]] = Setting("format_hotkeys", {}, _read_format_hotkeys)
    copies_at_once = Setting("copies_at_once", True, _read_flag)
    writes_numbers = Setting("writes_numbers", False, _read_flag)  # of equations, as \tag in displays
    copies_edits = Setting("copies_edits", False, _read_flag)  # the copied text follows what is typed
    theme = Setting("theme", Theme.SYSTEM, Theme)
    after_snip = Setting("after_snip", AfterSnip.WINDOW, AfterSnip)
    keeps_history = Setting("keeps_history", True, _read_flag)
    history_days = Setting("history_days", 0, _number_between(0, MAXIMUM_HISTORY_DAYS))  # 0 for ever
    device = Setting("device", Device.AUTO, Device)
    weights = Setting("weights", "", str)  # the file of a recogniser of the user's own; empty for the bundled one
    idle_minutes = Setting("idle_minutes", 15, _number_between(0, MAXIMUM_IDLE_MINUTES))  # 0 for never
    serves = Setting("serves", False, _read_flag)
    # That of pix2tex's service, for its editor plugins.
    service_port = Setting("service_port", 8502, _number_between(LOWEST_PORT, HIGHEST_PORT))
    shows_notifications = Setting("shows_notifications", True, _read_flag)
    language = Setting("language", Language.SYSTEM, Language)  # from the next start on
    result_place = Setting("result_place", "", str)  # of the result's window: left, top, width, height
    result_is_pinned = Setting("result_is_pinned", False, _read_flag)  # above the windows of other programs
    last_folder = Setting("last_folder", "", str)  # of images opened or a history exported
    has_been_welcomed = Setting("has_been_welcomed", False, _read_flag)

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        self.path = path or platformdirs.user_config_path("snaptex", appauthor=False) / "settings.ini"
        with suppress(OSError):  # what can't be written is said when it is saved
            make_private_folder(self.path.parent)
        self.store = self._open()
        make_private(self.path)

    def save(self) -> None:
        """Write at once, so that a kill loses nothing."""
        self.store.sync()
        make_private(self.path)  # Qt makes a new file as others may read it
        if self.store.status() != QSettings.Status.NoError:
            logger.error("The settings can't be written to %s.", self.path)

    def _open(self) -> QSettings:
        store = QSettings(str(self.path), QSettings.Format.IniFormat)
        if store.status() != QSettings.Status.FormatError:
            return store
        aside = self.path.with_suffix(".unreadable")
        logger.error("The settings in %s can't be read; they are set aside as %s.", self.path, aside.name)
        self.path.replace(aside)
        return QSettings(str(self.path), QSettings.Format.IniFormat)
