"""Brings a huge image down to what the network can use of it, before anything is computed for each pixel.

The one hard fact: the network's input has at most 600,000 pixels, so of a formula that is larger nothing is lost that
could be read; the empty paper around a small formula is cut off instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

READ_PIXELS = 2_500_000
"""Images with more are cut to their ink, and reduced to this where that is still more."""

_KEPT_PAPER = 32  # pixels around the ink, from which the background is found as before
_NOISE = 12  # of 255: marks that differ less from the background are none
_STRIP_PIXELS = 2_000_000


@dataclass(frozen=True)
class Reduction:
    """What a huge image became.

    Attributes:
        image: The part that has ink, reduced.
        left, top: Its corner, in pixels of the image.
        factor: Pixels of the image in one of its own.
    """

    image: Image.Image
    left: int = 0
    top: int = 0
    factor: float = 1.0


def reduce_to_ink(image: Image.Image, background: Callable[[NDArray[np.float32]], NDArray[np.float32]]) -> Reduction:
    """Return the image as it is, or if it is huge its inked part at a size that can be read.

    Args:
        image: Of any mode.
        background: Finds the background in (height, width, channels), by its border.
    """
    if image.width * image.height <= READ_PIXELS:
        return Reduction(image)
    left, top, right, bottom = (
        _ink_box(image, background) if image.mode in ("L", "RGB", "RGBA") else (0, 0, *image.size)
    )
    part = image if (right - left, bottom - top) == image.size else image.crop((left, top, right, bottom))
    factor = math.sqrt(part.width * part.height / READ_PIXELS)
    if factor <= 1:
        return Reduction(part, left, top)
    if part.mode.startswith("I;16"):
        part = part.convert("I")  # the only deep whole numbers that Pillow resizes
    size = (max(round(part.width / factor), 2), max(round(part.height / factor), 2))
    resample = Image.Resampling.BOX if part.mode not in ("1", "P") else Image.Resampling.NEAREST
    return Reduction(part.resize(size, resample, reducing_gap=2.0), left, top, factor)


def _ink_box(
    image: Image.Image, background: Callable[[NDArray[np.float32]], NDArray[np.float32]]
) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what differs from the background, with some paper around it."""
    width, height = image.size
    paper = tuple(int(level) for level in background(_frame_of_border(image)))
    inked = [255 * (difference > _NOISE) for difference in range(256)] * len(paper)
    box = (width, height, 0, 0)
    step = max(_STRIP_PIXELS // width, 1)
    for top in range(0, height, step):
        strip = image.crop((0, top, width, min(top + step, height)))
        marks = ImageChops.difference(strip, Image.new(image.mode, strip.size, paper)).point(inked)
        if found := marks.getbbox(alpha_only=False):
            left, first, right, last = found
            box = (min(box[0], left), min(box[1], top + first), max(box[2], right), max(box[3], top + last))
    left, top, right, bottom = box
    if right <= left:
        return 0, 0, width, height
    return (
        max(left - _KEPT_PAPER, 0),
        max(top - _KEPT_PAPER, 0),
        min(right + _KEPT_PAPER, width),
        min(bottom + _KEPT_PAPER, height),
    )


def _frame_of_border(image: Image.Image) -> NDArray[np.float32]:
    """The four edges of an image, (2, length, channels), which has no other pixels than its border."""
    width, height = image.size
    boxes = ((0, 0, width, 1), (0, height - 1, width, height), (0, 0, 1, height), (width - 1, 0, width, height))
    edges = [
        np.asarray(image.crop(box), dtype=np.float32).reshape(box[2] - box[0] + box[3] - box[1] - 1, -1)
        for box in boxes
    ]
    line = np.concatenate(edges)
    return np.stack([line, line])
