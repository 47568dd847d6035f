"""The layout of an image: its lines in reading order, and what is left out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from model.layout.layout_input import FloatArray


class LineKind(StrEnum):
    """What a line is."""

    FORMULA = "formula"
    WORDS = "words"
    NUMBER = "number"


class LeftOutKind(StrEnum):
    """What is no part of what the user wanted."""

    NEIGHBOUR = "neighbour"
    FRAME = "frame"


class PixelBox(NamedTuple):
    """A rectangle in pixels of the image; right and bottom are the first beyond it."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of_sides(cls, sides: Sequence[int]) -> PixelBox:
        """Return the box of top, bottom, left and right."""
        top, bottom, left, right = sides
        return cls(left, top, right, bottom)

    def union(self, other: PixelBox) -> PixelBox:
        """Return the box round both."""
        return PixelBox(
            min(self.left, other.left), min(self.top, other.top),
            max(self.right, other.right), max(self.bottom, other.bottom),
        )  # fmt: skip


_LEAST_PART, _GAP = 0.3, 0.45  # heights of a digit
_LEAST_BAR, _THICKEST_BAR, _FROM_BAR = 0.9, 0.2, 1.0  # heights of a digit: a fraction's bar, and what stands at it


def adjoins(part: PixelBox, line: PixelBox, digit: float) -> bool:
    """Say whether something lies mostly at the height of a line, over it or close by: an exponent, a root's bar.

    Args:
        part: Its box.
        line: Of a line.
        digit: Height of a digit in pixels.
    """
    common = min(part.bottom, line.bottom) - max(part.top, line.top)
    apart = max(part.left - line.right, line.left - part.right)
    return common >= max(0.5 * (part.bottom - part.top), _LEAST_PART * digit) and apart < _GAP * digit


def stands_at_bar(part: PixelBox, strokes: Sequence[PixelBox], digit: float) -> bool:
    """Say whether something stands above or below the bar of a fraction, close to it and within its width.

    Args:
        part: Its box.
        strokes: Of the line that the bar may be among.
        digit: Height of a digit in pixels.
    """
    return any(
        bar.right - bar.left >= _LEAST_BAR * digit
        and bar.bottom - bar.top <= max(_THICKEST_BAR * digit, 1)
        and bar.left - _GAP * digit <= part.left
        and part.right <= bar.right + _GAP * digit
        and 0 <= max(part.top - bar.bottom, bar.top - part.bottom) < _FROM_BAR * digit
        for bar in strokes
    )


def overlaps(one: PixelBox, other: PixelBox) -> bool:
    """Say whether two boxes are mostly one: half of the smaller lies in the other."""

    def area(left: int, top: int, right: int, bottom: int) -> int:
        return max(right - left, 0) * max(bottom - top, 0)

    common = area(
        max(one.left, other.left), max(one.top, other.top), min(one.right, other.right), min(one.bottom, other.bottom)
    )
    return 2 * common > min(area(*one), area(*other))


@dataclass(frozen=True)
class Line:
    """A line, or a block of rows that is read whole.

    Attributes:
        kind: Formula, words (with formulas among them) or equation number.
        box: Where `ink` lies in the image.
        ink: Float32, (height, width) of the box: the line's own ink and none of others'.
        baseline: Middle of its core, in pixels of the image, at the middle of the box.
        is_block: Whether rows are held together by a brace, brackets or bars.
        confidence: How sure the network is that this is one line of this kind, from 0 to 1.
    """

    kind: LineKind
    box: PixelBox
    ink: FloatArray
    baseline: float
    is_block: bool
    confidence: float


@dataclass(frozen=True)
class LeftOut:
    """Ink that belongs to no line.

    Attributes:
        kind: Why it was left out.
        box: Where it lies in the image.
    """

    kind: LeftOutKind
    box: PixelBox


@dataclass(frozen=True)
class Layout:
    """What was found in an image.

    Attributes:
        lines: In reading order; a number follows the line beside it.
        left_out: All ink that is in no line.
        text_height: Estimated height of a digit in pixels of the image.
    """

    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    text_height: float
