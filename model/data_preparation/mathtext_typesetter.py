"""Typeset formulas with matplotlib's mathtext: the look of plots and notebooks, for what it can draw.

The one hard fact: mathtext refuses environments and many commands, and for a glyph it lacks it draws a dummy with a
warning; both count as refused here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser
from PIL import Image

from model.data_preparation.font_setups import Look

_BORDER: Final = 6


def typeset(formula: str, look: Look) -> Image.Image | str:
    """Typeset one formula.

    Args:
        formula: LaTeX of math mode.
        look: Font, size, resolution; mathtext knows no display style of its own.

    Returns:
        Grey, black on white, with a blank border; or the reason why it was refused.
    """
    text = rf"${' '.join(formula.split())}$"
    properties = FontProperties(size=look.size_pt, math_fontfamily=look.font)
    with _dummy_glyphs() as warnings:
        try:
            parsed = _parser().parse(text, dpi=look.dpi, prop=properties)
        except (ValueError, RuntimeError, AttributeError, TypeError, IndexError, KeyError):
            return "mathtext can't draw it"  # its parser gives up with any of these
    if warnings:
        return "mathtext lacks a glyph"
    ink = np.asarray(parsed.image)
    if ink.size == 0:
        return "blank"
    return Image.fromarray(np.pad(255 - ink, _BORDER, constant_values=255))


@cache
def _parser() -> MathTextParser[Any]:
    return MathTextParser("agg")


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def _dummy_glyphs() -> Iterator[list[logging.LogRecord]]:
    """Collect mathtext's warnings, which are all about glyphs it replaced, instead of printing them."""
    handler = _Collector()
    logger = logging.getLogger("matplotlib.mathtext")
    logger.addHandler(handler)
    propagated, logger.propagate = logger.propagate, False
    try:
        yield handler.records
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagated
