"""From an image to what the recogniser reads of it: each line with its own ink alone.

The one hard fact: an image of one line becomes exactly what it becomes without a layout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from model.image_transform import Placement, ReducedInk, locate, place, reduced_ink, without_frame
from model.layout.layout import Layout, LeftOut, LeftOutKind, Line, PixelBox
from model.layout.layout_finder import LayoutFinder
from model.layout.layout_input import FloatArray


@dataclass(frozen=True)
class LineInput:
    """What the recogniser reads of one line.

    Attributes:
        line: Its box and baseline in pixels of the image.
        network_input: Float32 (height, width), ink in [0, 1].
        placement: Where that lies in the image.
    """

    line: Line
    network_input: FloatArray
    placement: Placement


@dataclass(frozen=True)
class ImageLines:
    """An image's lines in reading order, and its layout in pixels of it."""

    layout: Layout
    inputs: tuple[LineInput, ...]


def prepare_lines(image: Image.Image, finder: LayoutFinder) -> ImageLines:
    """Find the lines of an image and prepare each for the recogniser.

    Raises:
        ImageError: The image is blank, too small or too large.
    """
    reduced = reduced_ink(image)
    ink = without_frame(reduced.ink)
    found = finder.find_layout_of_ink(ink)
    inputs = tuple(_line_input(line, reduced) for line in found.lines)
    left_out = [LeftOut(one.kind, _box_in_image(one.box, reduced)) for one in found.left_out]
    if ink is not reduced.ink:
        rows, columns = np.nonzero(ink != reduced.ink)
        frame = PixelBox(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        left_out.append(LeftOut(LeftOutKind.FRAME, _box_in_image(frame, reduced)))
    layout = Layout(tuple(one.line for one in inputs), tuple(left_out), found.text_height * reduced.factor)
    return ImageLines(layout, inputs)


def _line_input(line: Line, reduced: ReducedInk) -> LineInput:
    placement = locate(line.ink)
    left, top = line.box.left, line.box.top
    in_ink = Placement(
        left + placement.left, top + placement.top, left + placement.right, top + placement.bottom, placement.scale
    )
    moved = replace(line, box=_box_in_image(line.box, reduced), baseline=reduced.top + line.baseline * reduced.factor)
    return LineInput(moved, place(line.ink, placement), reduced.to_image(in_ink))


def _box_in_image(box: PixelBox, reduced: ReducedInk) -> PixelBox:
    left, top, right, bottom = (round(side * reduced.factor) for side in box)
    return PixelBox(reduced.left + left, reduced.top + top, reduced.left + right, reduced.top + bottom)
