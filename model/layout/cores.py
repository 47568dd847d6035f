"""From the map of cores to lines as such: which cells are one line's core, and where its middle lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.components import components_of, dilated_across
from model.layout.layout_input import CELL, LAYOUT_TEXT_HEIGHT, FloatArray, IntArray

_CORE_LEVEL, _LEAST_PEAK = 0.35, 0.5  # probabilities of all its cells, and of the surest
_BRIDGED = 2  # cells; the gutter between columns is at least four wide
_STEEPEST = 0.06
_LEAST_SLOPE_WIDTH = 10  # cells; the slope of a shorter core is guesswork

DIGIT = LAYOUT_TEXT_HEIGHT / CELL
"""Height of a digit in cells."""


@dataclass(frozen=True)
class Cores:
    """The cores of lines, numbered from 0; positions and lengths are in cells.

    Attributes:
        labels: (rows, columns), number of the core plus one, 0 = none.
        left, right: (cores,), ends of each.
        middle: (cores,), height of its middle at `left`.
        slope: (cores,), by how much it falls with each cell to the right.
        confidence: (cores,), mean probability of its cells.
    """

    labels: IntArray
    left: FloatArray
    right: FloatArray
    middle: FloatArray
    slope: FloatArray
    confidence: FloatArray

    def __len__(self) -> int:
        return len(self.left)

    def distances(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> tuple[FloatArray, FloatArray]:
        """Return how far points (points,) are to the side of and above or below each core: (points, cores) each."""
        beside = np.maximum(np.maximum(self.left - x[:, None], x[:, None] - self.right), 0.0)
        height = self.middle + self.slope * (np.clip(x[:, None], self.left, self.right) - self.left)
        return beside.astype(np.float32), np.abs(height - y[:, None]).astype(np.float32)


def find_cores(core: FloatArray) -> Cores:
    """Find the cores in the map of their probability, (rows, columns)."""
    is_core = core > _CORE_LEVEL
    bridged = dilated_across(is_core, _BRIDGED + 1)
    labels, boxes = components_of(bridged)
    count = len(boxes)
    labels = np.where(is_core, labels, 0)
    peaks = np.zeros(count + 1, dtype=np.float32)
    np.maximum.at(peaks, labels.ravel(), core.ravel())
    is_kept = peaks >= _LEAST_PEAK
    is_kept[0] = False
    labels = np.where(is_kept, np.cumsum(is_kept), 0)[labels]
    count = int(is_kept.sum())
    rows, columns = np.nonzero(labels)
    number = labels[rows, columns] - 1
    weight = core[rows, columns].astype(np.float64)
    x, y = columns + 0.5, rows + 0.5
    left, right = np.full(count, np.inf), np.zeros(count)
    np.minimum.at(left, number, columns)
    np.maximum.at(right, number, columns + 1)

    def total(values: NDArray[np.floating]) -> NDArray[np.float64]:
        return np.bincount(number, weights=weight * values, minlength=count).astype(np.float64)

    mass = np.maximum(total(np.ones_like(weight)), 1e-9)
    mean_x, mean_y = total(x) / mass, total(y) / mass
    variance = total((x - mean_x[number]) ** 2) / mass
    covariance = total((x - mean_x[number]) * (y - mean_y[number])) / mass
    is_long = right - left >= _LEAST_SLOPE_WIDTH
    slope = np.where(is_long, np.clip(covariance / np.maximum(variance, 1e-9), -_STEEPEST, _STEEPEST), 0.0)
    cells = np.maximum(np.bincount(number, minlength=count), 1)
    return Cores(
        labels=labels.astype(np.int64),
        left=left.astype(np.float32),
        right=right.astype(np.float32),
        middle=(mean_y + slope * (left - mean_x)).astype(np.float32),
        slope=slope.astype(np.float32),
        confidence=(mass / cells).astype(np.float32),
    )
