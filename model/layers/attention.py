"""Multi-head attention as plain matrix products, and additive attention.

Plain products and not `scaled_dot_product_attention`: on a CPU in bfloat16 the backward pass of the fused kernel is the
slower one, and no dropout is used that a fused kernel would hide.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

_MOST_SCORES = 2_000_000
"""Scores of a head that are held at once when nothing is trained."""


def attend(queries: Tensor, keys: Tensor, values: Tensor, bias: Tensor | None) -> Tensor:
    """Attend to values by the likeness of queries and keys.

    Args:
        queries: (batch, heads, length, head_width), already scaled by head_width ** -0.5.
        keys: (batch, heads, cells, head_width).
        values: The same shape as `keys`.
        bias: Added to the scores, broadcast to (batch, heads, length, cells); minus infinity hides a cell.

    Returns:
        (batch, length, heads * head_width).
    """
    if queries.shape[2] * keys.shape[2] > _MOST_SCORES and not torch.is_grad_enabled():
        # The cells of a huge image see each other: all scores at once would take gigabytes.
        parts = queries.split(max(1, _MOST_SCORES // keys.shape[2]), dim=2)
        biases = [bias] * len(parts)
        if bias is not None and bias.shape[-2] > 1:
            biases = list(bias.split(parts[0].shape[2], dim=-2))
        return torch.cat([attend(part, keys, values, one) for part, one in zip(parts, biases, strict=True)], dim=1)
    scores = torch.matmul(queries, keys.transpose(-2, -1))
    if bias is not None:
        scores = scores + bias
    mixed = torch.matmul(scores.softmax(dim=-1), values)  # (batch, heads, length, head_width)
    return mixed.transpose(1, 2).flatten(2)


def split_heads(features: Tensor, heads: int) -> Tensor:
    """Turn (batch, length, width) into (batch, heads, length, width / heads)."""
    batch, length, width = features.shape
    return features.view(batch, length, heads, width // heads).transpose(1, 2)


class FeedForward(nn.Module):
    """The position-wise part of a Transformer layer; ReLU, because GELU took a tenth of a training step on a CPU."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.widen = nn.Linear(width, hidden)
        self.narrow = nn.Linear(hidden, width)

    def forward(self, features: Tensor) -> Tensor:
        """Map (..., width) to (..., width)."""
        narrowed: Tensor = self.narrow(nn.functional.relu(self.widen(features)))
        return narrowed


class AdditiveAttention(nn.Module):
    """Attention by a small network that scores query and cell together (Bahdanau et al. 2015, appendix A.1.2).

    score = v · activation(W query + U cell); a softmax over the cells; the mean of the cells by it.
    """

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
