"""Where on a screen: pure arithmetic between a window's coordinates and a picture's device pixels.

A screen at scale 1.5 has windows measured in logical units and a picture measured in pixels; every conversion is here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Region:
    """A rectangle in device pixels; right and bottom are exclusive."""

    left: int
    top: int
    width: int
    height: int

    def distance_to(self, other: "Region") -> int:
        """How far two rectangles are from being the same one: the sum of the differences of their numbers."""
        return (
            abs(self.left - other.left)
            + abs(self.top - other.top)
            + abs(self.width - other.width)
            + abs(self.height - other.height)
        )


def region_between(press: Point, release: Point, *, scale: Point, picture_size: tuple[int, int]) -> Region:
    """The region of a drag: the pixels under both of its ends and everything between them.

    Args:
        press: Where the drag began, in the window's units.
        release: Where it ended; may lie outside the window.
        scale: Device pixels per unit of the window, across and down.
        picture_size: Width and height of the screen's picture, which the region never leaves.
    """
    left, right = _pixels_between(press[0], release[0], scale[0], picture_size[0])
    top, bottom = _pixels_between(press[1], release[1], scale[1], picture_size[1])
    return Region(left, top, right - left, bottom - top)


def nearest(target: Region, candidates: Sequence[Region]) -> int:
    """The index of the candidate that differs least from the target."""
    return min(range(len(candidates)), key=lambda index: target.distance_to(candidates[index]))


def _pixels_between(one: float, other: float, scale: float, length: int) -> tuple[int, int]:
    """First pixel and the one past the last along one axis, kept on the picture."""
    # A device pixel divided by a scale such as 1.5 and multiplied again may come out a hair below itself.
    pixels = [min(max(math.floor(end * scale + 1e-6), 0), length - 1) for end in (one, other)]
    return min(pixels), max(pixels) + 1
