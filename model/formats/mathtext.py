"""Draw a formula with matplotlib's mathtext: quick, but it knows no environments and few of the stacking commands.

What it refuses, and what it would draw wrongly, `drawing` draws.
"""

from __future__ import annotations

import functools
import logging
import os
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from model.formats.format_error import FormatError
from model.formats.mathtext_spelling import spelt_for_mathtext
from model.formats.words import holds_words, words_as_rows

MOST_PIXELS = 40_000_000


class _RefuseSubstitutes(logging.Filter):
    """Turns mathtext's log line about a dummy glyph into an error, for the image would show another formula."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything below a warning pass."""
        if record.levelno >= logging.WARNING:
            raise FormatError(record.getMessage())
        return True


def draw_coverage(latex: str, size: float) -> NDArray[np.uint8]:
    """Return how much ink each pixel has, (height, width), 0 to 255.

    Args:
        latex: Math-mode LaTeX without delimiters, or words with formulas between dollars.
        size: Font size in pixels.

    Raises:
        FormatError: Mathtext cannot draw the formula, or would draw another.
    """
    if holds_words(latex):
        latex = words_as_rows(latex)
    parser, family = _mathtext()
    font = family.copy()
    font.set_size(size)
    mathtext_log = logging.getLogger("matplotlib.mathtext")
    mathtext_log.addFilter(refusal := _RefuseSubstitutes())
    try:
        # At 72 dots per inch a point is a pixel.
        parsed = parser.parse(f"${spelt_for_mathtext(latex)}$", dpi=72, prop=font)
    except (ValueError, RuntimeError, LookupError, AttributeError, TypeError) as error:
        raise FormatError(str(error)) from error
    finally:
        mathtext_log.removeFilter(refusal)
    coverage: NDArray[np.uint8] = np.asarray(parsed.image)
    if coverage.size > MOST_PIXELS:
        raise FormatError("The formula is too large for a preview.")
    return coverage


def load_mathtext() -> None:
    """Load the library, which takes a good part of a second."""
    _mathtext()


@functools.cache
def _mathtext() -> tuple[Any, Any]:
    """Load mathtext with the fonts it brings; return its parser and the font to parse with."""
    # A scan of all fonts of the system takes seconds and none is used. The list of fonts goes to a folder of our own,
    # for a list without the system's fonts would spoil other programs that use matplotlib.
    os.environ.setdefault("MPL_IGNORE_SYSTEM_FONTS", "1")
    os.environ.setdefault("MPLCONFIGDIR", str(Path(platformdirs.user_cache_dir("snaptex")) / "matplotlib"))
    from matplotlib import _mathtext as internals
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    # WORKAROUND: mathtext puts a third of an x's height before a superscript, and half of it after an integral. TeX has
    # the italic correction there: none for an x, a quarter for an f.
    constants = internals.ComputerModernFontConstants
    constants.delta, constants.delta_slanted, constants.delta_integral = 0.06, 0.2, 0.27
    constants.script_space = 0.05

    # Computer Modern: the preview then looks like most of what is captured, and the Greek variants are TeX's.
    return MathTextParser("agg"), FontProperties(family="cmr10", math_fontfamily="cm")
