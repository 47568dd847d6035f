"""Draws a formula as SVG, for the page: nothing of it is fetched from anywhere, and it takes the page's text colour."""

from __future__ import annotations

import functools
import logging
import re
from typing import Any
from xml.etree import ElementTree

from model.latex import LatexError, join_tokens, normalise

logger = logging.getLogger(__name__)

LONGEST_DRAWN = 4000
"""Characters; longer LaTeX is a slip of the paste key."""

_EMPTY_FIRST_CELL = re.compile(r"(\\begin\{[a-zA-Z]*matrix\}|\\\\)(?=\s*(?:&|\\\\))")
_ENVIRONMENT_EDGE = re.compile(r"\\(?:(begin)|end)\{[a-zA-Z]+\}(\s*[_^'])?")


class DrawingError(ValueError):
    """There is no picture of the formula; one plain sentence."""


def draw_formula(latex: str, *, size: float = 28.0) -> str:
    """Return the formula as an SVG document whose ink is `currentColor`.

    Args:
        latex: Math-mode LaTeX without delimiters.
        size: Font size in pixels.

    Raises:
        DrawingError: The formula is incomplete or cannot be drawn.
    """
    if not latex.strip():
        raise DrawingError("There is no formula to draw.")
    if len(latex) > LONGEST_DRAWN:
        raise DrawingError(f"The formula is too long to draw: {len(latex)} characters.")
    try:
        # Canonical form leaves few of the spellings that ziamath takes for something else.
        spelt = _spelt_for_ziamath(join_tokens(normalise(latex)))
    except (LatexError, RecursionError) as error:
        raise DrawingError(f"{str(error) or 'The formula is nested too deeply'}".rstrip(".") + ".") from error
    if not spelt.strip():
        raise DrawingError("There is nothing to draw.")
    try:
        drawing = _ziamath().Latex(spelt, size=size, color="currentColor")
        _refuse_substitutes(drawing)
        svg: str = drawing.svg()
    except DrawingError:
        raise
    except Exception as error:  # its two libraries raise whatever comes
        logger.info("No drawing of %r", latex, exc_info=True)
        raise DrawingError("This formula cannot be drawn; its LaTeX may be incomplete.") from error
    return svg


@functools.cache
def _ziamath() -> Any:
    import ziamath
    from ziamath.config import config

    config.svg2 = False  # plain paths, without references inside the page
    return ziamath


def _refuse_substitutes(drawing: Any) -> None:
    """Refuse what would be drawn as it is written, an unknown command, or as an empty box, a missing glyph."""
    element: ElementTree.Element
    for element in drawing.mathml.iter():
        text = (element.text or "").strip()
        if text.startswith("\\") and len(text) > 1:
            raise DrawingError(f"The drawing does not know {text}.")
        for character in text:
            if drawing.font.glyphindex(character) == 0:
                raise DrawingError(f"The drawing has no glyph for {character}.")


def _spelt_for_ziamath(latex: str) -> str:
    """Spell canonical LaTeX as ziamath reads it: first cells not empty, scripted environments in braces."""
    latex = _EMPTY_FIRST_CELL.sub(r"\1~", re.sub(r"\\not\s*=", r"\\neq ", latex))
    begun: list[int] = []
    braces: list[tuple[int, str]] = []
    for edge in _ENVIRONMENT_EDGE.finditer(latex):
        if edge[1]:
            begun.append(edge.start())
        elif begun:
            start = begun.pop()
            if edge[2]:
                braces += [(start, "{"), (edge.start(2), "}")]
    for position, brace in sorted(braces, reverse=True):
        latex = latex[:position] + brace + latex[position:]
    return latex
