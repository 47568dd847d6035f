"""From an image to what the recogniser reads of it: each line with its own ink alone.

The one hard fact: an image of one line becomes exactly what it becomes without a layout.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from PIL import Image

from model.image_transform import Placement, ReducedInk, locate, place, reduced_ink, without_frame
from model.layout.layout import Layout, LeftOut, LeftOutKind, Line, LineKind, PixelBox, overlaps
from model.layout.layout_finder import LayoutFinder
from model.layout.layout_input import INK_LEVEL, FloatArray
from model.page_rules import without_page_rules

_LIMIT_HEIGHT, _LIMIT_WIDTH = 1.3, 7.0  # heights of a digit

PlacedInput = tuple[FloatArray, Placement]
"""What the network reads, (height, width) with ink in [0, 1], and where that lies in the image."""


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

    @property
    def may_have_limits(self) -> bool:
        """Whether a row is so small that it may be a limit of the row beside it."""
        height = self.layout.text_height
        boxes = [one.line.box for one in self.inputs if one.line.kind is not LineKind.NUMBER]
        return any(
            box.bottom - box.top < _LIMIT_HEIGHT * height and box.right - box.left < _LIMIT_WIDTH * height
            for box in boxes
        )

    def input_of(self, line: int, *, is_read_as_one: bool) -> PlacedInput:
        """Return what the recogniser reads of a line of its reading, and where that lies in the image.

        Args:
            line: Its place among the lines of the reading.
            is_read_as_one: Whether the rows of a formula were read as one, which is the first line then.
        """
        if is_read_as_one and line == 0:
            return self.whole_input if self.is_formula_in_rows else self.everything
        numbers = [one for one in self.inputs if one.line.kind is LineKind.NUMBER]
        read = numbers[line - 1] if is_read_as_one else self.inputs[line]
        return read.network_input, read.placement

    @cached_property
    def everything(self) -> PlacedInput:
        """What the recogniser reads where all that is in the image is one formula, numbers and neighbours included."""
        placement = locate(self.ink.ink)
        return place(self.ink.ink, placement), self.ink.to_image(placement)

    @cached_property
    def whole_input(self) -> PlacedInput:
        """What the recogniser reads where all lines are to be read as one, and where that lies in the image.

        Of an image of one line, beside its number and what was left out, that is the line's input.
        """
        lines = [one for one in self.inputs if one.line.kind is not LineKind.NUMBER]
        if len(lines) == 1:
            return lines[0].network_input, lines[0].placement
        return self.everything


def prepare_lines(image: Image.Image, finder: LayoutFinder | None, *, taken_in: Collection[LeftOut] = ()) -> ImageLines:
    """Find the lines of an image and prepare each for the recogniser.

    Args:
        image: Of any size, mode and polarity.
        finder: None where all that is in the image is to be read as one line.
        taken_in: Of what was left out before, what the user wants all the same. With a frame all that is in the image
            is read as one line.

    Raises:
        ImageError: The image is blank, too small or too large.
    """
    reduced = reduced_ink(image)
    wanted = [_box_in_ink(one.box, reduced) for one in taken_in]
    ink, frames = reduced.ink, list[PixelBox]()
    if any(one.kind is LeftOutKind.FRAME for one in taken_in):
        found = _one_line(ink)
    else:
        ink, frames = _without_frames(ink)
        found = _one_line(ink) if finder is None else finder.find_layout_of_ink(ink, wanted=wanted)
    read = [_line_input(line, reduced, wanted) for line in found.lines]
    inputs = tuple(one for one, _ in read)
    neighbours = [box for _, slivers in read for box in slivers]
    left_out = [LeftOut(one.kind, _box_in_image(one.box, reduced)) for one in found.left_out]
    left_out += [LeftOut(LeftOutKind.NEIGHBOUR, _box_in_image(box, reduced)) for box in neighbours]
    left_out += [LeftOut(LeftOutKind.FRAME, _box_in_image(box, reduced)) for box in frames]
    layout = Layout(tuple(one.line for one in inputs), tuple(left_out), found.text_height * reduced.factor)
    return ImageLines(layout, inputs, replace(reduced, ink=ink))


def _without_frames(ink: FloatArray) -> tuple[FloatArray, list[PixelBox]]:
    """Return the ink without a frame, the rules of a table and the edge of a page, and where these are.

    The frame goes first: the longer sides of one with a thin margin around would go alone, as rules.
    """
    unframed = without_frame(ink)
    cleared, rules = without_page_rules(unframed)
    frames = [PixelBox(*box) for box in rules]
    if unframed is not ink:
        rows, columns = np.nonzero(unframed != ink)
        frames.append(PixelBox(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1))
    return cleared, frames


def _one_line(ink: FloatArray) -> Layout:
    placement = locate(ink)
    box = PixelBox(0, 0, ink.shape[1], ink.shape[0])
    middle = (placement.top + placement.bottom) / 2
    return Layout((Line(LineKind.FORMULA, box, ink, middle, False, 1.0),), (), placement.text_height)


def _line_input(line: Line, reduced: ReducedInk, wanted: Sequence[PixelBox]) -> tuple[LineInput, list[PixelBox]]:
    """Return what is read of a line, and the boxes in the ink of the slivers that are left out of it."""
    placement = locate(line.ink)
    slivers = _slivers(line, placement)
    if any(overlaps(sliver, one) for sliver in slivers for one in wanted):
        placement, slivers = locate(line.ink, keeps_slivers=True), []
    left, top = line.box.left, line.box.top
    in_ink = Placement(
        left + placement.left, top + placement.top, left + placement.right, top + placement.bottom, placement.scale
    )
    moved = replace(line, box=_box_in_image(line.box, reduced), baseline=reduced.top + line.baseline * reduced.factor)
    return LineInput(moved, place(line.ink, placement), reduced.to_image(in_ink)), slivers


def _slivers(line: Line, placement: Placement) -> list[PixelBox]:
    """Return the boxes of the ink of a line above and below what is read of it."""
    boxes = []
    for top, bottom in ((0, placement.top), (placement.bottom, line.ink.shape[0])):
        rows, columns = np.nonzero(line.ink[top:bottom] > INK_LEVEL)
        if len(rows):
            above, before = line.box.top + top, line.box.left
            boxes.append(
                PixelBox(
                    before + int(columns.min()), above + int(rows.min()),
                    before + int(columns.max()) + 1, above + int(rows.max()) + 1,
                )
            )  # fmt: skip
    return boxes


def _box_in_image(box: PixelBox, reduced: ReducedInk) -> PixelBox:
    left, top, right, bottom = (round(side * reduced.factor) for side in box)
    return PixelBox(reduced.left + left, reduced.top + top, reduced.left + right, reduced.top + bottom)


def _box_in_ink(box: PixelBox, reduced: ReducedInk) -> PixelBox:
    return PixelBox(
        round((box.left - reduced.left) / reduced.factor),
        round((box.top - reduced.top) / reduced.factor),
        round((box.right - reduced.left) / reduced.factor),
        round((box.bottom - reduced.top) / reduced.factor),
    )
