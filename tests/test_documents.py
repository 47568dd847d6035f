"""What the documents name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_a_document_names_exist(document: Path) -> None:
    # Whoever follows a document to a file that was moved looks for it in vain.
    text = document.read_text(encoding="utf-8")
    named = re.findall(r"`((?:desktop_app|model|tests|packaging|resources|docs)/[\w./-]+\.\w+)`", text)
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    missing = [name for name in named if not (ROOT / name).exists()]
    missing += [name for name in linked if not (document.parent / name).exists()]
    assert missing == []


def test_a_newcomers_task_touches_three_files_at_the_most() -> None:
    # A fourth place is one that the next newcomer forgets, as all before did.
    text = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    titles = (
        "How the overlay draws", "A copy format", "A setting", "A capture route", "An architecture", "A language",
    )  # fmt: skip
    for title in titles:
        steps = text.split(f"## {title}\n")[1].split("\n## ")[0]
        places = re.findall(r"^\d\. `([\w./<>-]+)`", steps, re.MULTILINE)
        assert 1 <= len(places) <= 3, title
        known = [place for place in places if "<" not in place]
        assert all((ROOT / place).exists() for place in known), title
