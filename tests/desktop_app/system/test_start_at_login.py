"""The program is started at login, as each platform wants to be told."""

import configparser
import plistlib
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.system import start_at_login
from desktop_app.system.start_at_login import set_start_at_login, start_command, starts_at_login


@pytest.mark.skipif(sys.platform != "linux", reason="an XDG entry")
def test_entry_starts_the_program_into_the_tray(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "autostart" / "snaptex.desktop"
    monkeypatch.setattr(start_at_login, "_entry_path", lambda: path)
    set_start_at_login(True)
    assert starts_at_login()
    entry = configparser.RawConfigParser()
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(path)
    assert shlex.split(entry["Desktop Entry"]["Exec"]) == start_command()
    set_start_at_login(False)
    set_start_at_login(False)  # twice is no error
    assert not starts_at_login()


@pytest.mark.skipif(sys.platform != "linux", reason="an XDG entry")
def test_entry_is_where_the_desktop_looks() -> None:
    path = start_at_login._entry_path()
    assert path.name == "snaptex.desktop"
    assert path.parent.name == "autostart"
    assert "snaptex" not in path.parent.as_posix().removesuffix("autostart").split("/")


def test_path_with_a_space_and_a_percent_sign_survives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_at_login, "start_command", lambda: ["/opt/my apps/100%/snaptex", "--in-tray"])
    assert b"Exec='/opt/my apps/100%%/snaptex' --in-tray\n" in start_at_login._desktop_entry()


def test_agent_of_macos_is_a_property_list() -> None:
    agent = plistlib.loads(start_at_login._agent())
    assert agent["ProgramArguments"] == start_command()
    assert agent["RunAtLoad"] is True


def test_command_is_known_to_the_program() -> None:
    # An entry with an option that the program refuses would fail at every login, unseen.
    root = Path(__file__).parents[3]
    command = [*start_command(), "--version"]
    assert subprocess.run(command, cwd=root, capture_output=True, timeout=60, check=False).returncode == 0
