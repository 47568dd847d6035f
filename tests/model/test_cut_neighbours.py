"""A sliver of the line above or below is left out; whatever else was dragged over stays, at every edge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.image_transform import Placement, locate, to_grey_ink, to_network_input

SAMPLES = sorted((Path(__file__).parent / "inference" / "samples").glob("*.png"))


def page(*boxes: tuple[int, int, int, int], height: int = 60, width: int = 160) -> Placement:
    """Locate the formula on a page with black boxes (top, bottom, left, right)."""
    ink = np.zeros((height, width), dtype=np.float32)
    for top, bottom, left, right in boxes:
        ink[top:bottom, left:right] = 1.0
    return locate(ink)


# Three digits, 12 high and 6 wide.
DIGITS = ((24, 36, 60, 66), (24, 36, 70, 76), (24, 36, 80, 86))
FORMULA = (60, 24, 86, 36)
FEET = [(0, 3, left, left + 6) for left in (20, 40, 62, 90, 110)]


def box_of(placement: Placement) -> tuple[int, int, int, int]:
    return placement.left, placement.top, placement.right, placement.bottom


@pytest.mark.parametrize(
    "slivers",
    [
        FEET,  # of the letters of the line above
        [(60 - bottom, 60 - top, left, right) for top, bottom, left, right in FEET],  # heads of the line below
        [*FEET, (3, 4, 50, 52)],  # with a dot that is whole
    ],
)
def test_sliver_of_a_line_is_left_out(slivers: list[tuple[int, int, int, int]]) -> None:
    found = page(*DIGITS, *slivers)
    assert box_of(found) == FORMULA
    assert found.text_height == 12


@pytest.mark.parametrize(
    "ink",
    [
        [(20, 40, 0, 5)],  # a bracket at the left edge
        [(24, 36, 154, 160)],  # a last symbol, far from the rest
        [(29, 31, 0, 6)],  # a minus sign at the left edge
        [(34, 39, 2, 5)],  # a comma there
        [(0, 3, 60, 66)],  # one thin piece above: a bar over a letter
        [(0, 3, 60, 66), (0, 3, 70, 76)],  # two dots
        [(0, 9, 20 * number, 20 * number + 6) for number in range(1, 7)],  # half a line: the layout's to judge
        [(0, 3, 60 + 3 * number, 61 + 3 * number) for number in range(5)],  # five thin pieces over one letter
    ],
)
def test_what_may_be_the_formulas_own_stays(ink: list[tuple[int, int, int, int]]) -> None:
    found = page(*DIGITS, *ink)
    boxes = np.array([*DIGITS, *ink])
    tops, bottoms, lefts, rights = boxes.T
    assert box_of(found) == (lefts.min(), tops.min(), rights.max(), bottoms.max())


def test_ink_that_all_touches_the_edge_is_the_formula() -> None:
    assert box_of(page((0, 60, 0, 4), (0, 60, 150, 160))) == (0, 0, 160, 60)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_tight_rectangle_gives_the_network_what_a_wide_one_does(path: Path) -> None:
    # The first or last symbol of a formula cut to its ink was lost once, and the rest was called sure.
    with Image.open(path) as image:
        grey = image.convert("L")
    ink = to_grey_ink(grey)
    rows, columns = np.flatnonzero((ink > 0).any(axis=1)), np.flatnonzero((ink > 0).any(axis=0))
    tight = grey.crop((int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1))
    wide = Image.new("L", (tight.width + 24, tight.height + 24), int(np.asarray(grey)[0, 0]))
    wide.paste(tight, (12, 12))
    expected, found = to_network_input(wide), to_network_input(tight)
    assert max(abs(a - b) for a, b in zip(expected.shape, found.shape, strict=True)) <= 2
    assert found.sum() == pytest.approx(expected.sum(), rel=0.02)
