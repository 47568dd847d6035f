"""What an encoder hands to the decoder and to the heads that only training has."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Memory:
    """The cells of the encoder's grid, or those of them that hold ink, in reading order.

    Attributes:
        cells: (batch, cells, width).
        bias: (batch, 1, 1, cells), zero for real cells, minus infinity for what only fills up.
        places: (batch, cells), where each cell stands in the grid, row * columns + column.
        rows, columns: The grid's shape.
        grid: (batch, rows * columns, width), all cells as they were before any was left out; only training has it.
    """

    cells: Tensor
    bias: Tensor
    places: Tensor
    rows: int
    columns: int
    grid: Tensor | None = None
