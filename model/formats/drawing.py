"""Draw a formula as SVG, in paths: no font is needed to show it, and nothing is fetched from anywhere.

The face is Latin Modern Math, as of a document that TeX has set; a formula with a character that it lacks is drawn in
STIX Two. ziamath draws nearly everything, and some of what it does not know it draws wrongly: such formulas are refused
here.
"""

from __future__ import annotations

import functools
import logging
import threading
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from model.formats.drawing_spaces import space_as_tex
from model.formats.format_error import FormatError
from model.formats.spelling import refuse_unusable, spelt_for_libraries
from model.formats.text_in_formulas import unmark
from model.formats.words import holds_words, words_as_rows

logger = logging.getLogger(__name__)

FONT = Path(__file__).parent / "fonts" / "latinmodern-math.otf"
"""Of the GUST e-foundry, under the licence beside it."""

# The library keeps state; a preview and an answer of the service may be drawn at the same time.
_drawing = threading.Lock()


def draw_formula(latex: str, *, size: float = 28.0, colour: str = "currentColor") -> str:
    """Return the formula as an SVG document.

    Args:
        latex: Math-mode LaTeX without delimiters, or words with formulas between dollars.
        size: Font size in pixels.
        colour: Of the ink, as SVG says it; by default that of the text around it.

    Raises:
        FormatError: The formula is incomplete or cannot be drawn.
    """
    if holds_words(latex):
        latex = words_as_rows(latex)
    refuse_unusable(latex)
    spelt = spelt_for_libraries(latex)
    try:
        with _drawing:
            return str(_drawn(spelt, size, colour).svg())
    except FormatError:
        raise
    except Exception as error:  # its two libraries raise whatever comes, and an image is never worth a crash
        logger.info("No drawing of %r", latex, exc_info=True)
        raise FormatError("This formula has no preview; its LaTeX may be incomplete.") from error


def load_drawing() -> None:
    """Load the library, which takes a part of a second."""
    _ziamath()


@functools.cache
def _ziamath() -> Any:
    import ziamath
    import ziamath.tex
    from ziamath.config import config
    from ziamath.nodes.mrow import Mrow

    # Plain paths are what every SVG renderer draws the same, without references inside a page.
    config.svg2 = False
    # WORKAROUND: a row is laid out once to measure it and once more to draw it, and so is each row inside, in either
    # pass: twice the time for each level. While it is only being measured its own measure changes nothing, because what
    # stretches is left out then. docs/decisions/010-drawing-formulas.md.
    measure = Mrow._get_height_nostretch  # noqa: SLF001

    def measure_once(row: Any, line: list[ElementTree.Element], **passed_on: Any) -> tuple[float, float]:
        return (0.0, 0.0) if passed_on.get("nostretch") else measure(row, line, **passed_on)

    setattr(Mrow, measure.__name__, measure_once)
    return ziamath


def _mathml(spelt: str, colour: str) -> ElementTree.Element:
    """The formula as the library draws it; an unknown command, which would be drawn as it is written, is refused."""
    root = ElementTree.fromstring(_ziamath().tex.tex2mml(spelt))  # noqa: S314 - its text is marked
    root.set("mathcolor", colour)
    for element in root.iter():
        text = (element.text or "").strip()
        if text.startswith("\\") and len(text) > 1:
            raise FormatError(f"The preview does not know {text}.")
        element.text = unmark(element.text or "")
    space_as_tex(root)
    return root


def _drawn(spelt: str, size: float, colour: str) -> Any:
    """The library's drawing, in the first face that has all characters."""
    # WORKAROUND: nothing is drawn smaller than a share of the size that its face was first loaded in: after a formula
    # of 100 pixels all others were kept above 30.
    for face in ("default", str(FONT)):
        if face in _ziamath().zmath.loadedfonts:
            _ziamath().zmath.loadedfonts[face].basesize = size
    drawing = _ziamath().Math(_mathml(spelt, colour), size=size, font=str(FONT))
    if not _missing_glyph(drawing):
        return drawing
    drawing = _ziamath().Math(_mathml(spelt, colour), size=size)
    if missing := _missing_glyph(drawing):
        raise FormatError(f"The preview has no glyph for {missing}.")
    return drawing


def _missing_glyph(drawing: Any) -> str:
    """The first character that would be drawn as an empty box; empty where there is none."""
    element: ElementTree.Element
    for element in drawing.mathml.iter():
        for character in (element.text or "").strip():
            if drawing.font.glyphindex(character) == 0:
                return character
    return ""
