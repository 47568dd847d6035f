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
_NEVER_RIGHT, _SELDOM_RIGHT = 0.05, 0.25  # confidence
_UNBELIEVED_WITHOUT_LINE, _UNBELIEVED_WORDS, _UNBELIEVED_FORMULA = 0.67, 0.55, 0.3
"""Below these geometric means of the tokens' probabilities what was read may be nonsense."""
_SURE_TOKEN, _LEAST_SURE = 0.8, 0.36
"""Of words that are read badly more than a third of the letters are as probable as that; of another script's fewer."""


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
    if max(line.confidence for line in image.layout.lines) < _NO_LINE:
        is_nonsense = belief < _UNBELIEVED_WITHOUT_LINE and recognition.confidence < _SELDOM_RIGHT
        return not is_nonsense and recognition.confidence >= _NEVER_RIGHT
    if recognition.confidence >= _NEVER_RIGHT:
        return True
    largest = max(image.layout.lines, key=lambda line: line.ink.size)
    if largest.kind is LineKind.FORMULA:
        return belief >= _UNBELIEVED_FORMULA
    sure = sum(one > math.log(_SURE_TOKEN) for one in probabilities) / len(probabilities)
    return belief >= (_UNBELIEVED_WORDS if sure < _LEAST_SURE else _UNBELIEVED_FORMULA)


def nothing_read(recognition: Recognition) -> Recognition:
    """Return the empty recognition of an image that holds nothing to read."""
    return Recognition(latex="", tokens=(), token_log_probabilities=(), confidence=0.0, seconds=recognition.seconds)
