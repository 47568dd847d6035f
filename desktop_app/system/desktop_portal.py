"""What requests to the desktop's portal have in common.

On Wayland no program sees the screen or the keys of others; it asks xdg-desktop-portal, which asks the user. A call
answers at once with the path of a Request, and the outcome comes later as that object's signal Response. The path is
known beforehand from a token of the caller's choice, so that the signal can be waited for before the call is made:
an answer that comes at once would otherwise be missed.
https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Request.html
"""

import os
import secrets

from PySide6.QtGui import QGuiApplication

PORTAL_SERVICE = "org.freedesktop.portal.Desktop"
PORTAL_PATH = "/org/freedesktop/portal/desktop"
REQUEST_INTERFACE = "org.freedesktop.portal.Request"
GRANTED = 0  # the response of a request that succeeded; 1 is cancelled by the user, 2 ended otherwise


def is_wayland_session() -> bool:
    """Whether the desktop keeps screen and keys from programs; also for a program on its X server for old programs."""
    platform = QGuiApplication.platformName()
    return platform.startswith("wayland") or (platform == "xcb" and os.environ.get("XDG_SESSION_TYPE") == "wayland")


def new_token() -> str:
    """A name for a request that none has had before."""
    return f"snaptex_{secrets.token_hex(8)}"


def request_path(unique_name: str, token: str) -> str:
    """Where the Request of a call will be, from the caller's name on the bus, such as ":1.42", and its token."""
    return f"{PORTAL_PATH}/request/{unique_name[1:].replace('.', '_')}/{token}"
