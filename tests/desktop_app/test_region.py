"""From a drag on a window to the pixels of a picture."""

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from desktop_app.region import Region, nearest, region_between

SCALES = st.sampled_from([1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0])
WIDTH, HEIGHT = 1920, 1080
PIXELS = st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1))
ANYWHERE = st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000))


@given(PIXELS, PIXELS, SCALES)
def test_drag_between_two_pixels_takes_exactly_these_and_all_between(
    one: tuple[int, int], other: tuple[int, int], scale: float
) -> None:
    # A region that is off by one pixel at 150% is the fault that peers' users report most.
    region = region_between(
        (one[0] / scale, one[1] / scale),
        (other[0] / scale, other[1] / scale),
        scale=(scale, scale),
        picture_size=(WIDTH, HEIGHT),
    )
    assert (region.left, region.top) == (min(one[0], other[0]), min(one[1], other[1]))
    assert (region.width, region.height) == (abs(one[0] - other[0]) + 1, abs(one[1] - other[1]) + 1)


@given(ANYWHERE, ANYWHERE, SCALES)
def test_region_never_leaves_the_picture(
    press: tuple[float, float], release: tuple[float, float], scale: float
) -> None:
    # A drag that ends beyond the screen would otherwise crop black pixels that nobody saw.
    region = region_between(press, release, scale=(scale, scale), picture_size=(WIDTH, HEIGHT))
    assert 0 <= region.left < region.left + region.width <= WIDTH
    assert 0 <= region.top < region.top + region.height <= HEIGHT


@given(ANYWHERE, ANYWHERE, SCALES)
def test_direction_of_the_drag_does_not_matter(
    press: tuple[float, float], release: tuple[float, float], scale: float
) -> None:
    assume(all(math.isfinite(number) for number in (*press, *release)))
    forward, backward = (
        region_between(a, b, scale=(scale, scale), picture_size=(WIDTH, HEIGHT))
        for a, b in ((press, release), (release, press))
    )
    assert forward == backward


def test_screens_are_paired_by_where_they_lie() -> None:
    # Qt and mss list the screens in orders of their own; rounding moves an edge by a pixel.
    monitors = [Region(1920, 0, 2560, 1440), Region(-1080, 0, 1080, 1920), Region(0, 0, 1920, 1080)]
    assert nearest(Region(0, 0, 1920, 1080), monitors) == 2
    assert nearest(Region(1920, 0, 2559, 1441), monitors) == 0
    assert nearest(Region(-1080, 0, 1080, 1920), monitors) == 1
