"""Pages and formulas must not be confused: a page too few would give every formula after it another's image."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PIL import Image

from model.data_preparation.font_setups import Look
from model.data_preparation.page_painting import PAINTERS
from model.data_preparation.pdf_typesetter import paint_pages, pdf_of_tex, pdf_of_typst
from model.data_preparation.web_typesetter import ProgramMissingError

needs_mutool = pytest.mark.skipif(shutil.which("mutool") is None, reason="needs mutool")
LOOK = Look("tex", "cm", 10, 100, "display")


def ink_width(image: Image.Image) -> int:
    return int((np.asarray(image) < 128).any(axis=0).sum())


@needs_mutool
def test_typst_has_a_page_for_each_formula_it_takes() -> None:
    document, objections = pdf_of_typst(["x", r"\nosuchcommand { x }", "x + y + z + x + y + z"])
    assert objections == [None, "has no Typst form", None]
    assert document is not None
    short, long = paint_pages(document, 96)
    assert ink_width(long) > 3 * ink_width(short)
    assert paint_pages(document, 192)[1].width == pytest.approx(2 * long.width, abs=2)


@needs_mutool
def test_what_typst_would_draw_otherwise_is_drawn_right_or_left_out() -> None:
    # An image of a long line under the label of a short one counts a right reading as wrong.
    formulas = [r"\bar{MMM}", r"\overline{MMM}", r"\mathscr{A}", r"\bar{x}\overline{x}"]
    document, objections = pdf_of_typst(formulas)
    assert objections == [None, None, *["would be another formula in Typst"] * 2]
    assert document is not None
    short, long = (np.asarray(page) < 128 for page in paint_pages(document, 192))
    top_rows = [int(ink[ink.any(axis=1)][0].sum()) for ink in (short, long)]
    assert top_rows[1] > 3 * top_rows[0]


@needs_mutool
def test_tildes_in_typst_are_as_wide_as_latex_says() -> None:
    # Typst itself makes the tilde over a wide letter wide, and the one over a narrow letter narrow.
    formulas = [r"\tilde{M}", r"\widetilde{M}", r"\tilde{i} \widetilde{M}"]
    document, objections = pdf_of_typst(formulas)
    assert objections == [None, None, "would be another formula in Typst"]
    assert document is not None
    inks = [np.asarray(page) < 128 for page in paint_pages(document, 192)]
    accents = [ink[ink.any(axis=1)][:6].any(axis=0).sum() for ink in inks]  # the rows above the letter
    assert accents[1] > 1.3 * accents[0]


@pytest.mark.tex
@needs_mutool
def test_tex_has_a_page_for_each_formula_it_takes() -> None:
    document, objections = pdf_of_tex(["x", r"\nosuchcommand { x }", "x + y + z + x + y + z"], LOOK)
    assert [objection is None for objection in objections] == [True, False, True]
    assert document is not None
    short, long = paint_pages(document, 96)
    assert ink_width(long) > 3 * ink_width(short)
    assert long.height < 40  # the page is as large as its formula


def test_nothing_to_set_is_no_document() -> None:
    assert pdf_of_typst([r"\nosuchcommand"]) == (None, ["has no Typst form"])


def test_missing_renderer_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ProgramMissingError, match="mutool is not installed"):
        paint_pages(b"", 96)


@needs_mutool
@pytest.mark.parametrize("painter", PAINTERS)
def test_damaged_document_is_one_sentence(painter: str) -> None:
    with pytest.raises(ProgramMissingError, match="could not paint"):
        paint_pages(b"no document", 96, painter)
