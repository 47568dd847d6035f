"""Start at login: an entry where the platform looks for programs to start, and the only memory of that choice."""

import plistlib
import shlex
import sys
from pathlib import Path

import platformdirs
from PySide6.QtCore import QCoreApplication

_NAME = "snaptex"
_AGENT = "org.snaptex.Snaptex"
_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


class StartAtLoginError(Exception):
    """The entry could not be written or removed; the text says why in one sentence."""


def start_command() -> list[str]:
    """What starts this program into the tray, from a bundle or from an installation."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--in-tray"]
    return [sys.executable, "-m", "desktop_app", "--in-tray"]


def starts_at_login() -> bool:
    """Whether there is an entry."""
    if sys.platform == "win32":
        return _has_run_value()
    return _entry_path().exists()


def set_start_at_login(is_on: bool) -> None:
    """Write the entry, or remove it.

    Raises:
        StartAtLoginError: The system refused.
    """
    try:
        if sys.platform == "win32":
            _set_run_value(is_on)
        elif is_on:
            path = _entry_path()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_agent() if sys.platform == "darwin" else _desktop_entry())
        else:
            _entry_path().unlink(missing_ok=True)
    except OSError as error:
        raise StartAtLoginError(
            QCoreApplication.translate("StartAtLogin", "Starting at login can't be changed: {reason}.").format(
                reason=error.strerror or error
            )
        ) from error


def _entry_path() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{_AGENT}.plist"
    return platformdirs.user_config_path() / "autostart" / f"{_NAME}.desktop"


def _desktop_entry() -> bytes:
    # A % begins a field code in this line, and a backslash is read twice.
    command = shlex.join(start_command()).replace("\\", "\\\\").replace("%", "%%")
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Name=Snaptex",
        f"Exec={command}",
        f"Icon={_NAME}",
        "Terminal=false",
    )
    return ("\n".join(lines) + "\n").encode()


def _agent() -> bytes:
    return plistlib.dumps({"Label": _AGENT, "ProgramArguments": start_command(), "RunAtLoad": True})


def _has_run_value() -> bool:
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:  # type: ignore[attr-defined,unused-ignore]
            winreg.QueryValueEx(key, _NAME)  # type: ignore[attr-defined,unused-ignore]
    except FileNotFoundError:
        return False
    return True


def _set_run_value(is_on: bool) -> None:
    import subprocess
    import winreg

    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:  # type: ignore[attr-defined,unused-ignore]
        if is_on:
            command = subprocess.list2cmdline(start_command())
            winreg.SetValueEx(key, _NAME, 0, winreg.REG_SZ, command)  # type: ignore[attr-defined,unused-ignore]
        elif _has_run_value():
            winreg.DeleteValue(key, _NAME)  # type: ignore[attr-defined,unused-ignore]
