"""The command `snaptex` itself."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from desktop_app.__main__ import main

ROOT = Path(__file__).parent.parent.parent


def test_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    # What a bug report names.
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert capsys.readouterr().out.strip() == f"snaptex {project['version']}"


def test_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    # And names those there are, without starting anything.
    with pytest.raises(SystemExit, match="2"):
        main(["sing"])
    assert "snip" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_no_display_is_a_sentence() -> None:
    # Qt itself would end with an abort and a core dump, over ssh for example.
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [sys.executable, "-m", "desktop_app"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == [
        "snaptex: there is no display to show windows on; `snaptex recognise` needs none."
    ]
