"""The token of the local service, the same from start to start because editors keep it."""

import logging
import os
import secrets
from pathlib import Path

import platformdirs

logger = logging.getLogger(__name__)


def service_token(path: Path | None = None) -> str:
    """The token in this person's own file, which nobody else may read; made when there is none.

    Where it cannot be kept, the token is good until the program ends.
    """
    path = path or platformdirs.user_data_path("snaptex", appauthor=False) / "service-token"
    try:
        token = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        token = ""
    return token if token.isprintable() and token and " " not in token else _make_token(path)


def _make_token(path: Path) -> str:
    token = secrets.token_urlsafe(24)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        # Made with its permissions, so that there is no moment in which others could read it.
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(token + "\n")
    except OSError:
        logger.exception("The token of the service can't be kept at %s.", path)
    return token
