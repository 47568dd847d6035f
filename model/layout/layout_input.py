"""From ink to what the layout network sees: one text height, and a border that tells where the image ends.

The one hard fact: training and layout go through the same two functions, so a fault of the size estimate is a fault
that the network has seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.components import components_of, faint_strokes

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

LAYOUT_TEXT_HEIGHT = 10.0
"""Height in pixels to which the estimated height of a digit is brought."""

INK_LEVEL = 0.35
"""Above this share of full ink a pixel belongs to a component."""

CELL = 4
"""The network draws one value for CELL x CELL pixels of its input."""

BORDER = 8
"""Pixels around the image that are marked as outside of it."""

OUTSIDE = -0.5
"""Value of a pixel beyond the image's edge: there a neighbour goes on, whereas background (0) ends a line."""

STRIDE = 32
"""Height and width of the network's input are multiples of this."""

MAXIMUM_AREA = 900_000
"""Pixels of the network's input; a larger image is shrunk, and a line's core is still two cells high."""


@dataclass(frozen=True)
class Components:
    """Connected components of ink.

    Attributes:
        labels: int (height, width), 0 = background, components from 1.
        boxes: (components, 4) of top, bottom, left, right.
    """

    labels: IntArray
    boxes: IntArray


@dataclass(frozen=True)
class InputGrid:
    """How pixels of an image lie in the network's input.

    Attributes:
        scale: Input pixels per image pixel.
        height, width: Of the image in input pixels, border not included.
    """

    scale: float
    height: int
    width: int

    @property
    def padded_size(self) -> tuple[int, int]:
        """Height and width of the network's input, border included."""
        return (
            math.ceil((self.height + 2 * BORDER) / STRIDE) * STRIDE,
            math.ceil((self.width + 2 * BORDER) / STRIDE) * STRIDE,
        )

    def to_cells(self, positions: NDArray[np.floating]) -> NDArray[np.floating]:
        """Map positions in image pixels, along either axis, to positions in cells."""
        return (positions * self.scale + BORDER) / CELL

    def from_cells(self, positions: NDArray[np.floating]) -> NDArray[np.floating]:
        """Map positions in cells to image pixels."""
        return (positions * CELL - BORDER) / self.scale


def find_components(ink: FloatArray) -> Components:
    """Find the connected components of ink, (height, width) in [0, 1]; pixels that touch by a corner are connected."""
    return Components(*components_of(ink > INK_LEVEL))


def with_faint_strokes(components: Components, ink: FloatArray, digit_height: float) -> Components:
    """Add the strokes that are too faint for `find_components`, which would belong to no line otherwise."""
    labels, boxes = faint_strokes(ink, components.labels > 0, digit_height)
    if not len(boxes):
        return components
    numbered = np.where(labels > 0, labels + len(components.boxes), components.labels)
    return Components(numbered, np.concatenate([components.boxes, boxes]))


def make_grid(size: tuple[int, int], digit_height: float, *, zoom: float = 1.0) -> InputGrid:
    """Choose the scale for an image.

    Args:
        size: Height and width in pixels.
        digit_height: In pixels.
        zoom: By how much the text is to be larger than usual.
    """
    height, width = size
    scale = zoom * LAYOUT_TEXT_HEIGHT / digit_height
    scale = min(scale, math.sqrt(MAXIMUM_AREA / (height * width)))
    return InputGrid(scale, max(1, round(height * scale)), max(1, round(width * scale)))


def scale_ink(ink: FloatArray, grid: InputGrid) -> FloatArray:
    """Bring ink to the scale of the input, without its border."""
    method = Image.Resampling.BICUBIC if grid.scale > 1 else Image.Resampling.HAMMING
    resized = Image.fromarray(ink).resize((grid.width, grid.height), method)
    return np.clip(np.asarray(resized, dtype=np.float32), 0.0, 1.0)


def with_border(ink: FloatArray, grid: InputGrid) -> FloatArray:
    """Put scaled ink into the network's input: (height, width), multiples of STRIDE."""
    placed = np.full(grid.padded_size, OUTSIDE, dtype=np.float32)
    placed[BORDER : BORDER + grid.height, BORDER : BORDER + grid.width] = ink
    return placed
