"""The rules of the layout that a reader relies on: short files, and names that say what is in them."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = [path for folder in ("desktop_app", "model", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_is_short(path: Path) -> None:
    # Nobody reads a file of a thousand lines before changing it.
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_names_say_what_is_inside() -> None:
    # A file called `utils` collects whatever has no home.
    vague = {"utils", "helpers", "common", "manager", "misc"}
    assert [path for path in FILES if vague & {path.stem, *path.relative_to(ROOT).parts}] == []


def test_nothing_is_left_for_later() -> None:
    # What is not done is an issue in the tracker, not a remark in the code.
    marks = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error"]
    assert [path for path in FILES if any(mark in path.read_text(encoding="utf-8") for mark in marks)] == []
