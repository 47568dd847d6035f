"""Tells images that hold nothing to read: a photograph, a chart, noise, a text in a script that no training has shown.

The network writes something for every image. What tells is that ink covers too much of it, that the layout finds no
line, and how little the network believes what it writes: a formula read wrong is unsure at a few of its tokens, and
nonsense at nearly all of them.
"""

from __future__ import annotations

import math

import numpy as np

from model.components import components_of
from model.layout.layout import LineKind
from model.layout.layout_input import INK_LEVEL, FloatArray
from model.layout.line_inputs import ImageLines
from model.recognition.result import Recognition

NOTHING_TO_READ = "There is no formula or text in this image that can be read."

_MOST_INK = 0.3  # of an image: of 700 formulas and lines of words none has more than 0.25
_NO_LINE = 0.1  # the layout's confidence in the likeliest line
_NEVER_RIGHT, _SELDOM_RIGHT, _HALF_RIGHT = 0.05, 0.25, 0.5  # confidence
_UNBELIEVED_WITHOUT_LINE, _UNBELIEVED_WORDS, _UNBELIEVED_FORMULA = 0.67, 0.55, 0.3
"""Below these geometric means of the tokens' probabilities what was read may be nonsense."""
_SURE_TOKEN, _LEAST_SURE = 0.8, 0.36
"""Of words that are read badly more than a third of the letters are as probable as that; of another script's fewer."""


_SMALLEST_TEXT, _MOST_PIXELS_OF_SPECKS = 4.0, 1_000_000
"""Pixels of a digit in the ink, and of all lines as the network reads them. Text is never so small; 115 dots of one
pixel were 68 lines of 3.4 million pixels, which took 10 s of the processor's time to read."""
_LONGEST_BAR, _SOLID = 80, 0.95
"""Pixels of a dash, as of an equals sign or a fraction; and how much of its box a bar fills."""
_LARGE_TEXT, _FULL_INK, _LEAST_FULL = 100, 0.8, 0.6
"""Of letters of 110 to 260 pixels in four fonts at least .76 of the inked pixels have that much ink, of blurred noise
and gradients .5 at most."""


def holds_specks(image: ImageLines) -> bool:
    """Say, before anything is read, whether an image holds specks that would be read one by one, each enlarged to text.

    Args:
        image: Its lines, as the layout found them.
    """
    pixels = sum(line.network_input.size for line in image.inputs)
    return image.layout.text_height < _SMALLEST_TEXT * image.ink.factor and pixels > _MOST_PIXELS_OF_SPECKS


def holds_something(image: ImageLines, recognition: Recognition) -> bool:
    """Say whether an image holds something to read.

    Args:
        image: Its lines, as the layout found them.
        recognition: What was read in them.
    """
    probabilities = recognition.token_log_probabilities
    if not probabilities:
        return False
    if recognition.confidence < _HALF_RIGHT and float(image.ink.ink.mean()) > _MOST_INK:
        return False
    belief = math.exp(math.fsum(probabilities) / len(probabilities))
    if max(line.confidence for line in image.layout.lines) < _NO_LINE:
        # Stripes, which the network takes for an equals sign, and surely; and blobs, for a letter.
        if _holds_long_bars(image.ink.ink) or _is_large_and_soft(image):
            return False
        is_nonsense = belief < _UNBELIEVED_WITHOUT_LINE and recognition.confidence < _SELDOM_RIGHT
        return not is_nonsense and recognition.confidence >= _NEVER_RIGHT
    if recognition.confidence >= _NEVER_RIGHT:
        return True
    largest = max(image.layout.lines, key=lambda line: line.ink.size)
    if largest.kind is LineKind.FORMULA:
        return belief >= _UNBELIEVED_FORMULA
    sure = sum(one > math.log(_SURE_TOKEN) for one in probabilities) / len(probabilities)
    return belief >= (_UNBELIEVED_WORDS if sure < _LEAST_SURE else _UNBELIEVED_FORMULA)


def nothing_read(seconds: float = 0.0) -> Recognition:
    """Return the empty recognition of an image that holds nothing to read, and the seconds it took to see that."""
    return Recognition(latex="", tokens=(), token_log_probabilities=(), confidence=0.0, seconds=seconds)


def _is_large_and_soft(image: ImageLines) -> bool:
    """Say whether what would be letters of a hundred pixels and more is of many shades, as no large letter is."""
    if image.layout.text_height < _LARGE_TEXT * image.ink.factor:
        return False
    inked = image.ink.ink[image.ink.ink > INK_LEVEL]
    return bool((inked > _FULL_INK).mean() < _LEAST_FULL)


def _holds_long_bars(ink: FloatArray) -> bool:
    """Say whether there is nothing but solid rectangles, and some are longer than a dash of text."""
    labels, boxes = components_of(ink > INK_LEVEL)
    if not len(boxes):
        return False
    heights, widths = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]
    filled = np.bincount(labels.ravel(), minlength=len(boxes) + 1)[1:] / (heights * widths)
    return bool((filled >= _SOLID).all() and max(heights.max(), widths.max()) > _LONGEST_BAR)
