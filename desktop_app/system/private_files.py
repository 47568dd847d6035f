"""Files and folders that only their user may read: images of the screen, formulas, settings and tokens are in them.

On Windows the user's profile sees to that, and nothing is done here.
"""

import logging
import os
import sys
from pathlib import Path

logger = logging.getLogger(__name__)

_FOLDER = 0o700
_FILE = 0o600


def make_private_folder(folder: Path) -> None:
    """Make a folder that nobody else may look into; one that is there, and the user's own, becomes so.

    Raises:
        OSError: It cannot be made.
    """
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    make_private(folder)


def make_private(*paths: Path) -> None:
    """Take everybody else's permissions from files or folders of the user's own; what is not there is left out."""
    if sys.platform == "win32":
        return
    for path in paths:
        try:
            status = path.lstat()
            is_own = status.st_uid == os.getuid()
            if is_own and not path.is_symlink() and status.st_mode & 0o077:
                path.chmod(_FOLDER if path.is_dir() else _FILE)
        except FileNotFoundError:
            continue
        except OSError:
            logger.warning("Others may be able to read %s.", path, exc_info=True)
