"""Formulas on the pages of a PDF document, set by pdfTeX or by Typst, and those pages as a viewer paints them.

A formula has a page to itself, with a few points of paper round it, so the page is the crop.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PIL import Image

from model.data_preparation import tex_typesetter
from model.data_preparation.font_setups import Look
from model.data_preparation.page_painting import PaintingError, paint_document
from model.data_preparation.web_typesetter import ProgramMissingError
from model.formats import FormatError, FormulaFormat, write_formula

SCREEN_DPI: Final = 96
"""Pixels an inch at which viewers show a page at 100%."""

# Script letters come out as plain ones; both empty sets as one.
_LOST_IN_TYPST = re.compile(r"\\(?:mathscr|varnothing)(?![A-Za-z])")
_BAR, _OVERLINE = (re.compile(rf"\\{name}(?![A-Za-z])") for name in ("bar", "overline"))
# Typst makes a tilde or hat as wide as what is under it, whichever LaTeX asks for.
_WIDTHS = {"": "0%", "wide": "100% + 0.5em"}
_ACCENTS = {"tilde": "sym.tilde.op", "hat": "sym.hat"}
_TYPST_PAGE = "#set page(width: auto, height: auto, margin: 5pt)\n"


def pdf_of_tex(formulas: Sequence[str], look: Look) -> tuple[bytes | None, list[str | None]]:
    """Set formulas with pdfTeX.

    Returns:
        A document with a page for each formula that was set (None without any), and for each formula None, or the
        reason why it has no page.

    Raises:
        TypesettingError: TeX is missing.
    """
    objections = [result if isinstance(result, str) else None for result in tex_typesetter.typeset(formulas, look)]
    usable = [formula for formula, objection in zip(formulas, objections, strict=True) if objection is None]
    return (tex_typesetter.typeset_pdf(usable, look) if usable else None), objections


def pdf_of_typst(formulas: Sequence[str]) -> tuple[bytes | None, list[str | None]]:
    """Set formulas with Typst, as far as they can be written in it; returns what `pdf_of_tex` returns.

    Raises:
        ProgramMissingError: Typst is not installed.
    """
    try:
        import typst
    except ImportError as error:
        raise ProgramMissingError("Typst is not installed; `pip install typst` brings it.") from error
    objections: list[str | None] = []
    pages = []
    for formula in formulas:
        markup, objection = _typst_markup(typst, formula)
        objections.append(objection)
        if objection is None:
            pages.append(markup)
    return (typst.compile((_TYPST_PAGE + "\n#pagebreak()\n".join(pages)).encode()) if pages else None), objections


def _typst_markup(typst: Any, formula: str) -> tuple[str, str | None]:
    """Write a formula in Typst, and say why not where Typst does not take it, or would draw another formula."""
    has_bar = _BAR.search(formula) is not None
    widths = {accent: _widths_asked_for(formula, accent) for accent in _ACCENTS}
    both = any(len(asked) > 1 for asked in widths.values()) or (has_bar and _OVERLINE.search(formula))
    if _LOST_IN_TYPST.search(formula) or both:
        return "", "would be another formula in Typst"
    try:
        markup = write_formula(formula, FormulaFormat.TYPST)
    except FormatError:
        return "", "has no Typst form"
    if has_bar:
        markup = markup.replace("overline(", "macron(")  # the conversion knows the long line only
    if any(widths.values()):
        accents = [
            f"#let {accent}(base) = math.accent(base, {_ACCENTS[accent]}, size: {width})\n"
            for accent, asked in widths.items()
            for width in asked
        ]
        markup = f"#[{''.join(accents)}{markup}]"
    try:
        typst.compile((_TYPST_PAGE + markup).encode())
    except (RuntimeError, typst.TypstError):
        return "", "Typst reports an error"
    return markup, None


def _widths_asked_for(formula: str, accent: str) -> list[str]:
    """Return the widths, as of `_WIDTHS`, of an accent that stand in a formula."""
    return [width for kind, width in _WIDTHS.items() if re.search(rf"\\{kind}{accent}(?![A-Za-z])", formula)]


def paint_pages(document: bytes, dpi: float, painter: str = "mupdf") -> list[Image.Image]:
    """Paint every page of a PDF document, in grey.

    Raises:
        ProgramMissingError: The painter is missing, or could not read the document.
    """
    with tempfile.TemporaryDirectory(prefix="pages-") as name:
        path = Path(name) / "pages.pdf"
        path.write_bytes(document)
        try:
            return paint_document(path, dpi, painter)
        except PaintingError as error:
            raise ProgramMissingError(str(error)) from error
