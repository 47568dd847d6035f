"""Each command of the README and of docs/ is run: here, or by what the table below names."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.makefile import makefile_targets

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "tests" / "model" / "data_preparation" / "samples"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

# How a command begins, and where it is run as it stands or with another file's name.
RUN_ELSEWHERE = {
    "snaptex": "tests/end_to_end/test_snip_from_pdf.py, tests/model/serving/test_serve_command.py, and below",
    "snaptex/snaptex": "tests/bundle/test_recognise.py",
    "./snaptex-0.1.0-linux-x86_64.run": "packaging/try_single_file",
    "chmod +x snaptex-0.1.0-linux-x86_64.run": "packaging/build_single_file.py",
    "tar --use-compress-program='zstd --long=27'": "packaging/packaging.mk",
    "apt-get install ./snaptex": "packaging/try_deb_in_chroot",
    "apt-get purge snaptex": "packaging/try_deb_in_chroot",
    "pip install ./snaptex": "packaging/try_wheel",
    "pip uninstall snaptex": "packaging/try_wheel",
    "pipx install ./snaptex": "packaging/try_wheel",
    "pipx uninstall snaptex": "packaging/try_wheel",
    "npm install --prefix": "Makefile, tests/model/data_preparation/test_render_screen_formulas.py",
    "python -m model.": "the test below that is marked tex",
}


def commands_of(page: Path) -> list[str]:
    """The lines of a page's blocks of shell commands, without remarks."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [command for line in lines if (command := line.partition(" # ")[0].strip())]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_command_is_run_somewhere(page: Path) -> None:
    # A command that nothing runs is wrong sooner or later.
    targets = makefile_targets()
    for command in commands_of(page):
        words = shlex.split(command)
        if words[0] == "make":
            assert {word for word in words[1:] if "=" not in word} <= targets, command
        elif page.name != "service.md":  # its examples have tests of their own
            assert any(command.startswith(known) for known in RUN_ELSEWHERE), command


def test_places_where_commands_are_run_exist() -> None:
    # The table above must not outlive what it names.
    for place in " ".join(RUN_ELSEWHERE.values()).replace(",", " ").split():
        assert "/" not in place or (ROOT / place).is_file(), place


def test_image_files_are_recognised_as_the_readme_says(tmp_path: Path) -> None:
    # The two lines that most people copy.
    image = ROOT / "tests" / "end_to_end" / "formulas" / "fraction.png"
    for name in ("formula.png", "other.png"):
        shutil.copy(image, tmp_path / name)
    commands = [line for line in commands_of(ROOT / "README.md") if line.startswith("snaptex recognise")]
    assert len(commands) == 2
    for command in commands:
        done = run(command.replace("snaptex", "python -m desktop_app", 1), tmp_path)
        assert len(done.stdout.splitlines()) == 2, done.stdout + done.stderr


@pytest.mark.tex
def test_training_goes_through_as_documented(tmp_path: Path) -> None:
    # One renamed option, and nobody can train any more.
    shutil.copytree(SAMPLES / "paper", tmp_path / "papers")
    shutil.copy(ROOT / "tests" / "data" / "formulas.txt", tmp_path / "formulas.txt")
    (tmp_path / "resources").mkdir()
    commands = [line for line in commands_of(ROOT / "docs" / "training.md") if line.startswith("python -m")]
    # What needs a browser and packages from the network has tests of its own, and so have pages, which need texts,
    # and the layout, which learns from pages.
    left_out = ("render_screen_formulas", "images/pages", "layout")
    commands = [line for line in commands if not any(word in line for word in left_out)]
    # Images of one's own: tests/model/test_newcomers_path.py.
    commands = [line for line in commands if "data/own" not in line]
    assert len(commands) == 8
    for command in commands:
        # Some steps, not a night.
        short = " --images 8 --validate-every 1 --device cpu --processes 1" if "training.train" in command else ""
        done = run(command + short, tmp_path)
        assert done.returncode == 0, command + done.stdout + done.stderr
    assert (tmp_path / "resources" / "weights.safetensors").is_file()


def run(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    interpreter = shlex.quote(sys.executable)
    return subprocess.run(
        ["sh", "-c", re.sub(r"^python\b", interpreter, command)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
