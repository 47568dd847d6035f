"""Rules of tables and the edge of a page are no part of a formula; its own bars are, however tightly it was cut."""

from __future__ import annotations

import numpy as np
import pytest

from model.page_rules import FloatArray, without_page_rules

Slices = tuple[slice, slice]


def image_with(*strokes: Slices, height: int = 60, width: int = 160) -> FloatArray:
    """Three letters of the height of a digit in the middle, and strokes."""
    ink = np.zeros((height, width), dtype=np.float32)
    for left in (60, 75, 90):
        ink[height // 2 - 7 : height // 2 + 7, left : left + 9] = 1.0
    for stroke in strokes:
        ink[stroke] = 1.0
    return ink


ALL = slice(None)
LETTERS = image_with()


@pytest.mark.parametrize(
    "strokes",
    [
        [(slice(4, 5), ALL)],
        [(slice(4, 5), ALL), (slice(54, 56), ALL), (ALL, slice(8, 9)), (ALL, slice(150, 151))],  # a cell of a table
        [(ALL, slice(30, 31))],
        [(slice(50, 60), ALL)],  # beyond the page
        [(ALL, slice(148, 160))],
    ],
)
def test_rules_and_edges_go(strokes: list[Slices]) -> None:
    cleared, gone = without_page_rules(image_with(*strokes))
    np.testing.assert_array_equal(cleared, LETTERS)
    assert len(gone) == len(strokes)


def test_rule_between_two_rows_of_a_table_goes() -> None:
    ink = np.concatenate([LETTERS, LETTERS])
    ruled = ink.copy()
    ruled[60] = 1.0
    cleared, gone = without_page_rules(ruled)
    np.testing.assert_array_equal(cleared, ink)
    assert gone == [(0, 60, 160, 61)]


@pytest.mark.parametrize(
    "ink",
    [
        image_with((slice(30, 32), ALL), height=62)[:, 60:99],  # a fraction, cut to its ink
        image_with((slice(20, 21), ALL))[20:37, 60:99],  # an overline
        image_with((ALL, slice(56, 57)), (ALL, slice(103, 104)))[18:42, 56:104],  # an absolute value
        image_with((slice(20, 22), slice(40, 120))),  # a bar that ends within the image
        # an interval, cut to its ink
        image_with((ALL, slice(110, 112)), (slice(0, 1), slice(108, 112)), (slice(59, 60), slice(108, 112)))[:, 60:112],
        LETTERS,
    ],
)
def test_strokes_of_a_formula_stay(ink: FloatArray) -> None:
    cleared, gone = without_page_rules(ink)
    assert gone == []
    assert cleared is ink


def test_image_of_a_rule_alone_stays() -> None:
    # There is nothing else to be read.
    ink = np.zeros((20, 100), dtype=np.float32)
    ink[9:11] = 1.0
    assert without_page_rules(ink)[1] == []


def test_the_frame_of_boxed_cut_to_its_ink_stays() -> None:
    # It runs along all four edges of the image; a frame that is further off has gone before.
    strokes = [(slice(0, 1), ALL), (slice(29, 30), ALL), (ALL, slice(0, 1)), (ALL, slice(159, 160))]
    ink = image_with(*strokes, height=30)
    assert without_page_rules(ink) == (ink, [])
    three = image_with(*strokes[:3], height=30)
    assert len(without_page_rules(three)[1]) == 3
