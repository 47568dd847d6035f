"""The token of the local service, the same from start to start because editors keep it."""

import logging
import os
import secrets
import stat
import sys
from pathlib import Path

import platformdirs

from desktop_app.system.private_files import make_private_folder

logger = logging.getLogger(__name__)

_LEAST_CHARACTERS = 32  # any program on the computer can try some thousand a second
_MOST_CHARACTERS = 1000


def service_token(path: Path | None = None) -> str:
    """The token in the user's own file, which nobody else may read; made when there is none.

    Where it cannot be kept, the token is good until the program ends.
    """
    path = path or platformdirs.user_data_path("snaptex", appauthor=False) / "service-token"
    token = _kept_token(path)
    is_good = len(token) >= _LEAST_CHARACTERS and token.isprintable() and " " not in token
    return token if is_good else _make_token(path)


def _kept_token(path: Path) -> str:
    """What the file holds; nothing where it is no file of the user's alone, for then others may know the token."""
    try:
        # Without waiting: a pipe in the file's place has no end.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, encoding="ascii") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return ""
            if sys.platform != "win32" and (status.st_uid != os.getuid() or status.st_mode & 0o077):
                logger.warning("Others could read the token of the service; it is made anew.")
                return ""
            return file.read(_MOST_CHARACTERS).strip()
    except (OSError, ValueError):
        return ""


def _make_token(path: Path) -> str:
    token = secrets.token_urlsafe(24)
    try:
        make_private_folder(path.parent)
        path.unlink(missing_ok=True)
        # Made with its permissions, so that there is no moment in which others could read it.
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(token + "\n")
    except OSError:
        logger.exception("The token of the service can't be kept at %s.", path)
    return token
