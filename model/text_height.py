"""How high the text of an image is, which decides at what scale it is read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SPECK = 3
"""Pixels of the marks that paper and scanners add, at most."""

_LETTERS_OF_WORDS = 14
_LEAST_LEVEL = 0.45
_LEAST_TALL = 0.1
_ASCENDER = (1.3, 1.75)
"""Heights of letters with ascenders, and of capitals, relative to those without; in a line of words of fourteen letters
or more nearly half have none, and a tenth have one."""
_BASELINE_SPREAD, _LEAST_ON_BASELINE = 0.12, 0.8
_THIN, _TALL, _FILLED = 2.6, 1.9, 0.6
"""Of a tall delimiter: least height in its widths and in heights of other symbols; share of it that those fill."""
_MOST_FRAMES, _LEAST_HELD = 20, 0.3
"""Of what stands round symbols: how many are looked for, and the least height in it of what it holds."""
_NARROW, _VERY_TALL = 1.8, 2.5
"""The same of integral signs, which slant."""
_MANY_INTEGRALS, _LEAST_OTHERS = 0.15, 4
"""Share of a formula's symbols from which on its integral signs would decide its size; and symbols to compare with."""


def estimate_text_height(boxes: NDArray[np.int64]) -> float:
    """Estimate the height of a digit in pixels from connected components of ink.

    Rules, dots and tall delimiters are set aside, and specks where they are most of what there is; of what is left,
    the upper half is letters with ascenders, capitals and digits, and their median is the estimate.

    Args:
        boxes: (components, 4) of top, bottom, left, right; at least one.
    """
    heights, widths = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]
    is_speck = np.maximum(heights, widths) <= SPECK
    if 2 * is_speck.sum() > len(boxes) and heights.max() >= 3 * SPECK:
        heights, widths, boxes = heights[~is_speck], widths[~is_speck], boxes[~is_speck]
    glyph_like = (widths < 4 * heights) & (heights < 6 * widths)
    if not glyph_like.any():
        # Only bars, minus signs or lines: their length is about a digit's height or more.
        return float(max(np.median(np.maximum(heights, widths)), 1.0))
    glyph_like &= ~_tall_delimiters(boxes, glyph_like)
    glyph_like &= ~_frames(boxes, glyph_like)
    glyph_like &= heights >= 0.3 * np.percentile(heights[glyph_like], 80)  # dots, primes, specks
    sizes = np.sort(heights[glyph_like]).astype(np.float64)
    ascenders = _ascenders_of_words(boxes[glyph_like])
    if len(ascenders):
        return float(np.median(ascenders))
    typical = _typical(sizes)
    return float(max(np.median(sizes[(sizes >= 0.7 * typical) & (sizes <= 1.6 * typical)]), 1.0))


def _typical(sizes: NDArray[np.float64]) -> float:
    """Return the median of the upper half of sorted heights: one that occurs, so that it has itself for company."""
    upper = sizes[len(sizes) // 2 :]
    return float(upper[len(upper) // 2])


def _tall_delimiters(boxes: NDArray[np.int64], glyph_like: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which components are brackets round a fraction or a matrix, or integral signs of a formula of few symbols.

    The brackets are thin, far higher than all that is not, and what they hold fills most of their height, as the stars
    of `(**)` do not. Two of them are a quarter of the ink of a short formula, and it would be shrunk to what is as high
    as a digit.
    """
    tops, bottoms = boxes[:, 0], boxes[:, 1]
    heights, widths = bottoms - tops, boxes[:, 3] - boxes[:, 2]
    is_speck = np.maximum(heights, widths) <= SPECK
    tall = np.zeros(len(boxes), dtype=bool)
    is_other = glyph_like & (heights <= _THIN * widths) & ~is_speck
    if is_other.any():
        filled = np.minimum(bottoms, bottoms[is_other].max()) - np.maximum(tops, tops[is_other].min())
        typical = _typical(np.sort(heights[is_other]).astype(np.float64))
        tall = (heights > _THIN * widths) & (heights > _TALL * typical) & (filled > _FILLED * heights)
    is_other = glyph_like & (heights <= _NARROW * widths) & ~is_speck
    if is_other.sum() >= _LEAST_OTHERS:
        typical = _typical(np.sort(heights[is_other]).astype(np.float64))
        integrals = (heights > _NARROW * widths) & (heights > _VERY_TALL * typical)
        if integrals.sum() > _MANY_INTEGRALS * glyph_like.sum():
            tall |= integrals
    return tall


def _frames(boxes: NDArray[np.int64], glyph_like: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which components stand round another that could be a digit: frames and radical signs."""
    is_frame = np.zeros(len(boxes), dtype=bool)
    sizes = np.maximum(boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2])
    inner = boxes[glyph_like & (sizes > SPECK)]
    for index in np.argsort(-sizes)[:_MOST_FRAMES]:
        top, bottom, left, right = boxes[index]
        holds = (inner[:, 0] > top) & (inner[:, 1] < bottom) & (inner[:, 2] > left) & (inner[:, 3] < right)
        held = inner[holds]
        is_frame[index] = len(held) > 0 and (held[:, 1] - held[:, 0]).max() > _LEAST_HELD * (bottom - top)
    return is_frame


def _ascenders_of_words(boxes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the heights of letters with ascenders where the boxes are a line of words; none where they are not.

    In a line of words most letters have no ascender, and stand on one baseline; a digit is as high as those that have
    one. In a formula letters of one height stand on several lines, those of scripts and of fractions.
    """
    heights, bottoms = boxes[:, 1] - boxes[:, 0], boxes[:, 1]
    middle = float(np.median(heights))
    level = (heights > 0.88 * middle) & (heights < 1.14 * middle)
    tall = heights[(heights >= _ASCENDER[0] * middle) & (heights <= _ASCENDER[1] * middle)]
    if len(heights) < _LETTERS_OF_WORDS or level.mean() < _LEAST_LEVEL or len(tall) < _LEAST_TALL * len(heights):
        return tall[:0]
    off_baseline = np.abs(bottoms[level] - np.median(bottoms[level]))
    is_line = (off_baseline <= max(1.0, _BASELINE_SPREAD * middle)).mean() >= _LEAST_ON_BASELINE
    return tall if is_line else tall[:0]
