"""Tells images that hold nothing to read: a photograph, a chart, noise, a text in a script that no training has shown.

The network writes something for every image. What tells is that the layout finds no line, and how little the network
believes what it writes: a formula read wrong is unsure at a few of its tokens, nonsense at nearly all of them.
"""

from __future__ import annotations

import math

from model.layout.layout import LineKind
from model.layout.line_inputs import ImageLines
from model.recognition.result import Recognition

NOTHING_TO_READ = "There is no formula or text in this image that can be read."

_NO_LINE = 0.1  # the layout's confidence in the likeliest line
_SMALLEST_TEXT = 5.0  # pixels of a digit: below it strokes run together
_NEVER_RIGHT = 0.05  # confidence
_UNBELIEVED = {None: 0.67, LineKind.WORDS: 0.63, LineKind.FORMULA: 0.3}
"""Below this geometric mean of the tokens' probabilities what was read is nonsense: where there is no line, in a line
of words or a number alone, and in a formula."""


def holds_something(image: ImageLines, recognition: Recognition) -> bool:
    """Say whether an image holds something to read.

    Args:
        image: Its lines, as the layout found them.
        recognition: What was read in them.
    """
    probabilities = recognition.token_log_probabilities
    if not probabilities:
        return False
    belief = math.exp(math.fsum(probabilities) / len(probabilities))
    largest = max(image.layout.lines, key=lambda line: line.ink.size)
    if max(line.confidence for line in image.layout.lines) < _NO_LINE:
        return belief >= _UNBELIEVED[None] and recognition.confidence >= _NEVER_RIGHT
    if recognition.confidence >= _NEVER_RIGHT:
        return True
    is_tiny = image.layout.text_height < _SMALLEST_TEXT
    kind = LineKind.FORMULA if largest.kind is LineKind.FORMULA and not is_tiny else LineKind.WORDS
    return belief >= _UNBELIEVED[kind]


def nothing_read(recognition: Recognition) -> Recognition:
    """Return the empty recognition of an image that holds nothing to read."""
    return Recognition(latex="", tokens=(), token_log_probabilities=(), confidence=0.0, seconds=recognition.seconds)
