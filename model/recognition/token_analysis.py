"""Token by token, what else a formula that was read could be, and where it was read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.dimensions import CELL_HEIGHT, CELL_WIDTH
from model.image_transform import Placement


@dataclass(frozen=True)
class TokenAnalysis:
    """Token by token, what else it could be and where it was read.

    Attributes:
        alternatives: For each token the likeliest others that may stand there, best first, with how probably each is
            right.
        attention: float32 (tokens, rows, columns), where the network looked for each token; each map sums to 1.
        placement: Where the formula lies in the image.
    """

    alternatives: tuple[tuple[tuple[str, float], ...], ...]
    attention: np.ndarray
    placement: Placement

    def extent(self) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of the attention's grid, in pixels of the image."""
        _, rows, columns = self.attention.shape
        left, top = self.placement.to_source(0.0, 0.0)
        right, bottom = self.placement.to_source(columns * CELL_WIDTH, rows * CELL_HEIGHT)
        return left, top, right, bottom
