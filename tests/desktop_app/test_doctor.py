"""`snaptex doctor`: a block for bug reports that comes whatever is wrong."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.system.bundled_resources import vocabulary_path, weights_path
from model.recogniser_facts import recogniser_facts

ROOT = Path(__file__).parent.parent.parent
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_SESSION_TYPE")


def run_doctor(home: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name not in _DISPLAYS and "XDG" not in name}
    return subprocess.run(
        [sys.executable, "-m", "desktop_app", "doctor"],
        cwd=ROOT,
        env={**kept, "HOME": str(home), **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_without_a_display(tmp_path: Path) -> None:
    # Over ssh the rest is still to be learned, and the block can be pasted as it is.
    done = run_doctor(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert (lines[0], lines[-1]) == ("```", "```")
    labels = [line.split()[0] for line in lines[1:-1]]
    for label in ("Snaptex", "system", "display", "clipboard", "weights", "engine", "recogniser", "log", "packages"):
        assert label in labels, done.stdout
    assert hashlib.sha256(weights_path().read_bytes()).hexdigest() in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
@pytest.mark.parametrize("variables", [{"DISPLAY": ":4711"}, {"WAYLAND_DISPLAY": "wayland-4711"}])
def test_with_a_display_that_does_not_answer(tmp_path: Path, variables: dict[str, str]) -> None:
    # Qt would end the process with an abort.
    done = run_doctor(tmp_path, DBUS_SESSION_BUS_ADDRESS=f"unix:path={tmp_path}/no-bus", **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    silent = [line.split()[0] for line in done.stdout.splitlines() if "does not answer" in line]
    assert silent == ["portal", "display"], done.stdout


def test_screens_and_routes(tmp_path: Path) -> None:
    # What nearly every report about a wrong region or a dead hotkey needs.
    done = run_doctor(tmp_path, QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR="2")
    labels = [line.split()[0] for line in done.stdout.splitlines()[1:-1]]
    for label in ("Qt", "screen", "tray", "hotkey"):
        assert label in labels, done.stdout
    assert "scale 2" in done.stdout
    assert "Ctrl+Alt+M" in done.stdout


def test_home_folder_is_not_told(tmp_path: Path) -> None:
    # Its name is often a person's, and a report is public.
    home = tmp_path / "jane-doe"
    home.mkdir()
    assert "jane-doe" not in run_doctor(home).stdout


def test_missing_weights_are_told(tmp_path: Path) -> None:
    # The commonest damage: a file that did not come along.
    facts, loads = recogniser_facts(tmp_path / "weights.safetensors", vocabulary_path())
    assert not loads
    assert "No such file" in dict(facts)["weights"]
    assert "does not load" in dict(facts)["recogniser"]
