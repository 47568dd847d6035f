"""What the layout network should draw for a crop whose lines are known.

The one hard fact: boxes of neighbouring rows overlap, so ink is given to lines component by component, and everything
else follows from that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from model.layout.layout_input import (
    BORDER,
    CELL,
    LAYOUT_TEXT_HEIGHT,
    FloatArray,
    InputGrid,
    IntArray,
    find_components,
)  # fmt: skip
from model.layout.maps import InkClass
from model.layout.shards import Box, LabelledCrop, LabelledLine

NOBODY = -1
"""Owner of ink that belongs to no line: noise of a scan."""

FRAME = -2
"""Owner of the ink of frames and rules."""

FARTHEST = 12.0
"""Offsets are learnt up to this many heights of a digit."""

_LEAST_INK = 0.25  # A cell whose darkest pixel is fainter holds no ink.


@dataclass(frozen=True)
class LayoutTargets:
    """Targets of one input; all are (rows, columns) of cells.

    Attributes:
        core: Share of the cell that lies in the core of a line, float32 in [0, 1].
        ink_class: `InkClass`, or -1 where there is nothing to learn.
        block: 1 where the ink is of a block, 0 where it is not, -1 where there is nothing to learn.
        offset: Float32, how far below the cell the middle of its line's core lies, in heights of a digit.
    """

    core: FloatArray
    ink_class: NDArray[np.int8]
    block: NDArray[np.int8]
    offset: FloatArray


@dataclass(frozen=True)
class Tilt:
    """A small turn of the image about the middle of the input: y grows by `slope` times x."""

    slope: float = 0.0


def ink_owners(ink: FloatArray, crop: LabelledCrop) -> IntArray:
    """Say of each inked pixel which line it belongs to: (height, width), the line's index, NOBODY or FRAME."""
    owners = np.full(ink.shape, NOBODY, dtype=np.int64)
    frames = _frame_mask(ink.shape, crop)
    components = find_components(np.where(frames, 0.0, ink).astype(np.float32))
    if len(components.boxes) and crop.lines:
        owner = np.append(NOBODY, _owners_of_boxes(components.boxes, crop.lines))
        owners = owner[components.labels]
    owners[frames & (ink > 0)] = FRAME
    return owners


def _frame_mask(size: tuple[int, ...], crop: LabelledCrop) -> NDArray[np.bool_]:
    mask = np.zeros(size, dtype=bool)
    for rule in crop.rules:
        _fill(mask, rule, 1.0, value=True)
    if crop.frame is not None:
        inside = np.zeros_like(mask)
        _fill(mask, crop.frame, 1.5, value=True)
        _fill(inside, crop.frame, -3.0, value=True)
        mask &= ~inside
    return mask


def _fill(mask: NDArray[np.bool_], box: Box, margin: float, *, value: bool) -> None:
    left, top, right, bottom = box
    rows = slice(max(0, int(np.floor(top - margin))), max(0, int(np.ceil(bottom + margin))))
    columns = slice(max(0, int(np.floor(left - margin))), max(0, int(np.ceil(right + margin))))
    mask[rows, columns] = value


def _owners_of_boxes(boxes: IntArray, lines: tuple[LabelledLine, ...]) -> IntArray:
    """Return the line of each component: the one whose box holds most of it, of several the nearest."""
    line_boxes = np.array([line.box for line in lines])  # (lines, 4): left, top, right, bottom
    top, bottom, left, right = (boxes[:, side, None].astype(np.float64) for side in range(4))
    height = np.clip(np.minimum(bottom, line_boxes[:, 3] + 1) - np.maximum(top, line_boxes[:, 1] - 1), 0, None)
    width = np.clip(np.minimum(right, line_boxes[:, 2] + 1) - np.maximum(left, line_boxes[:, 0] - 1), 0, None)
    share = height * width / ((bottom - top) * (right - left))  # (components, lines)
    middle = np.array([sum(line.core) / 2 for line in lines])
    extent = np.maximum(line_boxes[:, 3] - line_boxes[:, 1], 1.0)
    # A part of another line's box is worth less than any distance inside a box that holds it all.
    distance = np.abs((top + bottom) / 2 - middle) / extent
    owner = (np.round(share, 1) - 0.05 * np.minimum(distance, 1.5)).argmax(axis=1)
    owner[share.max(axis=1) < 0.2] = NOBODY
    result: IntArray = owner
    return result


def make_targets(
    ink: FloatArray, owners: IntArray, grid: InputGrid, lines: tuple[LabelledLine, ...], tilt: Tilt
) -> LayoutTargets:
    """Make the targets of an input.

    Args:
        ink: Scaled ink of the crop, tilted, without border: (grid.height, grid.width).
        owners: Of each pixel of it.
        grid: How the crop lies in the input.
        lines: In pixels of the crop.
        tilt: The turn that ink and owners were given.
    """
    padded = np.zeros(grid.padded_size, dtype=np.float32)
    padded_owners = np.full(grid.padded_size, NOBODY, dtype=np.int64)
    place = (slice(BORDER, BORDER + grid.height), slice(BORDER, BORDER + grid.width))
    padded[place], padded_owners[place] = ink, owners
    darkness, owner = _by_cells(padded, padded_owners)
    owner = np.where(darkness > _LEAST_INK, owner, NOBODY)
    # Tables by owner; the last two entries are those of FRAME and NOBODY.
    classes = [InkClass.NEIGHBOUR if line.is_cut else line.ink_class for line in lines]
    ink_class = np.array([*classes, InkClass.FRAME, -1], dtype=np.int8)[owner]
    block = np.array([*(line.is_block for line in lines), -1, -1], dtype=np.int8)[owner]
    middles = np.array([*(sum(line.core) / 2 * grid.scale + BORDER for line in lines), 0.0, 0.0])
    rows, columns = np.indices(owner.shape)
    x, y = (columns + 0.5) * CELL, (rows + 0.5) * CELL
    offset = (middles[owner] + tilt.slope * (x - BORDER - grid.width / 2) - y) / LAYOUT_TEXT_HEIGHT
    return LayoutTargets(
        core=_draw_cores(grid, lines, tilt),
        ink_class=ink_class,
        block=block,
        offset=np.clip(np.where(block >= 0, offset, 0.0), -FARTHEST, FARTHEST).astype(np.float32),
    )


def _by_cells(ink: FloatArray, owners: IntArray) -> tuple[FloatArray, IntArray]:
    """Return each cell's darkest ink and the owner of it."""
    rows, columns = ink.shape[0] // CELL, ink.shape[1] // CELL

    def cells(pixels: NDArray[np.generic]) -> NDArray[np.generic]:
        return pixels.reshape(rows, CELL, columns, CELL).swapaxes(1, 2).reshape(rows, columns, CELL * CELL)

    # Ink without an owner counts only where there is no other: soft edges belong to the stroke beside them.
    weight = cells(np.where(owners == NOBODY, 0.5 * ink, ink))
    darkest = weight.argmax(axis=2)[:, :, None]
    darkness: FloatArray = np.take_along_axis(cells(ink), darkest, axis=2)[:, :, 0].astype(np.float32)
    owner: IntArray = np.take_along_axis(cells(owners), darkest, axis=2)[:, :, 0].astype(np.int64)
    return darkness, owner


def _draw_cores(grid: InputGrid, lines: tuple[LabelledLine, ...], tilt: Tilt) -> FloatArray:
    height, width = grid.padded_size
    canvas = Image.new("L", (width, height))
    draw = ImageDraw.Draw(canvas)
    for line in lines:
        top, bottom = (y * grid.scale + BORDER for y in line.core)
        left, right = (float(np.clip(x * grid.scale, 0, grid.width)) + BORDER for x in (line.box[0], line.box[2]))
        rise_left, rise_right = (tilt.slope * (x - BORDER - grid.width / 2) for x in (left, right))
        corners = [
            (left, top + rise_left), (right, top + rise_right),
            (right, bottom - 1 + rise_right), (left, bottom - 1 + rise_left),
        ]  # fmt: skip
        draw.polygon(corners, fill=255)
    drawn = np.asarray(canvas, dtype=np.float32) / 255
    drawn[:BORDER], drawn[BORDER + grid.height :] = 0, 0
    core: FloatArray = drawn.reshape(height // CELL, CELL, width // CELL, CELL).mean(axis=(1, 3))
    return core


def spread_owners(owners: IntArray) -> IntArray:
    """Give the soft edges of strokes, one pixel round them, to the owner of the stroke."""
    # FRAME and NOBODY are below every line's index, so a filter of the maximum keeps lines.
    spread: IntArray = np.where(owners == NOBODY, ndimage.maximum_filter(owners, size=3), owners)
    beside_frame = ndimage.binary_dilation(owners == FRAME, np.ones((3, 3), dtype=bool))
    spread[beside_frame & (spread == NOBODY)] = FRAME
    return spread
