"""Sets of pages hold what their names say, drawn from the sample and hand-written passages alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.data_preparation.pages.lines import PageLine
from model.evaluation.formula_sample import read_sample
from model.evaluation.page_sets import PAGE_SETS, PageSetMaker, _holds_only
from model.latex.prose import WORDS, is_prose, prose_tokens

DATA = Path(__file__).parents[2] / "data"
SAMPLE, PASSAGES = DATA / "evaluation_formulas.jsonl", DATA / "page_passages.txt"


def test_every_passage_can_be_written_in_tokens() -> None:
    languages = set()
    for line in PASSAGES.read_text(encoding="utf-8").splitlines():
        language, _, text = line.partition("\t")
        languages.add(language)
        assert prose_tokens(text.replace("{}", "$x$"))[0] == WORDS
    assert languages == {"en", "fr", "de", "ru"}


@pytest.mark.tex
def test_sets_hold_what_their_names_say() -> None:
    made = PageSetMaker(read_sample(SAMPLE), PASSAGES, images_per_set=1).make()
    assert set(made) == {f"page-{name}" for name in PAGE_SETS}
    tokens = {name.removeprefix("page-"): images[0][0].tokens.split() for name, images in made.items() if images}
    images = {name.removeprefix("page-"): images[0][1] for name, images in made.items() if images}
    assert len(tokens) >= len(PAGE_SETS) - 2
    assert r"\tag" in tokens["numbered"]
    assert tokens["numbered"][: tokens["numbered"].index(r"\tag")] == tokens["plain"] == tokens["framed"]
    assert tokens["tight"] == tokens["bordered"]
    assert images["bordered"].width == images["tight"].width + 24
    assert all(is_prose(tokens[name]) for name in ("words-en", "paragraphs") if name in tokens)
    assert r"\\" in tokens["rows-2-4"]
    assert tokens["nothing"] == []
    assert all(np.asarray(image.convert("L")).std() > 1 for image in images.values())


def test_a_paragraph_with_ink_that_has_no_label_is_in_no_set() -> None:
    # The name of a theorem before its words would count as read wrong, however it is read.
    page = np.full((80, 200), 255, np.uint8)
    lines = []
    for top in (10, 30, 50):
        page[top : top + 10, 40:180] = 0
        lines.append(PageLine("words", (40, top, 180, top + 10), top + 10, (WORDS, "a")))
    box = (10.0, 10.0, 180.0, 60.0)
    assert _holds_only(page, box, lines)
    page[10:20, 10:30] = 0
    assert not _holds_only(page, box, lines)
