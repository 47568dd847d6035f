"""From an image to what the recogniser reads of it: each line with its own ink alone.

The one hard fact: an image of one line becomes exactly what it becomes without a layout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PIL import Image

from model.image_transform import Placement, locate, place, reduce_and_find_ink
from model.layout.layout import Layout, LeftOut, Line, PixelBox
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
    reduced = reduce_and_find_ink(image)
    found = finder.find_layout_of_ink(reduced.ink)
    factor, left, top = reduced.factor, reduced.left, reduced.top

    def to_image(box: PixelBox) -> PixelBox:
        return PixelBox(
            left + round(box.left * factor), top + round(box.top * factor),
            left + round(box.right * factor), top + round(box.bottom * factor),
        )  # fmt: skip

    inputs = []
    for line in found.lines:
        placement = locate(line.ink)
        network_input = place(line.ink, placement)
        corner_left, corner_top = line.box.left, line.box.top
        in_image = to_image(
            PixelBox(
                corner_left + placement.left, corner_top + placement.top,
                corner_left + placement.right, corner_top + placement.bottom,
            )
        )  # fmt: skip
        placed = Placement(*in_image, scale=placement.scale / factor)
        moved = replace(line, box=to_image(line.box), baseline=top + line.baseline * factor)
        inputs.append(LineInput(moved, network_input, placed))
    layout = Layout(
        lines=tuple(one.line for one in inputs),
        left_out=tuple(LeftOut(one.kind, to_image(one.box)) for one in found.left_out),
        text_height=found.text_height * factor,
    )
    return ImageLines(layout, tuple(inputs))
