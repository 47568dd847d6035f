"""Components, dilation and blur without SciPy must be SciPy's: training images were made with those."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from model.components import blurred, components_of, dilated, dilated_across, faint_strokes


def noise(seed: int, height: int, width: int, share: float) -> np.ndarray:
    return np.random.default_rng(seed).random((height, width)) < share


@given(
    seed=st.integers(0, 2**32 - 1),
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    share=st.sampled_from([0.0, 0.1, 0.3, 0.45, 0.6, 1.0]),
)
def test_components_are_those_of_scipy(seed: int, height: int, width: int, share: float) -> None:
    mask = noise(seed, height, width, share)
    labels, boxes = components_of(mask)
    expected, count = ndimage.label(mask, structure=np.ones((3, 3), dtype=bool))
    np.testing.assert_array_equal(labels, expected)
    assert boxes.tolist() == [
        [rows.start, rows.stop, columns.start, columns.stop] for rows, columns in ndimage.find_objects(expected)
    ]
    assert len(boxes) == count


def test_a_spiral_is_one_component() -> None:
    # Its runs are joined one after the other: as many rounds as it has turns, if numbers went one step at a time.
    spiral = np.zeros((101, 101), dtype=bool)
    for turn in range(0, 50, 2):
        spiral[turn, turn : 101 - turn] = spiral[100 - turn, turn : 101 - turn] = True
        spiral[turn : 101 - turn, 100 - turn] = spiral[turn + 2 : 101 - turn, turn] = True
        spiral[turn + 2, turn : turn + 3] = True
    assert len(components_of(spiral)[1]) == ndimage.label(spiral, structure=np.ones((3, 3)))[1]


@pytest.mark.parametrize("iterations", [1, 2, 5])
def test_dilation_is_that_of_scipy(iterations: int) -> None:
    mask = noise(1, 30, 50, 0.05)
    np.testing.assert_array_equal(dilated(mask, iterations), ndimage.binary_dilation(mask, iterations=iterations))


@pytest.mark.parametrize("width", [1, 3, 9])
def test_dilation_across_is_that_of_scipy(width: int) -> None:
    mask = noise(2, 30, 50, 0.05)
    expected = ndimage.binary_dilation(mask, np.ones((1, width), dtype=bool))
    np.testing.assert_array_equal(dilated_across(mask, width), expected)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0])
def test_blur_is_that_of_scipy(sigma: float) -> None:
    image = np.random.default_rng(3).random((30, 50), dtype=np.float32)
    np.testing.assert_allclose(blurred(image, sigma), ndimage.gaussian_filter(image, sigma), atol=1e-6)


def test_a_faint_stroke_that_touches_nothing_is_found() -> None:
    """Protects thin minus signs of small print; soft edges, grain and what the image's edge cuts are none."""
    ink = np.zeros((30, 60), np.float32)
    ink[5:20, 5:8] = 1.0
    ink[5:20, 8] = 0.3  # its soft edge
    ink[12, 15:24] = 0.32  # a minus
    ink[25, 30:32] = 0.32  # grain
    ink[0, 40:55] = 0.32  # of a line that was cut off
    labels, boxes = faint_strokes(ink, ink > 0.35, 12.0)
    assert boxes.tolist() == [[12, 13, 15, 24]]
    assert np.argwhere(labels == 1).tolist() == [[12, column] for column in range(15, 24)]
    assert labels.max() == 1
