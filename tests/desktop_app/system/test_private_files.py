"""What Snaptex keeps is for its user alone, on computers where others have accounts."""

import logging
import sys
from pathlib import Path

import pytest

from desktop_app.history.history import History
from desktop_app.settings.settings import Settings
from desktop_app.system.log_file import start_logging
from desktop_app.system.private_files import make_private

pytestmark = [
    pytest.mark.gui,
    pytest.mark.skipif(sys.platform == "win32", reason="the profile of Windows sees to it"),
]


@pytest.mark.parametrize("are_older", [True, False])
def test_folders_and_files_are_private_and_older_ones_become_so(qtbot: object, tmp_path: Path, are_older: bool) -> None:
    # Under the usual umask everybody could read the images of one's screen.
    folders = [tmp_path / name for name in ("data", "config", "log")]
    if are_older:
        for folder in folders:
            folder.mkdir(mode=0o755)
        for name in ("data/history.sqlite", "config/settings.ini", "log/snaptex.log", "log/snaptex.log.1"):
            (tmp_path / name).touch(mode=0o644)
    history = History(tmp_path / "data" / "history.sqlite")
    history.count()
    settings = Settings(tmp_path / "config" / "settings.ini")
    settings.service_port = 9000
    settings.save()
    handlers = logging.root.handlers[:]
    try:
        start_logging(tmp_path / "log" / "snaptex.log")
        logging.getLogger("test").info("one line")
    finally:
        for handler in logging.root.handlers:
            handler.close()
        logging.root.handlers[:] = handlers
    history.close()
    for folder in folders:
        assert folder.stat().st_mode & 0o777 == 0o700, folder
        assert any(folder.iterdir())
        for file in folder.iterdir():
            assert file.stat().st_mode & 0o077 == 0, file


def test_links_are_not_followed(tmp_path: Path) -> None:
    # Who may put a link there could have any file of the user's changed.
    target = tmp_path / "target"
    target.touch(mode=0o644)
    (tmp_path / "link").symlink_to(target)
    make_private(tmp_path / "link", tmp_path / "missing")
    assert target.stat().st_mode & 0o777 == 0o644
