"""What the recogniser gets of an image's lines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.image_transform import to_placed_input
from model.layout.layout import LeftOutKind
from model.layout.layout_finder import LayoutFinder
from model.layout.layout_input import CELL, FloatArray
from model.layout.line_inputs import prepare_lines
from model.layout.maps import MAP_COUNT, Channel
from tests.model.layout.page_composer import PageComposer, draw_line

SAMPLES = sorted((Path(__file__).parent.parent).glob("*/samples/*.png"))


def one_line(ink: FloatArray) -> FloatArray:
    """Maps of a network that sees one line of formulas over the whole height of any image."""
    maps = np.zeros((MAP_COUNT, ink.shape[0] // CELL, ink.shape[1] // CELL), dtype=np.float32)
    maps[Channel.CORE] = 1.0
    maps[Channel.CLASSES] = 1.0
    return maps


@pytest.mark.parametrize("path", SAMPLES[::8], ids=lambda path: path.stem)
def test_image_of_one_line_is_read_as_without_a_layout(path: Path) -> None:
    image = Image.open(path)
    lines = prepare_lines(image, LayoutFinder(one_line))
    network_input, placement = to_placed_input(image)
    (line,) = lines.inputs
    assert np.array_equal(line.network_input, network_input)
    assert line.placement == placement


def test_a_frame_with_a_thin_margin_around_goes_whole() -> None:
    # Round small text its long sides run through nearly all of the image, as the rules of a table do.
    page = PageComposer(500, 120)
    for baseline in (40, 60, 80):
        page.place(draw_line("so that the sum is a matrix of numbers once more", em=11.0), 60, baseline, "words")
    page.draw_frame(4, 4, 496, 116)
    image, _ = page.crop(0, 0, 500, 120)
    lines = prepare_lines(image, LayoutFinder(one_line))
    (frame,) = lines.layout.left_out
    assert frame.box == pytest.approx((4, 4, 496, 116), abs=2)


def test_a_frame_is_named_where_it_lies() -> None:
    page = PageComposer(300, 120)
    page.place(draw_line(r"$a = b + c$"), 60, 60, "formula")
    page.draw_frame(30, 20, 250, 100)
    image, _ = page.crop(0, 0, 300, 120)
    lines = prepare_lines(image, LayoutFinder(one_line))
    (frame,) = lines.layout.left_out
    assert frame.kind is LeftOutKind.FRAME
    assert frame.box == pytest.approx((30, 20, 250, 100), abs=2)
    assert len(lines.inputs) == 1


def test_boxes_are_in_pixels_of_a_huge_image() -> None:
    page = PageComposer(400, 200)
    page.place(draw_line(r"$a = b + c$"), 150, 100, "formula")
    image, record = page.crop(0, 0, 400, 200)
    huge = image.resize((4000, 2000))
    (line,) = prepare_lines(huge, LayoutFinder(one_line)).inputs
    expected = [10 * side for side in record["lines"][0]["box"]]
    assert line.line.box == pytest.approx(expected, abs=60)
    assert (line.placement.left, line.placement.bottom) == pytest.approx((expected[0], expected[3]), abs=30)


def two_rows(ink: FloatArray) -> FloatArray:
    """Maps of a network that sees one line in the upper half of any image and one in the lower."""
    maps = one_line(ink)
    middle = maps.shape[1] // 2
    maps[Channel.CORE, middle - 1 : middle + 1] = 0.0
    return maps


def test_the_faint_half_of_an_equals_sign_stays_with_its_line() -> None:
    """Protects `=`: where a line was cut out of others, a bar that belonged to none was lost, and `-` was read."""
    grey = np.full((80, 120), 255, np.uint8)
    for top in (10, 56):
        for left in (10, 25, 60, 75, 90):
            grey[top : top + 14, left : left + 3] = 0
    grey[14, 36:48] = 170
    grey[20, 36:48] = 0
    first, second = prepare_lines(Image.fromarray(grey), LayoutFinder(two_rows)).layout.lines
    assert first.ink[14 - first.box.top, 40 - first.box.left] > 0.2
    assert second.box.top > 40
