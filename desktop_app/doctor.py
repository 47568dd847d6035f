"""`snaptex doctor`: what Snaptex found on this computer, as one block to paste into a bug report.

It must work where nothing else does: without a display, with one that does not answer, without the weights. Qt ends the
process when it cannot reach the display, so the display is asked before Qt is.
"""

import locale
import os
import platform
import shutil
import socket
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from desktop_app.system.bundled_resources import is_bundle

Fact = tuple[str, str]

_PACKAGES = "mss numpy pillow pyperclip matplotlib ziamath onnxruntime fastapi".split()
_PACKAGES.append("python-xlib" if sys.platform == "linux" else "pynput")  # what takes the hotkey
_HOTKEY_ROUTES = {
    "xcb": "a key grab on the X server",
    "windows": "a keyboard listener",
    "cocoa": "a keyboard listener; it needs the permission Input Monitoring",
}
_PORTAL = "org.freedesktop.portal"
_PORTAL_SECONDS = 3.0
_CLIPBOARD_TOOLS = ("wl-copy", "xclip", "xsel")
_LABEL_WIDTH = 12


def report(program_version: str, recogniser: Sequence[Fact]) -> str:
    """The whole block; the home folder's name, often a person's, is left out."""
    facts = [
        ("Snaptex", f"{program_version}, {_kind_of_installation()}"),
        *_system_facts(),
        *_session_facts(),
        *_portal_facts(),
        *_window_facts(),
        ("clipboard", _clipboard_fact()),
        *recogniser,
        *_folder_facts(),
        ("packages", ", ".join(f"{name} {_version_of(name)}" for name in _PACKAGES)),
        ("PyTorch", _version_of("torch", otherwise="not installed; it is needed for graphics cards alone")),
    ]
    lines = [f"{label:{_LABEL_WIDTH}}  {value}" for label, value in facts]
    return "\n".join(["```", *(line.replace(str(Path.home()), "~") for line in lines), "```"])


def _kind_of_installation() -> str:
    if is_bundle():
        return f"bundle at {Path(sys.executable).parent}"
    return f"Python package at {Path(__file__).resolve().parent.parent}"


def _system_facts() -> list[Fact]:
    name = platform.platform()
    if sys.platform == "linux":
        try:
            name = f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {name}"
        except (OSError, KeyError):
            name = f"unnamed Linux, {name}"
    language, encoding = locale.getlocale()
    return [
        ("system", f"{name}, {platform.machine()}, {os.cpu_count()} processors"),
        ("Python", f"{platform.python_version()}, locale {language or 'C'} {encoding or ''}".rstrip()),
    ]


def _session_facts() -> list[Fact]:
    if sys.platform != "linux":
        return []
    kind = os.environ.get("XDG_SESSION_TYPE") or "not said"
    desktop = os.environ.get("XDG_CURRENT_DESKTOP") or "not said"
    displays = [f"{name}={os.environ[name]}" for name in ("DISPLAY", "WAYLAND_DISPLAY") if os.environ.get(name)]
    return [("session", f"{kind}, desktop {desktop}, {' '.join(displays) or 'no display'}")]


def _window_facts() -> list[Fact]:
    """What Qt says of the screens, the tray and its platform."""
    if problem := _display_problem():
        return [("display", problem)]
    from PySide6 import __version__ as pyside_version
    from PySide6.QtCore import qVersion
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication, QSystemTrayIcon

    from desktop_app.system.desktop_portal import is_wayland_session

    # Kept until the facts are told: the screens go with it.
    application = QApplication.instance() or QApplication(["snaptex"])
    name = QGuiApplication.platformName()
    facts = [("Qt", f"{qVersion()}, PySide {pyside_version}, platform {name}")]
    for screen in QGuiApplication.screens():
        place, dpi = screen.geometry(), screen.logicalDotsPerInch()
        where = f"{screen.name()}: {place.width()}x{place.height()} at {place.x()},{place.y()}"
        facts.append(("screen", f"{where}, scale {screen.devicePixelRatio():g}, {dpi:.0f} dpi"))
    facts.append(("tray", "there is one" if QSystemTrayIcon.isSystemTrayAvailable() else "none on this desktop"))
    if is_wayland_session():
        route = "the portal's GlobalShortcuts, or a key bound to `snaptex snip`"
        capture = "the portal's Screenshot"
    else:
        route, capture = _HOTKEY_ROUTES.get(name, "none on this platform"), "mss"
    facts += [("hotkey", f"{_chosen_hotkey()}: {route}"), ("capture", capture)]
    del application
    return facts


def _portal_facts() -> list[Fact]:
    """Which of the portal's interfaces that Snaptex uses on Wayland this desktop has, with their versions."""
    if sys.platform != "linux" or not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return []
    from jeepney import DBusAddress, DBusErrorResponse, Properties
    from jeepney.io.blocking import open_dbus_connection

    found = []
    try:
        with open_dbus_connection("SESSION") as bus:
            for name in ("Screenshot", "GlobalShortcuts"):
                place = DBusAddress("/org/freedesktop/portal/desktop", f"{_PORTAL}.Desktop", f"{_PORTAL}.{name}")
                answer = bus.send_and_get_reply(Properties(place).get("version"), timeout=_PORTAL_SECONDS)
                is_there = answer.header.message_type.name == "method_return"
                found.append(f"{name} {answer.body[0][1] if is_there else 'missing'}")
    except (OSError, TimeoutError, DBusErrorResponse, ValueError, KeyError) as error:
        return [("portal", f"does not answer: {' '.join(str(error).split()) or type(error).__name__}")]
    return [("portal", ", ".join(found))]


def _chosen_hotkey() -> str:
    from desktop_app.settings.settings import Settings

    return Settings().hotkey or "off"


def _display_problem() -> str:
    """Why Qt could not start here; empty when it can."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if sys.platform != "linux" or (chosen and not chosen.startswith(("xcb", "wayland"))):
        return ""
    if (name := os.environ.get("WAYLAND_DISPLAY")) and not chosen.startswith("xcb"):
        path = Path(os.environ.get("XDG_RUNTIME_DIR", "")) / name
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(path))
        except OSError as error:
            return f"the Wayland display {name} does not answer: {error.strerror or error}"
        return ""
    if not os.environ.get("DISPLAY"):
        return "none; only `snaptex recognise` and `snaptex serve` work"
    from Xlib.display import Display
    from Xlib.error import DisplayError, XauthError

    try:
        Display().close()
    except (DisplayError, XauthError, OSError) as error:
        return f"the X display {os.environ['DISPLAY']} does not answer: {' '.join(str(error).split())}"
    return ""


def _clipboard_fact() -> str:
    if sys.platform != "linux":
        return "the system's own"
    found = [tool for tool in _CLIPBOARD_TOOLS if shutil.which(tool)]
    if found:
        return f"{', '.join(found)}; Qt where these fail"
    return "Qt alone: what is copied is gone when Snaptex ends; install xclip or wl-clipboard"


def _folder_facts() -> list[Fact]:
    import platformdirs

    places = {
        "settings": platformdirs.user_config_path("snaptex", appauthor=False),
        "history": platformdirs.user_data_path("snaptex", appauthor=False),
        "log": platformdirs.user_log_path("snaptex", appauthor=False),
    }
    return [(label, f"{path}, {_state_of(path)}") for label, path in places.items()]


def _state_of(folder: Path) -> str:
    if not folder.exists():
        return "not there yet"
    return "can be written" if os.access(folder, os.W_OK) else "can NOT be written"


def _version_of(name: str, *, otherwise: str = "missing") -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return otherwise
