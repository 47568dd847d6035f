"""From an image to what the recogniser reads of it: each line with its own ink alone.

The one hard fact: an image of one line becomes exactly what it becomes without a layout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from PIL import Image

from model.image_transform import Placement, ReducedInk, locate, place, reduced_ink, without_frame
from model.layout.layout import Layout, LeftOut, LeftOutKind, Line, LineKind, PixelBox
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
    """An image's lines in reading order.

    Attributes:
        layout: In pixels of the image.
        inputs: Of its lines.
        ink: Of the whole image, without a frame.
    """

    layout: Layout
    inputs: tuple[LineInput, ...]
    ink: ReducedInk

    @property
    def is_formula_in_rows(self) -> bool:
        """Whether the layout split a formula into rows: what it draws as several may be one with limits."""
        lines = [one.line for one in self.inputs if one.line.kind is not LineKind.NUMBER]
        return len(lines) > 1 and all(line.kind is LineKind.FORMULA for line in lines)

    @cached_property
    def whole_input(self) -> tuple[FloatArray, Placement]:
        """What the recogniser reads where all lines are to be read as one, and where that lies in the image.

        Of an image of one line, beside its number and what was left out, that is the line's input.
        """
        lines = [one for one in self.inputs if one.line.kind is not LineKind.NUMBER]
        if len(lines) == 1:
            return lines[0].network_input, lines[0].placement
        placement = locate(self.ink.ink)
        return place(self.ink.ink, placement), self.ink.to_image(placement)


def prepare_lines(image: Image.Image, finder: LayoutFinder | None) -> ImageLines:
    """Find the lines of an image and prepare each for the recogniser.

    Args:
        image: Of any size, mode and polarity.
        finder: None where all that is in the image is to be read as one line.

    Raises:
        ImageError: The image is blank, too small or too large.
    """
    reduced = reduced_ink(image)
    ink = without_frame(reduced.ink)
    found = _one_line(ink) if finder is None else finder.find_layout_of_ink(ink)
    inputs = tuple(_line_input(line, reduced) for line in found.lines)
    left_out = [LeftOut(one.kind, _box_in_image(one.box, reduced)) for one in found.left_out]
    if ink is not reduced.ink:
        rows, columns = np.nonzero(ink != reduced.ink)
        frame = PixelBox(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        left_out.append(LeftOut(LeftOutKind.FRAME, _box_in_image(frame, reduced)))
    layout = Layout(tuple(one.line for one in inputs), tuple(left_out), found.text_height * reduced.factor)
    return ImageLines(layout, inputs, replace(reduced, ink=ink))


def _one_line(ink: FloatArray) -> Layout:
    placement = locate(ink)
    box = PixelBox(0, 0, ink.shape[1], ink.shape[0])
    middle = (placement.top + placement.bottom) / 2
    return Layout((Line(LineKind.FORMULA, box, ink, middle, False, 1.0),), (), placement.text_height)


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
