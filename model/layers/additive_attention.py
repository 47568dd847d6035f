"""Attention by a small network that scores query and cell together (Bahdanau et al. 2015, appendix A.1.2)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class AdditiveAttention(nn.Module):
    """score = v · activation(W query + U cell); a softmax over the cells; the mean of the cells by it."""

    def __init__(self, query_width: int, cell_width: int, width: int, *, activation: str) -> None:
        super().__init__()
        self.width, self.activation = width, activation
        self.of_query = nn.Linear(query_width, width)
        self.of_cell = nn.Linear(cell_width, width)
        self.score = nn.Linear(width, 1)

    def keys(self, cells: Tensor) -> Tensor:
        """Return what is compared of cells (images, cells, cell_width): (images, cells, width)."""
        keys: Tensor = self.of_cell(cells)
        return keys

    def scores(self, queries: Tensor, keys: Tensor, bias: Tensor) -> Tensor:
        """Return scores (images, rows of an image, cells).

        Args:
            queries: (rows, query_width); those of one image stand together.
            keys: As of `keys`.
            bias: (images, 1, 1, cells), minus infinity hides a cell.
        """
        asked = self.of_query(queries).reshape(bias.shape[0], -1, 1, self.width)
        mixed = asked + keys[:, None]  # (images, rows of an image, cells, width)
        mixed = torch.relu(mixed) if self.activation == "relu" else torch.tanh(mixed)
        scores: Tensor = self.score(mixed)[..., 0] + bias[:, 0]
        return scores

    def forward(self, queries: Tensor, keys: Tensor, cells: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """Return the context (rows, cell_width) and the weights (images, rows of an image, cells)."""
        weights = self.scores(queries, keys, bias).softmax(dim=2)
        return (weights @ cells).reshape(-1, cells.shape[2]), weights
