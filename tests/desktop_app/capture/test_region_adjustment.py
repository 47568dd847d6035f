"""Correcting a region pixel by pixel: it follows the hand, stays on the image and is never empty."""

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.capture.region import Region
from desktop_app.capture.region_adjustment import EDGE_HANDLES, Handle, handle_at, handle_point, moved, pulled

WIDTH, HEIGHT = 1920, 1080
STEPS = st.tuples(st.integers(-3000, 3000), st.integers(-3000, 3000))


@st.composite
def regions(draw: st.DrawFn) -> Region:
    left, top = draw(st.integers(0, WIDTH - 1)), draw(st.integers(0, HEIGHT - 1))
    return Region(left, top, draw(st.integers(1, WIDTH - left)), draw(st.integers(1, HEIGHT - top)))


@given(regions(), st.sampled_from(list(Handle)), STEPS)
def test_pulled_region_stays_on_the_image_and_is_never_empty(
    region: Region, handle: Handle, by: tuple[int, int]
) -> None:
    after = pulled(region, handle, by, (WIDTH, HEIGHT))
    assert 0 <= after.left < after.right <= WIDTH
    assert 0 <= after.top < after.bottom <= HEIGHT


@given(regions(), st.sampled_from(EDGE_HANDLES), STEPS)
def test_edges_that_are_not_held_stay(region: Region, handle: Handle, by: tuple[int, int]) -> None:
    # A correction of one side must not undo the one before.
    after = pulled(region, handle, by, (WIDTH, HEIGHT))
    across, down = handle.value
    if across == 0:
        assert (after.left, after.right) == (region.left, region.right)
    else:
        assert (region.right if across < 0 else region.left) in (after.left, after.right)
    if down == 0:
        assert (after.top, after.bottom) == (region.top, region.bottom)
    else:
        assert (region.bottom if down < 0 else region.top) in (after.top, after.bottom)


@given(regions(), STEPS)
def test_moved_region_keeps_its_size(region: Region, by: tuple[int, int]) -> None:
    after = moved(region, by, (WIDTH, HEIGHT))
    assert (after.width, after.height) == (region.width, region.height)
    assert 0 <= after.left < after.right <= WIDTH
    assert 0 <= after.top < after.bottom <= HEIGHT
    assert pulled(region, Handle.INSIDE, by, (WIDTH, HEIGHT)) == after


def test_one_pixel_is_one_pixel() -> None:
    region = Region(100, 100, 50, 40)
    assert pulled(region, Handle.TOP_LEFT, (-1, 1), (WIDTH, HEIGHT)) == Region(99, 101, 51, 39)
    assert pulled(region, Handle.RIGHT, (1, 7), (WIDTH, HEIGHT)) == Region(100, 100, 51, 40)
    assert pulled(region, Handle.LEFT, (60, 0), (WIDTH, HEIGHT)) == Region(150, 100, 10, 40)  # over the other edge
    assert moved(region, (1, -1), (WIDTH, HEIGHT)) == Region(101, 99, 50, 40)


def test_what_is_held_is_what_is_nearest() -> None:
    region = Region(100, 100, 50, 40)
    for handle in EDGE_HANDLES:
        assert handle_at(handle_point(region, handle), region, reach=8) is handle
    assert handle_at((125, 120), region, reach=8) is Handle.INSIDE
    assert handle_at((300, 300), region, reach=8) is None
