"""Tells images that hold nothing to read: a photograph, a chart, noise, a text in a script that no training has shown.

The network writes something for every image. What tells is how little it believes of what it writes, and that ink,
letters and tokens are not in the proportions of text.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from model.components import components_of
from model.latex.prose import GAP, WORDS
from model.layout.layout_input import INK_LEVEL, BoolArray, IntArray
from model.layout.line_inputs import ImageLines
from model.recognition.calibration import ConfidenceLevel
from model.recognition.result import Recognition
from model.text_height import SPECK

NOTHING_TO_READ = "There is no formula or text in this image that can be read."

_LEAST_LEGIBLE, _HOPELESS = 0.1, 0.02
_LEAST_LEGIBLE_OF_SURE = 0.8
_ONLY_GAPS = frozenset({WORDS, GAP, "~", *".,;:?!"})

_SMALLEST_TEXT, _MOST_PIXELS_OF_SPECKS = 4.0, 1_000_000
"""Pixels of a digit in the ink, and of all lines as the network reads them. Text is never so small; 115 dots of one
pixel were 68 lines of 3.4 million pixels, which took 10 s of the processor's time to read."""
_SMALL_TEXT, _MOST_PIXELS_OF_A_LINE = 8.0, 240_000
"""The same of a single line: noise becomes one of 590,000 pixels. Of 702 crops that are read none has one of more than
170,000, in text of any size."""

_SAMPLE, _LINES_OF_MANY, _PIXELS_OF_MANY = 3, 5, 300_000
"""Lines that are read first of an image that would take more than a second: five or more, in so many pixels."""

# Weights of a logistic regression: docs/decisions/115-nothing-to-read.md says on what, and what came of it.
_CONSTANT = 10.76
_MEAN, _MEAN_OF_ONE_TOKEN, _LOG_ODDS = 11.63, -2.45, 0.51
_INK, _FULL_INK_SHARE, _TALLER, _MORE_MARKS, _SMALLER = -10.16, -6.41, -4.0, -4.07, -0.88

_SEVERAL_TOKENS = 5
_MOST_LOG_ODDS = math.log(999)
_FULL_INK = 0.8
_TALL_TEXT, _HUGE_TEXT = 40.0, 50.0  # pixels of a digit in the ink
_MARKS_A_TOKEN = 2.0
_TINY_INPUT = 4000  # pixels as the network reads them: a few symbols
_NO_LINE = 0.1  # the layout's confidence in the likeliest line
_LONGEST_BAR, _SOLID = 80, 0.9  # pixels of a dash, as of an equals sign; and how much of its box a bar fills
_SYMBOL_MARKS, _SYMBOL_SIDE = 3, 64  # pixels of the ink's box


def holds_specks(image: ImageLines) -> bool:
    """Say, before anything is read, whether an image holds specks or noise that would be enlarged to letters.

    Args:
        image: Its lines, as the layout found them.
    """
    pixels = [line.network_input.size for line in image.inputs]
    height = _text_height(image)
    return (height < _SMALLEST_TEXT and sum(pixels) > _MOST_PIXELS_OF_SPECKS) or (
        height < _SMALL_TEXT and max(pixels) > _MOST_PIXELS_OF_A_LINE
    )


def sample_of_lines(image: ImageLines) -> ImageLines | None:
    """Return a few lines of middling size where an image has many; if they are hopeless, so is the rest.

    Args:
        image: Its lines, as the layout found them.
    """
    inputs = sorted(image.inputs, key=lambda line: line.network_input.size)
    if len(inputs) < _LINES_OF_MANY or sum(line.network_input.size for line in inputs) < _PIXELS_OF_MANY:
        return None
    start = (len(inputs) - _SAMPLE) // 2
    chosen = tuple(inputs[start : start + _SAMPLE])
    layout = replace(image.layout, lines=tuple(one.line for one in chosen))
    return ImageLines(layout, chosen, image.ink)


def judged(image: ImageLines, recognition: Recognition) -> Recognition:
    """Return what was read of an image with its legibility; what may be nothing is never sure.

    Args:
        image: Its lines, as the layout found them.
        recognition: What was read in them.
    """
    legibility = legibility_of(image, recognition)
    level = recognition.confidence_level
    if legibility < _LEAST_LEGIBLE_OF_SURE and level is ConfidenceLevel.SURE:
        level = ConfidenceLevel.CHECK
    return replace(recognition, legibility=legibility, confidence_level=level)


def holds_something(recognition: Recognition) -> bool:
    """Say whether what was read of an image, with its legibility, is worth showing."""
    return bool(recognition.token_log_probabilities) and recognition.legibility >= _LEAST_LEGIBLE


def is_hopeless(image: ImageLines, recognition: Recognition) -> bool:
    """Say whether an image is to be read no second time, in another way: it holds nothing in any."""
    return legibility_of(image, recognition) < _HOPELESS


def legibility_of(image: ImageLines, recognition: Recognition) -> float:
    """Return how probably an image holds something to read, from 0 to 1.

    Args:
        image: Its lines, as the layout found them.
        recognition: What was read in them.
    """
    said = recognition.token_log_probabilities
    if not said:
        return 0.0
    mean = math.fsum(said) / len(said)
    confidence = min(max(recognition.confidence, 1e-3), 1.0)
    log_odds = min(math.log(confidence) - math.log(max(1.0 - confidence, 1e-3)), _MOST_LOG_ODDS)
    # A single token says little of itself: it is improbable where the symbol could be one of several.
    fewness = max(0.0, 1.0 - (len(said) - 1) / (_SEVERAL_TOKENS - 1))

    ink = image.ink.ink
    is_inked = ink > INK_LEVEL
    full_ink = float((ink[is_inked] > _FULL_INK).mean()) if is_inked.any() else 0.0
    labels, boxes = components_of(is_inked)
    sides = np.maximum(boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2])
    marks = max(int((sides > SPECK).sum()), 1)
    is_symbol = _is_symbol(is_inked, len(boxes))  # which a network may take for a letter of any script
    if _ONLY_GAPS.issuperset(recognition.tokens):
        return _LEAST_LEGIBLE if is_symbol else 0.0
    if max(line.confidence for line in image.layout.lines) < _NO_LINE and _are_long_bars(labels, boxes):
        return 0.0  # stripes, which the network takes for an equals sign, and surely
    height = max(_text_height(image), 1.0)
    pixels = sum(line.network_input.size for line in image.inputs)
    smaller = max(0.0, math.log(_TINY_INPUT / pixels)) if height < _HUGE_TEXT else 0.0

    score = _CONSTANT + math.fsum(
        (
            _MEAN * mean,
            _MEAN_OF_ONE_TOKEN * fewness * mean,
            _LOG_ODDS * log_odds,
            _INK * float(ink.mean()),
            _FULL_INK_SHARE * full_ink,
            _TALLER * max(0.0, math.log(height / _TALL_TEXT)),
            _MORE_MARKS * max(0.0, math.log(marks / len(said) / _MARKS_A_TOKEN)),
            _SMALLER * smaller,
        )
    )
    probability = 1.0 / (1.0 + math.exp(-score)) if score > -500 else 0.0
    return max(probability, _LEAST_LEGIBLE) if is_symbol else probability


def _are_long_bars(labels: IntArray, boxes: IntArray) -> bool:
    """Say whether there is nothing but solid rectangles, and some are longer than a dash of text."""
    if not len(boxes):
        return False
    heights, widths = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]
    filled = np.bincount(labels.ravel(), minlength=len(boxes) + 1)[1:] / (heights * widths)
    return bool((filled >= _SOLID).all() and max(heights.max(), widths.max()) > _LONGEST_BAR)


def _is_symbol(is_inked: BoolArray, marks: int) -> bool:
    """Say whether all there is is a symbol or two, which are shown even where the network is sure of nothing."""
    if not 0 < marks <= _SYMBOL_MARKS:
        return False
    return max(int(np.ptp(places)) for places in np.nonzero(is_inked)) < _SYMBOL_SIDE


def nothing_read(seconds: float = 0.0) -> Recognition:
    """Return the empty recognition of an image that holds nothing to read, and the seconds it took to see that."""
    return Recognition(latex="", tokens=(), token_log_probabilities=(), confidence=0.0, seconds=seconds)


def _text_height(image: ImageLines) -> float:
    """Return the height of a digit in the ink."""
    return image.layout.text_height / image.ink.factor
