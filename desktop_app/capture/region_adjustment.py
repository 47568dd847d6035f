"""Correcting a region after it was dragged: pure arithmetic of its handles and of the arrow keys."""

import math
from enum import Enum

from desktop_app.capture.region import Pixel, Point, Region, Size


class Handle(Enum):
    """What of a region is held; the value says which edges go along: -1 left or top, 1 right or bottom, 0 neither."""

    TOP_LEFT = (-1, -1)
    TOP = (0, -1)
    TOP_RIGHT = (1, -1)
    LEFT = (-1, 0)
    INSIDE = (0, 0)  # the region as a whole
    RIGHT = (1, 0)
    BOTTOM_LEFT = (-1, 1)
    BOTTOM = (0, 1)
    BOTTOM_RIGHT = (1, 1)


EDGE_HANDLES = tuple(handle for handle in Handle if handle is not Handle.INSIDE)


def handle_point(region: Region, handle: Handle) -> Point:
    """Where a handle is, in device pixels."""
    across, down = handle.value
    return region.left + region.width * (across + 1) / 2, region.top + region.height * (down + 1) / 2


def handle_at(point: Point, region: Region, *, reach: float) -> Handle | None:
    """What of a region is held at a point, both in device pixels; None outside.

    Args:
        point: Where the mouse is.
        region: The region with the handles.
        reach: How far from its middle a handle can be held, in device pixels.
    """
    distances = {handle: math.dist(point, handle_point(region, handle)) for handle in EDGE_HANDLES}
    closest = min(distances, key=lambda handle: distances[handle])
    if distances[closest] <= reach:
        return closest
    is_inside = region.left <= point[0] < region.right and region.top <= point[1] < region.bottom
    return Handle.INSIDE if is_inside else None


def pulled(region: Region, handle: Handle, by: Pixel, image_size: Size) -> Region:
    """The region after one of its handles was pulled by so many pixels; it stays on the image and is never empty."""
    if handle is Handle.INSIDE:
        return moved(region, by, image_size)
    left, right = _pulled_ends(region.left, region.right, handle.value[0], by[0], image_size[0])
    top, bottom = _pulled_ends(region.top, region.bottom, handle.value[1], by[1], image_size[1])
    return Region(left, top, right - left, bottom - top)


def moved(region: Region, by: Pixel, image_size: Size) -> Region:
    """The region of the same size elsewhere, as far as the image goes."""
    left = min(max(region.left + by[0], 0), image_size[0] - region.width)
    top = min(max(region.top + by[1], 0), image_size[1] - region.height)
    return Region(left, top, region.width, region.height)


def _pulled_ends(first: int, end: int, side: int, by: int, length: int) -> tuple[int, int]:
    """One axis of a pull: an edge that is pulled over the other one becomes the other one."""
    if side == 0:
        return first, end
    kept, edge = (end, first) if side < 0 else (first, end)
    edge = min(max(edge + by, 0), length)
    if edge == kept:  # one pixel is left, on the side it came from if there is room
        edge = kept + side if 0 <= kept + side <= length else kept - side
    return min(kept, edge), max(kept, edge)
