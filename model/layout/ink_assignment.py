"""Which ink belongs to which line: components of ink go to the core they touch or that they say is theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.components import components_of
from model.layout.cores import DIGIT, Cores
from model.layout.layout_input import BoolArray, Components, FloatArray, InputGrid, IntArray
from model.layout.maps import InkClass, LayoutMaps

_SIDEWAYS = 0.7  # what a cell beside a core's end counts, where one above or below it counts 1
_TOUCHING = 0.8  # heights of a digit by which a core that is touched is nearer
_ONE_LINES = 0.85  # of a component that crosses several cores: this share votes for one, so it is that one's
_FARTHEST, _FARTHEST_SHARE = (
    1.4,
    0.3,
)  # heights of a digit between a core and what is its own; of what it says is between
_BLOCK, _PERHAPS_BLOCK = 0.5, 0.2
_DELIMITER_HEIGHT, _DELIMITER_WIDTH = 1.7, 0.5  # of a tall brace: in heights of a digit; in its own height
_BAR_WIDTH = 0.22  # heights of a digit
_BESIDE = 2.5  # heights of a digit between parts of a block
_LEAST_FRAME = 2.5  # heights of a digit: a shorter stroke is no frame and no rule


@dataclass(frozen=True)
class InkPixels:
    """The pixels of ink that belong to components, and what the maps say there; all are (pixels,).

    Attributes:
        y, x: In pixels of the image.
        component: Counted from 0.
        cell: Flat index into the maps.
    """

    y: IntArray
    x: IntArray
    component: IntArray
    cell: IntArray


def ink_pixels(components: Components, grid: InputGrid, columns: int) -> InkPixels:
    """List the pixels of components and the cells they lie in; the maps have that many columns."""
    y, x = np.nonzero(components.labels)
    rows_of, columns_of = (np.floor(grid.to_cells(place + 0.5)).astype(np.int64) for place in (y, x))
    return InkPixels(y, x, components.labels[y, x].astype(np.int64) - 1, rows_of * columns + columns_of)


def split_frames(
    components: Components, maps: LayoutMaps, grid: InputGrid, digit: float
) -> tuple[Components, BoolArray]:
    """Cut frames and rules off the ink they run into.

    Args:
        components: Of the image.
        maps: Of it.
        grid: How it lies in them.
        digit: Height of a digit in pixels.

    Returns:
        Components anew, and of each whether it is a frame or a rule, (components,) of bool.
    """
    pixels = ink_pixels(components, grid, maps.core.shape[1])
    count = len(components.boxes)
    is_frame_pixel = maps.classes[InkClass.FRAME].ravel()[pixels.cell] > 0.5
    size = np.bincount(pixels.component, minlength=count)
    share = np.bincount(pixels.component, weights=is_frame_pixel, minlength=count) / np.maximum(size, 1)
    is_mixed = (share > 0.1) & (share < 0.9) & (_longer_side(components.boxes) >= _LEAST_FRAME * digit)
    if is_mixed.any():
        cut = is_mixed[pixels.component] & is_frame_pixel
        frame_mask = np.zeros(components.labels.shape, dtype=bool)
        frame_mask[pixels.y[cut], pixels.x[cut]] = True
        rest, boxes_of_rest = components_of((components.labels > 0) & ~frame_mask)
        frames, boxes_of_frames = components_of(frame_mask)
        boxes = np.concatenate([boxes_of_rest, boxes_of_frames])
        components = Components(np.where(frame_mask, frames + len(boxes_of_rest), rest), boxes)
        pixels = ink_pixels(components, grid, maps.core.shape[1])
        share = mean_by(pixels.component, maps.classes[InkClass.FRAME].ravel()[pixels.cell] > 0.5, len(boxes))
    is_frame = (share >= 0.5) & (_longer_side(components.boxes) >= _LEAST_FRAME * digit)
    return components, is_frame


def _longer_side(boxes: IntArray) -> IntArray:
    longer: IntArray = np.maximum(boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2])
    return longer


def mean_by(number: IntArray, values: NDArray[np.generic], count: int) -> NDArray[np.float64]:
    """Return the mean of the values of each number from 0 to `count`."""
    size = np.bincount(number, minlength=count)
    return np.bincount(number, weights=values.astype(np.float64), minlength=count) / np.maximum(size, 1)


@dataclass(frozen=True)
class Assignment:
    """Ink and the lines it was given to.

    Attributes:
        line: (pixels,), number of the core, after joining, that each pixel belongs to.
        distance: (components,), how far what the component says lies from its core, in heights of a digit.
        is_orphan: (components,), whether that is so far that there must be a line whose core was not found.
    """

    line: IntArray
    distance: FloatArray
    is_orphan: BoolArray


def _extents(x: NDArray[np.floating], y: NDArray[np.floating], number: IntArray, count: int) -> FloatArray:
    """Return top, bottom, left and right of the points of each number: (count, 4)."""
    extents = np.tile(np.array([np.inf, -np.inf, np.inf, -np.inf]), (count, 1))
    for places, column in ((y, 0), (x, 2)):
        np.minimum.at(extents[:, column], number, places)
        np.maximum.at(extents[:, column + 1], number, places)
    return extents.astype(np.float32)


def _beside(cores: Cores, extents: FloatArray) -> BoolArray:
    """Say which cores begin or end beside each extent, between its top and its bottom: (extents, cores)."""
    top, bottom, left, right = (extents[:, side, None] for side in range(4))
    middle = cores.middle + cores.slope * (cores.right - cores.left) / 2
    gap = np.maximum(np.maximum(cores.left - right, left - cores.right), 0.0)
    result: BoolArray = (middle > top) & (middle < bottom) & (gap <= _BESIDE * DIGIT)
    return result


def _held_together(cores: Cores, touched: BoolArray, extent: FloatArray) -> BoolArray:
    """Return the cores that a delimiter holds together: those it touches, and what stands beside them at its height."""
    top, bottom, _, _ = extent
    middle = cores.middle + cores.slope * (cores.right - cores.left) / 2
    at_its_height = (middle > top) & (middle < bottom)
    members = touched.copy()
    while True:
        left, right = cores.left[members].min(), cores.right[members].max()
        beside = np.maximum(np.maximum(cores.left - right, left - cores.right), 0.0)
        grown = members | (at_its_height & (beside <= _BESIDE * DIGIT))
        if (grown == members).all():
            return members
        members = grown


def assign_ink(pixels: InkPixels, maps: LayoutMaps, cores: Cores, grid: InputGrid, count: int) -> Assignment:
    """Give the pixels of `count` components to at least one core."""
    columns = maps.core.shape[1]
    # The offset is that of the middle of the pixel's cell.
    offset = maps.offset.ravel()[pixels.cell] * DIGIT + pixels.cell // columns + 0.5
    cell_x, cell_y = grid.to_cells(pixels.x + 0.5), grid.to_cells(pixels.y + 0.5)
    offset -= cell_y
    vote = cell_y + offset
    x, y = mean_by(pixels.component, cell_x, count), mean_by(pixels.component, vote, count)
    touched = np.zeros((count, len(cores) + 1), dtype=bool)
    touched[pixels.component, cores.labels.ravel()[pixels.cell]] = True
    touched = touched[:, 1:]
    beside, above = cores.distances(x, y)
    cost = (above + _SIDEWAYS * beside) / DIGIT - _TOUCHING * touched
    best = cost.argmin(axis=1)
    distance = (above + _SIDEWAYS * beside)[np.arange(count), best] / DIGIT
    line = best[pixels.component]
    extents = _extents(cell_x, cell_y, pixels.component, count)
    height, width = extents[:, 1] - extents[:, 0], extents[:, 3] - extents[:, 2]
    block_share = mean_by(pixels.component, maps.block.ravel()[pixels.cell], count)
    is_tall = (height >= _DELIMITER_HEIGHT * DIGIT) & (width <= _DELIMITER_WIDTH * height)
    # A bar may be a rule between columns; a brace may not.
    is_delimiter = is_tall & ((block_share > _PERHAPS_BLOCK) | (width >= _BAR_WIDTH * DIGIT))
    # A delimiter seldom touches the rows beside it.
    touched[is_delimiter] |= _beside(cores, extents[is_delimiter])
    is_block = (block_share > _BLOCK) | is_tall
    joined = np.arange(len(cores))
    for component in np.flatnonzero((touched.sum(axis=1) > 1) | (is_delimiter & touched.any(axis=1))):
        own = pixels.component == component
        if is_block[component]:
            members = _held_together(cores, touched[component], extents[component])
            members = np.isin(joined, joined[members])
            joined[members] = joined[members].min()
            continue
        # Rows that touch each other: each pixel says for itself where it belongs.
        beside, above = cores.distances(cell_x[own], vote[own])
        votes = np.where(touched[component], above + _SIDEWAYS * beside, np.inf).argmin(axis=1)
        if np.bincount(votes).max() < _ONE_LINES * len(votes):
            line[own] = votes
    farthest = _FARTHEST + _FARTHEST_SHARE * np.abs(mean_by(pixels.component, offset, count)) / DIGIT
    is_orphan = (distance > farthest) & ~touched.any(axis=1)
    return Assignment(joined[line], distance.astype(np.float32), is_orphan)
