"""A rectangle dragged too far must not put the neighbour's slice into the formula, nor one too short lose a symbol."""

from __future__ import annotations

import numpy as np
import pytest

from model.image_transform import Placement, locate


def page(*boxes: tuple[int, int, int, int], height: int = 60, width: int = 160) -> Placement:
    """Locate the formula on a page with black boxes (top, bottom, left, right)."""
    ink = np.zeros((height, width), dtype=np.float32)
    for top, bottom, left, right in boxes:
        ink[top:bottom, left:right] = 1.0
    return locate(ink)


# Three digits, 12 high and 6 wide.
DIGITS = ((24, 36, 60, 66), (24, 36, 70, 76), (24, 36, 80, 86))
FORMULA = (60, 24, 86, 36)


def box_of(placement: Placement) -> tuple[int, int, int, int]:
    return placement.left, placement.top, placement.right, placement.bottom


@pytest.mark.parametrize(
    "slices",
    [
        [(0, 4, 20, 30)],  # letters of the line above
        [(57, 60, 40, 60), (56, 60, 90, 96)],  # and below
        [(20, 40, 0, 5)],  # a bracket on the left
        [(28, 40, 154, 160), (0, 3, 100, 120)],  # at two edges
        [(20, 40, 157, 158)],  # the stroke of a bracket, cut beside it
        [(0, 3, 20, 26), (4, 6, 30, 32)],  # with a dot that is whole
        [(34, 39, 2, 5)],  # the comma of the formula before, whole
    ],
)
def test_slice_of_a_neighbour_is_left_out(slices: list[tuple[int, int, int, int]]) -> None:
    found = page(*DIGITS, *slices)
    assert box_of(found) == FORMULA
    assert found.text_height == 12


@pytest.mark.parametrize(
    ("symbol", "width"),
    [
        ((29, 31, 86, 94), 94),  # a minus sign that the rectangle cut
        ((24, 36, 92, 96), 96),  # half a digit after a relation's space
        ((34, 38, 106, 108), 110),  # a comma far from all, near the edge
        ((24, 36, 100, 112), 112),  # a whole symbol is meant, however far
    ],
)
def test_symbol_of_the_formula_at_the_edge_is_kept(symbol: tuple[int, int, int, int], width: int) -> None:
    assert page(*DIGITS, symbol, width=width).right == symbol[3]


def test_dots_at_the_left_edge_begin_the_formula() -> None:
    dots = [(34, 36, left, left + 2) for left in (2, 7, 12)]
    digits = [(24, 36, left, left + 7) for left in (18, 30, 42)]
    assert page(*dots, *digits).left == 2


def test_ink_that_all_touches_the_edge_is_the_formula() -> None:
    assert box_of(page((0, 60, 0, 4), (0, 60, 150, 160))) == (0, 0, 160, 60)
