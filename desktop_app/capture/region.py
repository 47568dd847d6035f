"""Where on a screen: pure arithmetic between a window's coordinates and an image's device pixels.

A screen at scale 1.5 has windows measured in logical units and an image measured in pixels; every conversion is here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Pixel = tuple[int, int]
Size = tuple[int, int]

# How far the proportions of a desktop and of its image may differ, in pixels: each screen's size is rounded.
_ROUNDING_PIXELS = 4
_SMALLEST_SCALE = 0.99  # no desktop has more units than pixels


@dataclass(frozen=True)
class Region:
    """A rectangle in device pixels; right and bottom are exclusive."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The column past the last."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The row past the last."""
        return self.top + self.height

    def distance_to(self, other: "Region") -> int:
        """How far two rectangles are from being the same one: the sum of the differences of their numbers."""
        return (
            abs(self.left - other.left)
            + abs(self.top - other.top)
            + abs(self.width - other.width)
            + abs(self.height - other.height)
        )


def pixel_under(point: Point, *, scale: Point, image_size: Size) -> Pixel:
    """The pixel under a point of a window, or the nearest one to a point outside the image.

    Args:
        point: In the window's units.
        scale: Device pixels per unit of the window, across and down.
        image_size: Width and height of the screen's image.
    """
    # A device pixel divided by a scale such as 1.5 and multiplied again may come out a hair below itself.
    across, down = (math.floor(place * ratio + 1e-6) for place, ratio in zip(point, scale, strict=True))
    return nearest_pixel((across, down), image_size)


def nearest_pixel(pixel: Pixel, image_size: Size) -> Pixel:
    """The pixel itself, or the nearest one of the image."""
    return min(max(pixel[0], 0), image_size[0] - 1), min(max(pixel[1], 0), image_size[1] - 1)


def region_between(one: Pixel, other: Pixel) -> Region:
    """The region of a drag: the pixels under both of its ends and everything between them."""
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    return Region(left, top, right - left + 1, bottom - top + 1)


def nearest(target: Region, candidates: Sequence[Region]) -> int:
    """The index of the candidate that differs least from the target."""
    return min(range(len(candidates)), key=lambda index: target.distance_to(candidates[index]))


def desktop_scale(screens: Sequence[Region], image_size: Size) -> float | None:
    """Pixels per unit in one image of the whole desktop, or None for an image that is not of the whole desktop.

    Args:
        screens: Every screen in the units of the desktop; the first may lie left of or above the origin.
        image_size: Width and height of the image, which has one scale for all screens.
    """
    if not screens:
        return None
    desktop = _bounds(screens)
    sides = sorted([(desktop.width, image_size[0]), (desktop.height, image_size[1])])
    scale = sides[1][1] / sides[1][0]  # of the longer side, on which rounding weighs least
    is_in_proportion = abs(sides[0][0] * scale - sides[0][1]) <= _ROUNDING_PIXELS * max(1, scale)
    return scale if is_in_proportion and scale > _SMALLEST_SCALE else None


def split_desktop(screens: Sequence[Region], image_size: Size) -> list[Region]:
    """Where each screen is in one image of the whole desktop.

    Raises:
        ValueError: The image is not of the whole desktop.
    """
    scale = desktop_scale(screens, image_size)
    if scale is None:
        raise ValueError(f"A picture of {image_size[0]} x {image_size[1]} pixels is not of the whole desktop.")
    desktop = _bounds(screens)
    regions = []
    for screen in screens:
        left, right = (round((edge - desktop.left) * scale) for edge in (screen.left, screen.right))
        top, bottom = (round((edge - desktop.top) * scale) for edge in (screen.top, screen.bottom))
        right, bottom = min(right, image_size[0]), min(bottom, image_size[1])
        regions.append(Region(left, top, right - left, bottom - top))
    return regions


def _bounds(regions: Sequence[Region]) -> Region:
    """The smallest rectangle around all of them."""
    left, top = min(one.left for one in regions), min(one.top for one in regions)
    right, bottom = max(one.right for one in regions), max(one.bottom for one in regions)
    return Region(left, top, right - left, bottom - top)
