"""Connected components of ink, and the few operations on images of bits and ink that go with them, in NumPy alone.

SciPy has them all, in a hundred megabytes that take a third of a second to load.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.bool_]
Integers = NDArray[np.int64]

SOFT_EDGE = 2
"""Pixels of a stroke's soft edge."""

_FAINT_INK = 0.25
_LEAST_STROKE, _LEAST_PIXELS = 0.3, 3
"""Heights of a digit, and pixels; shorter marks that are as faint are grain, or what JPEG leaves."""


def components_of(mask: Bits) -> tuple[Integers, Integers]:
    """Find the connected components of a mask, (height, width); pixels that touch by a corner are connected.

    Runs of pixels in a row are joined with those that touch them in the row above, and then take over the least number
    of what they are joined with until nothing changes (Rosenfeld and Pfaltz 1966, by runs instead of pixels).

    Returns:
        For each pixel the number of its component, from 1 in the order of reading, 0 for none; and the components'
        boxes, (components, 4) of top, bottom, left, right.
    """
    labels = np.zeros(mask.shape, np.int64)
    rows, starts, ends = _runs(mask)
    if not len(rows):
        return labels, np.zeros((0, 4), np.int64)
    numbers = _joined(len(rows), *_touching(rows, starts, ends, mask.shape[1]))
    _, numbers = np.unique(numbers, return_inverse=True)
    labels[mask] = np.repeat(numbers + 1, ends - starts)
    boxes = np.zeros((int(numbers.max()) + 1, 4), np.int64)
    boxes[:, [0, 2]] = max(mask.shape)
    np.minimum.at(boxes[:, 0], numbers, rows)
    np.maximum.at(boxes[:, 1], numbers, rows + 1)
    np.minimum.at(boxes[:, 2], numbers, starts)
    np.maximum.at(boxes[:, 3], numbers, ends)
    return labels, boxes


def faint_strokes(ink: NDArray[np.float32], strong: Bits, digit: float) -> tuple[Integers, Integers]:
    """Find the strokes that are fainter than ink is elsewhere and touch none of it: half of a `=`, a minus, a bar.

    Small print's thin strokes fall between two rows of pixels. What begins at the image's edge may be the soft edge of
    what was cut off there, and is none. Canny's two thresholds (1986) serve the other way round here: what is faint and
    touches what is strong is its soft edge.

    Args:
        ink: (height, width) in [0, 1].
        strong: (height, width), what is ink for certain.
        digit: Height of a digit in pixels.

    Returns:
        As `components_of`.
    """
    faint = (ink > _FAINT_INK) & ~dilated(strong, SOFT_EDGE)
    if not faint.any():
        return np.zeros(ink.shape, np.int64), np.zeros((0, 4), np.int64)
    labels, boxes = components_of(faint)
    top, bottom, left, right = boxes.T
    is_stroke = np.maximum(bottom - top, right - left) >= max(_LEAST_STROKE * digit, _LEAST_PIXELS)
    is_stroke &= (top > 0) & (left > 0) & (bottom < ink.shape[0]) & (right < ink.shape[1])
    numbers = np.zeros(len(boxes) + 1, np.int64)
    numbers[1:][is_stroke] = np.arange(1, is_stroke.sum() + 1)
    return numbers[labels], boxes[is_stroke]


def dilated(mask: Bits, iterations: int) -> Bits:
    """Spread a mask to the pixels above, below and beside, so many times."""
    for _ in range(iterations):
        spread = mask.copy()
        spread[1:] |= mask[:-1]
        spread[:-1] |= mask[1:]
        spread[:, 1:] |= mask[:, :-1]
        spread[:, :-1] |= mask[:, 1:]
        mask = spread
    return mask


def dilated_across(mask: Bits, width: int) -> Bits:
    """Spread each pixel of a mask to `width` pixels of its row, an odd number, of which it is the middle one."""
    reach = width // 2
    counts = np.pad(mask, ((0, 0), (reach + 1, reach))).cumsum(axis=1, dtype=np.int32)
    spread: Bits = counts[:, width:] > counts[:, :-width]
    return spread


def blurred(image: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Blur an image by a Gaussian, cut off at four times its width; what lies outside mirrors what lies inside."""
    reach = int(4.0 * sigma + 0.5)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    padded = np.pad(image, reach, mode="symmetric")
    height, width = image.shape
    down = sum(weight * padded[shift : shift + height] for shift, weight in enumerate(kernel))
    across: NDArray[np.float32] = sum(weight * down[:, shift : shift + width] for shift, weight in enumerate(kernel))
    return across


def _runs(mask: Bits) -> tuple[Integers, Integers, Integers]:
    """Return row, start and end of each run of pixels, in the order of reading."""
    changes = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(changes == 1)
    return rows, starts, np.nonzero(changes == -1)[1]


def _touching(rows: Integers, starts: Integers, ends: Integers, width: int) -> tuple[Integers, Integers]:
    """Return pairs of runs that touch: of each the one below and the one above."""
    a_row = width + 2  # so that no run ends where the next row's begins
    first = np.searchsorted(rows * a_row + ends, (rows - 1) * a_row + starts, side="left")
    after = np.searchsorted(rows * a_row + starts, (rows - 1) * a_row + ends, side="right")
    counts = np.maximum(after - first, 0)
    below = np.repeat(np.arange(len(rows)), counts)
    within = np.arange(len(below)) - np.repeat(np.cumsum(counts) - counts, counts)
    return below, np.repeat(first, counts) + within


def _joined(count: int, below: Integers, above: Integers) -> Integers:
    """Return for each run the first run of its component."""
    first = np.arange(count)
    while True:
        least = np.minimum(first[below], first[above])
        before = first.copy()
        # What a run was joined with before is joined as well: by it, whole components change at once.
        for runs in (below, above, before[below], before[above]):
            np.minimum.at(first, runs, least)
        first = first[first]
        if np.array_equal(first, before):
            return first
