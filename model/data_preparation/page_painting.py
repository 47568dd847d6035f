"""Paint pages as PDF viewers do, with MuPDF or PDFium; for the pages of a DVI file, `dvipdfmx` comes first.

The one hard fact: dvipng rounds every line and glyph to whole pixels, a viewer does not. At 72 pixels an inch a bar is
one black row to the first and two grey ones to the second, so who paints matters as much as who typesets.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image

PAINTERS: Final = ("mupdf", "pdfium")
"""Renderers of SumatraPDF and of MuPDF's own viewer; and of Chrome and Edge."""

_POINTS_PER_INCH = 72.27  # TeX's points; PDF has 72 of its own.
_PDF_POINTS = 72 / _POINTS_PER_INCH
_PAPER_PT = 7000.0  # Paper on which every formula has room; each page is cut to its box afterwards.
_ORIGIN_PT = 2000.0
_GOLDEN_RATIO = 0.6180339887
_SECONDS_PER_DOCUMENT = 300


class PaintingError(RuntimeError):
    """The pages of a document could not be painted, mostly because a font has no outlines that PDF can hold."""


@dataclass(frozen=True)
class PageBox:
    """The box of a formula, in TeX's points from its reference point: all four are lengths outwards."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PaintedPage:
    """A painted page, grey, and the pixel (x, y) at which the formula's reference point lies."""

    image: Image.Image
    origin: tuple[float, float]


def pdf_command(dvi: str) -> list[str]:
    """The command that makes a PDF document of a DVI file, beside it."""
    paper, origin = f"{_PAPER_PT}pt,{_PAPER_PT}pt", f"{_ORIGIN_PT}pt"
    return ["dvipdfmx", "-q", "-p", paper, "-x", origin, "-y", origin, dvi]


def paint_formulas(document: Path, boxes: Sequence[PageBox], dpi: int, painter: str) -> list[PaintedPage]:
    """Paint every page of a document that `pdf_command` made.

    Args:
        document: The PDF file.
        boxes: The box of each page.
        dpi: Pixels an inch.
        painter: One of `PAINTERS`.

    Raises:
        PaintingError: The document is missing or damaged, or the painter failed.
    """
    try:
        with pypdfium2.PdfDocument(document) as pdf:
            origins = _cut_pages(pdf, boxes, dpi)
            pdf.save(document.with_name("cut.pdf"))
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        raise PaintingError(f"{document.name} can't be cut into formulas: {error}") from error
    images = paint_document(document.with_name("cut.pdf"), dpi, painter)
    return [PaintedPage(image, origin) for image, origin in zip(images, origins, strict=True)]


def paint_document(document: Path, dpi: float, painter: str) -> list[Image.Image]:
    """Paint every page of a PDF file, in grey.

    Args:
        document: The file; the images are made beside it.
        dpi: Pixels an inch.
        painter: One of `PAINTERS`.

    Raises:
        PaintingError: The document is damaged, or the painter failed or is missing.
    """
    if painter == "mupdf":
        return _paint_with_mupdf(document, dpi)
    try:
        with pypdfium2.PdfDocument(document) as pdf:
            return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in pdf]
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        raise PaintingError(f"PDFium could not paint the pages: {error}") from error


def _cut_pages(pdf: pypdfium2.PdfDocument, boxes: Sequence[PageBox], dpi: int) -> list[tuple[float, float]]:
    """Cut every page to its box, in whole pixels; returns the pixel of each reference point."""
    pixels = dpi / _POINTS_PER_INCH
    origins = []
    for number, (page, box) in enumerate(zip(pdf, boxes, strict=True)):
        # A page lies anywhere on a screen's pixels, so the reference point has a fraction of its own on each.
        x_phase, y_phase = number * _GOLDEN_RATIO % 1, number * _GOLDEN_RATIO**2 % 1
        left, top = int(box.left * pixels) + 1 + x_phase, int(box.top * pixels) + 1 + y_phase
        width, height = int(left + box.right * pixels) + 1, int(top + box.bottom * pixels) + 1
        x = (_ORIGIN_PT - left / pixels) * _PDF_POINTS
        y = (_PAPER_PT - _ORIGIN_PT + top / pixels) * _PDF_POINTS  # PDF counts upwards
        rectangle = (x, y - height * 72 / dpi, x + width * 72 / dpi, y)
        page.set_mediabox(*rectangle)
        page.set_cropbox(*rectangle)
        origins.append((left, top))
    return origins


def _paint_with_mupdf(document: Path, dpi: float) -> list[Image.Image]:
    if shutil.which("mutool") is None:
        raise PaintingError("mutool is not installed; it comes with mupdf-tools.")
    command = ["mutool", "draw", "-q", "-c", "gray", "-r", f"{dpi:g}", "-o", "page-%d.pgm", document.name]
    try:
        subprocess.run(
            command, cwd=document.parent, capture_output=True, timeout=_SECONDS_PER_DOCUMENT, check=True, text=True
        )
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", None) or str(error)
        raise PaintingError(f"mutool could not paint the pages: {said.strip()[:200]}") from error
    count = len(list(document.parent.glob("page-*.pgm")))
    return [_grey(document.parent / f"page-{number}.pgm") for number in range(1, count + 1)]


def _grey(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("L")
