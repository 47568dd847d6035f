"""What stands beside the program in a release: lock files, the desktop's metadata, workflows, notes."""

import importlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.packaging.makefile import makefile_targets

ROOT = Path(__file__).parent.parent.parent
PACKAGING = ROOT / "packaging"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LOCKS = sorted(PACKAGING.glob("*.lock"))
changelog_section = importlib.import_module("changelog_section")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_pins_everything_by_hash(lock: Path) -> None:
    # One requirement without a hash and pip takes whatever it finds; an address would bind the lock to one place.
    text = lock.read_text(encoding="utf-8")
    requirements = re.split(r"\n(?=\S)", text.strip())
    assert len(requirements) > 20
    for requirement in requirements:
        assert re.match(r"[a-z0-9.-]+==\S+ ", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement
    assert "://" not in text


def test_lock_covers_what_the_program_needs() -> None:
    # A dependency that was added to pyproject.toml alone would be missing from the bundle: `make lock` writes it anew.
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (PACKAGING / "bundle.lock").read_text(encoding="utf-8"), re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"] + project["optional-dependencies"]["server"]:
        name = re.match(r"[A-Za-z0-9._-]+", requirement)
        assert name is not None
        assert re.sub(r"[-_.]+", "-", name[0]).lower() in locked, requirement


@pytest.mark.skipif(
    not all(map(shutil.which, ("appstreamcli", "desktop-file-validate", "man"))), reason="`make deb` installs the tools"
)
def test_desktop_entry_metadata_and_man_page_are_valid() -> None:
    # Software centres drop what is not.
    done = subprocess.run([PACKAGING / "check_linux_files"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_windows_belong_to_the_desktop_entry() -> None:
    # On Wayland the desktop finds a window's icon by this name, and the portal the program.
    source = (ROOT / "desktop_app" / "__main__.py").read_text(encoding="utf-8")
    name = re.search(r'setDesktopFileName\("(.+)"\)', source)
    assert name is not None
    assert (PACKAGING / "linux" / f"{name[1]}.desktop").is_file()


def test_man_page_names_every_command() -> None:
    # A command that was added to the program is easily forgotten here.
    page = (PACKAGING / "linux" / "snaptex.1").read_text(encoding="utf-8").replace("\\-", "-")
    done = subprocess.run(
        [sys.executable, "-m", "desktop_app", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    commands = re.findall(r"^    ([a-z]+)\b", done.stdout, flags=re.MULTILINE)
    assert "recognise" in commands
    assert [command for command in commands if f"\n.B {command}" not in page] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_call_targets_that_exist(workflow: Path) -> None:
    # A workflow runs far away and late; a misspelt target would show on the day of the release.
    called = re.findall(r"run: make (?:--silent )?([a-z -]+)", workflow.read_text(encoding="utf-8"))
    words = {word for line in called for word in line.split()}
    assert words
    assert words <= makefile_targets()


def test_notes_of_a_release_are_its_section() -> None:
    # Or the notes would tell the history of all versions.
    changelog = "# Changelog\n\n## 0.2.0 (2026-02-01)\n\n- New.\n\n## 0.1.0\n\n- First.\n"
    assert changelog_section.section(changelog, "0.2.0") == "- New."
    assert changelog_section.section(changelog, "0.1.0") == "- First."
    with pytest.raises(ValueError, match="no section"):
        changelog_section.section(changelog, "0.3.0")


def test_changelog_has_a_section_for_this_version() -> None:
    # The release needs one.
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert changelog_section.section((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version)
