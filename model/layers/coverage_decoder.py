"""A Transformer decoder that knows where it has looked (CoMER: Zhao and Gao 2022, "Coverage for Transformer").

Each layer refines its attention to the image: what earlier tokens have looked at, by the layer's own first attention
and by the refined one of the layer before, is summed up, read by a convolution over the grid, and taken off the scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.layers.attention import FeedForward, attend, split_heads
from model.layers.memory import Memory
from model.layers.positions import sinusoids_at
from model.layers.transformer_decoder import TiedEmbedding

KERNEL = 5
"""Side of the convolution over what was looked at."""


def neighbours(rows: int, columns: int, like: Tensor) -> Tensor:
    """Return for each cell of a grid the cells around it: (rows * columns, KERNEL ** 2), counted from 1, 0 for none.

    Args:
        rows: Of the grid.
        columns: Of the grid.
        like: Whose number format and device the table has.
    """
    reach = KERNEL // 2
    shifts = torch.arange(-reach, reach + 1, device=like.device)
    down = torch.arange(rows, device=like.device)[:, None, None, None] + shifts[:, None]
    across = torch.arange(columns, device=like.device)[None, :, None, None] + shifts
    inside = (down >= 0) & (down < rows) & (across >= 0) & (across < columns)
    numbers = (down * columns + across + 1) * inside
    return numbers.reshape(-1, KERNEL * KERNEL).to(like.dtype)


class Refinement(nn.Module):
    """Attention of tokens before, two kinds of it -> what is taken off the scores of the next."""

    def __init__(self, heads: int, width: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(2 * heads, width, KERNEL, padding=KERNEL // 2)
        self.merge = nn.Linear(width, heads, bias=False)

    def forward(self, covered: Tensor, rows: int, columns: int) -> Tensor:
        """Map (batch, 2 * heads, length, rows * columns) to (batch, heads, length, rows * columns)."""
        batch, _, length, cells = covered.shape
        grids = covered.transpose(1, 2).reshape(batch * length, -1, rows, columns)
        read = functional.relu(self.convolution(grids)).flatten(2).transpose(1, 2)
        merged: Tensor = self.merge(read)  # (batch * length, cells, heads)
        return merged.reshape(batch, length, cells, -1).permute(0, 3, 1, 2)

    def at_cells(self, covered: Tensor, table: Tensor) -> Tensor:
        """Do the same where images have grids of their own, by the `neighbours` of their cells.

        Args:
            covered: (images, rows of an image, 2 * heads, cells).
            table: (images, cells, KERNEL ** 2).

        Returns:
            (images, heads, rows of an image, cells).
        """
        weight = self.convolution.weight.flatten(2)  # (width, 2 * heads, KERNEL ** 2)
        padded = functional.pad(covered, (1, 0))
        places = table.long().flatten(1)[:, None, None]
        around = torch.gather(padded, 3, places + torch.zeros_like(padded[..., :1]).long())
        around = around.unflatten(3, (-1, KERNEL * KERNEL))  # (images, rows of an image, 2 * heads, cells, KERNEL ** 2)
        read = torch.einsum("irhck,whk->ircw", around, weight) + cast("Tensor", self.convolution.bias)
        merged: Tensor = self.merge(functional.relu(read))
        return merged.permute(0, 3, 1, 2)


class CoverageStep(NamedTuple):
    """What a layer makes of a token.

    Attributes:
        features: (rows, 1, width).
        keys, values: (rows, heads, 1, head_width), for the cache.
        own, refined: (images, heads, rows of an image, cells), its attention before and after the refinement.
    """

    features: Tensor
    keys: Tensor
    values: Tensor
    own: Tensor
    refined: Tensor


class CoverageLayer(nn.Module):
    """Causal self-attention, refined attention to the image, feed-forward; each behind its own norm."""

    def __init__(self, width: int, heads: int, hidden: int, *, coverage_width: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.scale = heads, (width // heads) ** -0.5
        self.self_norm, self.cross_norm, self.feed_forward_norm = (nn.LayerNorm(width) for _ in range(3))
        self.query_key_value, self.self_merge = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.cross_query, self.cross_merge = nn.Linear(width, width), nn.Linear(width, width)
        self.cross_key_value = nn.Linear(width, 2 * width)
        self.refinement = Refinement(heads, coverage_width)
        self.feed_forward = FeedForward(width, hidden)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, features: Tensor, causal_bias: Tensor, memory: Memory, before: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Map (batch, length, width) to the same shape.

        Args:
            features: Of all tokens.
            causal_bias: (length, length).
            memory: Of the images.
            before: (batch, heads, length, cells), the refined attention of the layer before, None in the first.

        Returns:
            The features, and this layer's refined attention.
        """
        queries, keys, values = self.query_key_value(self.self_norm(features)).chunk(3, dim=2)
        keys, values = split_heads(keys, self.heads), split_heads(values, self.heads)
        mixed = attend(split_heads(queries * self.scale, self.heads), keys, values, causal_bias)
        features = features + self.dropout(self.self_merge(mixed))
        seen_keys, seen_values = self.memory_keys_values(memory.cells)
        queries = split_heads(self.cross_query(self.cross_norm(features)) * self.scale, self.heads)
        scores = queries @ seen_keys + memory.bias
        own = scores.softmax(dim=3)
        covered = torch.cat([own, own if before is None else before], dim=1)
        covered = covered.cumsum(dim=2) - covered  # of the tokens before each
        refined = (scores - self.refinement(covered, memory.rows, memory.columns)).softmax(dim=3)
        features = features + self.dropout(self.cross_merge((refined @ seen_values).transpose(1, 2).flatten(2)))
        features = features + self.dropout(self.feed_forward(self.feed_forward_norm(features)))
        return features, refined

    def step(
        self,
        features: Tensor,
        memory: tuple[Tensor, Tensor, Tensor, Tensor],
        kept: tuple[Tensor, Tensor, Tensor, Tensor],
        token_bias: Tensor,
    ) -> CoverageStep:
        """Do the same for one token, (rows, 1, width).

        Args:
            features: Of the token.
            memory: Keys and values (images, heads, ...), bias (images, 1, 1, cells), neighbours (images, cells, ...).
            kept: Keys and values (rows, heads, capacity, head_width), and the sums (rows, heads, cells) of this layer's
                own attention and of the layer before's.
            token_bias: (rows, 1, 1, capacity + 1).
        """
        seen_keys, seen_values, bias, table = memory
        cached_keys, cached_values, own_sum, before_sum = kept
        rows, _, width = features.shape
        queries, keys, values = self.query_key_value(self.self_norm(features)).chunk(3, dim=2)
        keys, values = split_heads(keys, self.heads), split_heads(values, self.heads)
        mixed = attend(
            split_heads(queries * self.scale, self.heads),
            torch.cat([cached_keys, keys], dim=2),
            torch.cat([cached_values, values], dim=2),
            token_bias,
        )
        features = features + self.self_merge(mixed)
        queries = self.cross_query(self.cross_norm(features)) * self.scale
        queries = queries.reshape(bias.shape[0], -1, self.heads, width // self.heads).transpose(1, 2)
        scores = queries @ seen_keys + bias  # (images, heads, rows of an image, cells)
        own = scores.softmax(dim=3)
        covered = torch.cat([own_sum, before_sum], dim=1)  # (rows, 2 * heads, cells)
        covered = covered.reshape(bias.shape[0], -1, 2 * self.heads, covered.shape[2])
        refined = (scores - self.refinement.at_cells(covered, table)).softmax(dim=3)
        looked = (refined @ seen_values).transpose(1, 2).reshape(rows, 1, width)
        features = features + self.cross_merge(looked)
        features = features + self.feed_forward(self.feed_forward_norm(features))
        return CoverageStep(features, keys, values, own, refined)

    def memory_keys_values(self, cells: Tensor) -> tuple[Tensor, Tensor]:
        """Return keys (batch, heads, head_width, cells) and values (batch, heads, cells, head_width) of the memory."""
        keys, values = self.cross_key_value(cells).chunk(2, dim=2)
        return split_heads(keys, self.heads).transpose(2, 3), split_heads(values, self.heads)


class CoverageDecoder(TiedEmbedding):
    """Token ids and memory -> logits of the next token."""

    def __init__(
        self,
        vocabulary_size: int,
        *,
        width: int,
        heads: int,
        layers: int,
        feed_forward_width: int,
        coverage_width: int,
        dropout: float,
    ) -> None:
        super().__init__(vocabulary_size, width, heads)
        self.layers = nn.ModuleList(
            CoverageLayer(width, heads, feed_forward_width, coverage_width=coverage_width, dropout=dropout)
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, token_ids: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """Return features (batch, length, width), and where the last layer looked, (batch, length, cells)."""
        length = token_ids.shape[1]
        features = self.embed(token_ids, self.positions[:length])
        causal_bias = torch.full((length, length), float("-inf"), device=token_ids.device).triu(1)
        attention: Tensor | None = None
        for layer in cast("list[CoverageLayer]", list(self.layers)):
            features, attention = layer(features, causal_bias, memory, attention)
        return self.norm(features), cast("Tensor", attention).mean(dim=1)

    def step(
        self,
        token_ids: Tensor,
        positions: Tensor,
        memory: tuple[Sequence[tuple[Tensor, Tensor]], Tensor, Tensor],
        kept: Sequence[tuple[Tensor, Tensor, Tensor, Tensor]],
        token_bias: Tensor,
    ) -> tuple[Tensor, list[CoverageStep]]:
        """Take one token, (rows, 1): the features (rows, 1, width), and what each layer made.

        Args:
            token_ids: The token of each row.
            positions: (rows, 1), how many tokens stand before it.
            memory: Keys and values of each layer, the bias, and the neighbours of the cells.
            kept: Of each layer, as `CoverageLayer.step` has it.
            token_bias: (rows, 1, 1, capacity + 1), hides empty places.
        """
        features = self.embed(token_ids, sinusoids_at(positions, self.width))
        keys_values, bias, table = memory
        steps: list[CoverageStep] = []
        for layer, of_memory, of_layer in zip(self.layers, keys_values, kept, strict=True):
            steps.append(cast("CoverageLayer", layer).step(features, (*of_memory, bias, table), of_layer, token_bias))
            features = steps[-1].features
        return self.norm(features), steps
