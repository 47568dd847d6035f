"""The document is people's work but for one section: the command must leave the rest alone."""

from pathlib import Path

import pytest

from model.evaluation.evaluate import BEGIN, END, DocumentError, write_section

ACCURACY = Path(__file__).parents[3] / "docs" / "accuracy.md"


def test_only_the_section_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "accuracy.md"
    path.write_text(f"# Title\n\n{BEGIN}\nold\n{END}\n\nAfter.\n", encoding="utf-8")
    for text in ("first", "second"):
        write_section(path, text)
    assert path.read_text(encoding="utf-8") == f"# Title\n\n{BEGIN}\n\nsecond\n\n{END}\n\nAfter.\n"


def test_document_without_marks_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "accuracy.md"
    path.write_text(f"# Title\n{BEGIN}\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="lacks the marks"):
        write_section(path, "new")
    assert path.read_text(encoding="utf-8") == f"# Title\n{BEGIN}\n"
    with pytest.raises(DocumentError, match="can't be read"):
        write_section(tmp_path / "none.md", "new")


def test_document_of_the_repository_has_the_marks() -> None:
    text = ACCURACY.read_text(encoding="utf-8")
    assert text.index(BEGIN) < text.index(END)
