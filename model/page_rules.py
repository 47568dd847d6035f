"""Tell rules of a table and the edge of a page, which run through the whole image, from the strokes of a formula.

The one hard fact: an image cut to its ink is crossed from edge to edge by its own fraction bar or overline. So a rule
goes only where it runs on far beyond what is written, or where all of that lies on one side of it, some way off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.components import components_of
from model.text_height import estimate_text_height

_INK_LEVEL = 0.35  # above this share of full ink a pixel belongs to a rule
_THROUGH = 0.97  # of the way from edge to edge
_THICKNESS = 0.45  # heights of a digit
_EDGE_THICKNESS = 0.3  # of the image: what lies beside a page
_HOOK, _HOOK_INK = 0.3, 0.15  # of a bracket: heights of a digit; more ink than in the middle
_GAP = 0.45  # heights of a digit: TeX sets an overline a fifth of one above its letters
_SOFT_EDGE = 2  # pixels

FloatArray = NDArray[np.float32]
Band = tuple[int, int]
"""First row or column, and the first beyond."""


def without_page_rules(ink: FloatArray) -> tuple[FloatArray, list[tuple[int, int, int, int]]]:
    """Take away the rules of a table and what lies beyond the edge of a page.

    Args:
        ink: (height, width) in [0, 1].

    Returns:
        The ink that is left, and left, top, right and bottom of what went; the ink itself where nothing did.
    """
    mask = ink > _INK_LEVEL
    rows, columns = (_bands(mask.mean(axis=axis) >= _THROUGH) for axis in (1, 0))
    if not rows and not columns:
        return ink, []
    written = mask.copy()
    for top, bottom in rows:
        written[_grown(top, bottom)] = False
    for left, right in columns:
        written[:, _grown(left, right)] = False
    _, boxes = components_of(written)
    if not len(boxes):
        return ink, []
    digit = estimate_text_height(boxes)
    height, width = mask.shape
    down = (int(boxes[:, 0].min()), int(boxes[:, 1].max()))
    across = (int(boxes[:, 2].min()), int(boxes[:, 3].max()))
    if _is_closed(rows, height) and _is_closed(columns, width):
        return ink, []  # the frame of `\\boxed`, cut to its ink: any other has gone before
    rows = [band for band in rows if _is_rule(band, height, down, across, width, digit)]
    cleared = ink.copy()
    for top, bottom in rows:
        cleared[_grown(top, bottom)] = 0.0
    columns = [
        band
        for band in columns
        if _is_rule(band, width, across, down, height, digit) and not _is_bracket(cleared, band, digit)
    ]
    for left, right in columns:
        cleared[:, _grown(left, right)] = 0.0
    gone = [(0, top, width, bottom) for top, bottom in rows] + [(left, 0, right, height) for left, right in columns]
    return (cleared, gone) if gone else (ink, [])


def _bands(is_full: NDArray[np.bool_]) -> list[Band]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_full, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _is_closed(bands: list[Band], extent: int) -> bool:
    """Say whether there is a band at either edge and none between."""
    return len(bands) == 2 and bands[0][0] <= _SOFT_EDGE and bands[1][1] >= extent - _SOFT_EDGE


def _grown(start: int, end: int) -> slice:
    return slice(max(0, start - _SOFT_EDGE), end + _SOFT_EDGE)


def _is_bracket(ink: FloatArray, band: Band, digit: float) -> bool:
    """Say whether a stroke down through the image has the hooks of a bracket, at the ends and nowhere between."""
    start, end = band
    reach = 1 + max(2, round(_HOOK * digit))
    for beside in (ink[:, max(0, start - reach) : max(0, start - 1)], ink[:, end + 1 : end + reach]):
        if beside.shape[1] and len(beside) > 4 * _SOFT_EDGE:
            rows = beside.max(axis=1)
            most = max(rows[:_SOFT_EDGE].max(), rows[-_SOFT_EDGE:].max())
            if most > rows[2 * _SOFT_EDGE : -2 * _SOFT_EDGE].max() + _HOOK_INK:
                return True
    return False


def _is_rule(band: Band, extent: int, written: Band, along: Band, length: int, digit: float) -> bool:
    """Say whether a band that runs through the image is no stroke of the formula.

    Args:
        band: Its place.
        extent: Of the image, in the direction across the band.
        written: Where all else is, in that direction.
        along: Where all else is, in the direction of the band.
        length: Of the image, in that direction.
        digit: Height of a digit.
    """
    start, end = band
    is_at_edge = start == 0 or end == extent
    if end - start > (_EDGE_THICKNESS * extent if is_at_edge else _THICKNESS * digit):
        return False
    gap = _GAP * digit
    runs_on = min(along[0], length - along[1]) >= gap
    is_beside = end + gap <= written[0] or start - gap >= written[1]
    return is_beside or (runs_on and not is_at_edge)
