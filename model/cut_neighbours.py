"""Tell slices of a neighbouring line, which a rectangle dragged too far cut off at its edge, from the formula.

The one hard fact: whatever was dragged over is the user's, and a tight rectangle ends at the formula's own ink. So
nothing goes at the sides, where a slice cannot be told from a first or last symbol; above and below only what is
plainly a sliver of a line: thin pieces in a row that all touch the edge, apart from all other ink.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_THICKEST_SLIVER = 0.4  # In heights of a digit.
_LEAST_GAP = 0.6  # In heights of a digit: more than between a limit and its sum, a bar and its letter.
_LEAST_PIECES = 4
_LEAST_SPAN = 3.0  # In heights of a digit, from the first to the last piece.

Integers = NDArray[np.int64]


def without_cut_neighbours(
    boxes: Integers, size: tuple[int, int], text_height: Callable[[Integers], float]
) -> Integers:
    """Leave out the components that are a sliver of the line above or below.

    Args:
        boxes: (components, 4) of top, bottom, left, right in pixels.
        size: Height and width of the image.
        text_height: Estimates the height of a digit from boxes of components.

    Returns:
        The boxes that are left; all of them where nothing else would be.
    """
    height = size[0]
    keep = np.ones(len(boxes), dtype=bool)
    for near, far in ((boxes[:, 0], boxes[:, 1]), (height - boxes[:, 1], height - boxes[:, 0])):
        touches = near == 0
        inner = boxes[~touches]
        if not len(inner) or touches.sum() < _LEAST_PIECES:
            continue
        digit = text_height(inner)
        # A dot may lie whole in the sliver whose letters are cut.
        sliver = far <= _THICKEST_SLIVER * digit
        pieces = boxes[sliver & touches]
        if (touches & ~sliver).any() or len(pieces) < _LEAST_PIECES or sliver.all():
            continue
        span = pieces[:, 3].max() - pieces[:, 2].min()
        is_apart = far[sliver].max() + _LEAST_GAP * digit <= near[~sliver].min()
        if is_apart and span >= _LEAST_SPAN * digit:
            keep &= ~sliver
    return boxes[keep] if keep.any() else boxes
