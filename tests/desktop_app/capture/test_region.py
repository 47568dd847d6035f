"""From a drag on a window to the pixels of an image."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop_app.capture.region import (
    Region,
    desktop_scale,
    nearest,
    nearest_pixel,
    pixel_under,
    region_between,
    split_desktop,
)

SCALES = st.sampled_from([1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 2.75, 3.0])
SIZES = st.tuples(st.integers(320, 7680), st.integers(320, 7680))  # landscape and portrait
ANYWHERE = st.tuples(st.floats(-9000, 9000), st.floats(-9000, 9000))


@st.composite
def pixels_of_a_screen(draw: st.DrawFn) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """The size of a screen's image and two pixels of it."""
    width, height = draw(SIZES)
    pixels = st.tuples(st.integers(0, width - 1), st.integers(0, height - 1))
    return (width, height), draw(pixels), draw(pixels)


@st.composite
def desktops(draw: st.DrawFn) -> list[Region]:
    """Up to five screens that don't overlap, at any positions: each is put against a side of one before."""
    screens: list[Region] = []
    for _ in range(draw(st.integers(1, 5))):
        width, height = draw(SIZES)
        if not screens:
            screens.append(Region(draw(st.integers(-9000, 9000)), draw(st.integers(-9000, 9000)), width, height))
            continue
        beside = draw(st.sampled_from(screens))
        along = draw(st.integers(-300, 300))
        left, top = draw(
            st.sampled_from(
                [
                    (beside.right, beside.top + along),
                    (beside.left - width, beside.top + along),
                    (beside.left + along, beside.top - height),
                    (beside.left + along, beside.bottom),
                ]
            )
        )
        screen = Region(left, top, width, height)
        if not any(_overlap(screen, other) for other in screens):
            screens.append(screen)
    return screens


def _overlap(one: Region, other: Region) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.top < other.bottom and other.top < one.bottom


@given(pixels_of_a_screen(), SCALES)
def test_drag_between_two_pixels_takes_exactly_these_and_all_between(
    screen: tuple[tuple[int, int], tuple[int, int], tuple[int, int]], scale: float
) -> None:
    # A region that is off by one pixel at 150% is the fault that peers' users report most.
    size, one, other = screen
    ends = [
        pixel_under((end[0] / scale, end[1] / scale), scale=(scale, scale), image_size=size) for end in (one, other)
    ]
    assert ends == [one, other]
    region = region_between(one, other)
    assert (region.left, region.top) == (min(one[0], other[0]), min(one[1], other[1]))
    assert (region.right, region.bottom) == (max(one[0], other[0]) + 1, max(one[1], other[1]) + 1)


@given(ANYWHERE, ANYWHERE, SCALES, SIZES)
def test_region_never_leaves_the_image(
    press: tuple[float, float], release: tuple[float, float], scale: float, size: tuple[int, int]
) -> None:
    # A drag that ends beyond the screen would otherwise crop black pixels that nobody saw.
    ends = [pixel_under(end, scale=(scale, scale), image_size=size) for end in (press, release)]
    region = region_between(*ends)
    assert 0 <= region.left < region.right <= size[0]
    assert 0 <= region.top < region.bottom <= size[1]
    assert region == region_between(*reversed(ends))  # whichever way it was dragged


@given(ANYWHERE, SIZES)
def test_nearest_pixel_of_a_pixel_is_itself(point: tuple[float, float], size: tuple[int, int]) -> None:
    assume(all(math.isfinite(number) for number in point))
    pixel = nearest_pixel((int(point[0]), int(point[1])), size)
    assert nearest_pixel(pixel, size) == pixel
    if 0 <= point[0] < size[0] and 0 <= point[1] < size[1]:
        assert pixel == (int(point[0]), int(point[1]))


@given(desktops(), SCALES)
def test_one_image_of_all_screens_falls_apart_into_each(screens: list[Region], scale: float) -> None:
    # A desktop that gives one image for all screens gives the one that is left of or above the first one, too.
    left, top = min(one.left for one in screens), min(one.top for one in screens)
    size = (
        round((max(one.right for one in screens) - left) * scale),
        round((max(one.bottom for one in screens) - top) * scale),
    )
    parts = split_desktop(screens, size)
    for screen, part in zip(screens, parts, strict=True):
        assert 0 <= part.left < part.right <= size[0]
        assert 0 <= part.top < part.bottom <= size[1]
        assert part.left == pytest.approx((screen.left - left) * scale, abs=1.5)
        assert part.top == pytest.approx((screen.top - top) * scale, abs=1.5)
        assert part.width == pytest.approx(screen.width * scale, abs=1.5)
        assert part.height == pytest.approx(screen.height * scale, abs=1.5)
    # No pixel is on two screens: what is dragged over on one is never cut from the other.
    assert not any(_overlap(one, other) for i, one in enumerate(parts) for other in parts[:i])


def test_image_of_a_part_is_not_taken_for_the_desktop() -> None:
    # In a desktop's own dialog the user may choose one window or an area.
    screens = [Region(0, 0, 1920, 1080), Region(1920, 0, 1080, 1920)]
    assert desktop_scale(screens, (3000, 1920)) == 1
    assert desktop_scale(screens, (6000, 3840)) == 2
    assert desktop_scale(screens, (1920, 1080)) is None
    assert desktop_scale(screens, (300, 192)) is None
    assert desktop_scale([], (300, 192)) is None
    with pytest.raises(ValueError, match="not of the whole desktop"):
        split_desktop(screens, (640, 480))


def test_screens_are_paired_by_where_they_lie() -> None:
    # Qt and mss list the screens in orders of their own; rounding moves an edge by a pixel.
    monitors = [Region(1920, 0, 2560, 1440), Region(-1080, 0, 1080, 1920), Region(0, 0, 1920, 1080)]
    assert nearest(Region(0, 0, 1920, 1080), monitors) == 2
    assert nearest(Region(1920, 0, 2559, 1441), monitors) == 0
    assert nearest(Region(-1080, 0, 1080, 1920), monitors) == 1
