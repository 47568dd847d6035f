"""The scale at which an image is read goes by its digits, whatever stands round them."""

from __future__ import annotations

import numpy as np
import pytest

from model.text_height import estimate_text_height


def boxes(*sizes: tuple[int, int], lower: int = 0) -> np.ndarray:
    """Boxes of so many pixels' height and width, side by side, every other one so many pixels lower."""
    return np.array(
        [
            (lower * (column % 2), lower * (column % 2) + height, 20 * column, 20 * column + width)
            for column, (height, width) in enumerate(sizes)
        ]
    )


DIGITS = [(14, 8), (14, 6), (14, 9), (14, 8)]
PARENTHESES, INTEGRAL = [(50, 10), (50, 10)], [(48, 15)]


@pytest.mark.parametrize("tall", [[], PARENTHESES, PARENTHESES * 2, INTEGRAL, [(50, 3), (50, 3)]])
def test_brackets_round_a_fraction_or_a_matrix_are_no_digits(tall: list[tuple[int, int]]) -> None:
    # Two parentheses round four digits had them read at a third of their size.
    fraction = boxes(*DIGITS, lower=36)
    assert estimate_text_height(np.vstack([fraction, *([boxes(*tall)] if tall else [])])) == pytest.approx(14, rel=0.25)


def test_brackets_round_stars_are_as_high_as_digits_are() -> None:
    # The number (**) was enlarged until its stars were as large as digits, and nothing could be read in it.
    stars = [(2, 10, 10, 18), (2, 10, 20, 28)]
    assert estimate_text_height(np.array([(0, 22, 0, 6), *stars, (0, 22, 32, 38)])) == pytest.approx(22, rel=0.3)


def test_integral_signs_among_few_symbols_are_no_digits() -> None:
    # 8 x 8 x 6 times a fourfold integral was read at a third of its size.
    digits_and_crosses = [(19, 12), (19, 13), (15, 15), (15, 15), (14, 9)]
    assert estimate_text_height(boxes(*digits_and_crosses, *[(66, 29)] * 4)) == pytest.approx(19, rel=0.25)


def test_what_stands_round_symbols_is_no_digit() -> None:
    # A frame round two symbols was taken for their size, and a root for that of what is below it.
    frame, one, plus = (0, 38, 0, 40), (11, 29, 12, 19), (9, 17, 24, 32)
    assert estimate_text_height(np.array([frame, one, plus])) == pytest.approx(16, rel=0.25)
    root, digit = (0, 24, 0, 30), (8, 22, 14, 23)
    assert estimate_text_height(np.array([root, digit])) == pytest.approx(14, rel=0.1)


def test_thin_symbols_alone_are_as_high_as_they_are() -> None:
    assert estimate_text_height(boxes((20, 4), (20, 4), (14, 5))) == pytest.approx(20, rel=0.2)
    assert estimate_text_height(boxes((14, 5))) == 14
    # Of a scan whose strokes are broken: the digits are all thin, and what is not is grain.
    assert estimate_text_height(boxes((14, 5), (14, 5), (14, 4), (3, 2), (3, 2), (2, 2))) == 14
