"""Tell slices of neighbouring text, which a rectangle dragged too far cut off at its edge, from the formula.

The one hard fact: a rectangle dragged too short cuts the formula itself. A slice is a neighbour's only where it is
thin and lies apart from all other ink by more than the spaces inside a formula.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_THICKEST_SLICE = 0.75  # In heights of a digit; of a thicker one a person means to snip it.
_NEARLY_TOUCHING, _TALL = 0.2, 0.8  # In heights of a digit: a stroke this near the edge, if it is this tall.
_LOW, _NARROW = 0.55, 0.4  # In heights of a digit: a comma or a point is no higher and no wider.
_LEAST_GAP = 0.6  # In heights of a digit; the space round a relation is 0.45.

Integers = NDArray[np.int64]


def without_cut_neighbours(
    boxes: Integers, size: tuple[int, int], text_height: Callable[[Integers, Integers], float]
) -> Integers:
    """Leave out the components that are slices of neighbours.

    Args:
        boxes: (components, 4) of top, bottom, left, right in pixels.
        size: Height and width of the picture.
        text_height: Estimates the height of a digit from heights and widths of components.

    Returns:
        The boxes that are left; all of them where nothing else would be.
    """
    height, width = size
    # For each edge how far the near and the far side of each component lie from it: (components, edge).
    near = np.stack([boxes[:, 0], height - boxes[:, 1], boxes[:, 2], width - boxes[:, 3]], axis=1)
    far = np.stack([boxes[:, 1], height - boxes[:, 0], boxes[:, 3], width - boxes[:, 2]], axis=1)
    touches = near == 0
    inner = boxes[~touches.any(axis=1)]
    if not len(inner):
        return boxes
    digit = text_height(inner[:, 1] - inner[:, 0], inner[:, 3] - inner[:, 2])
    # Cut between its strokes, a tall symbol shows one of them near the edge; a comma there would be the formula's own.
    is_tall = boxes[:, 1] - boxes[:, 0] >= _TALL * digit
    touches[:, 2:] |= (near[:, 2:] <= _NEARLY_TOUCHING * digit) & is_tall[:, None]
    # No formula begins with a comma: at the left one is the end of what stands before, even whole.
    whole = np.flatnonzero(~touches.any(axis=1))
    if len(whole) > 1:
        first, second = whole[np.argsort(near[whole, 2])[:2]]
        is_narrow = boxes[first, 3] - boxes[first, 2] <= _NARROW * digit
        is_low = boxes[first, 1] - boxes[first, 0] <= _LOW * digit
        touches[first, 2] = is_narrow and is_low and far[first, 2] + _LEAST_GAP * digit <= near[second, 2]
    # A dot may lie whole in the slice whose letters are cut.
    in_slice = (far <= _THICKEST_SLICE * digit) & touches.any(axis=0)
    core = ~in_slice.any(axis=1)
    if not core.any():
        return boxes
    is_apart = far + _LEAST_GAP * digit <= near[core].min(axis=0)
    remaining: Integers = boxes[~(in_slice & is_apart).any(axis=1)]
    return remaining
