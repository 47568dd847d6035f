"""Encoder: a ResNet-18 cut after its third stage, made for lines of text, then self-attention over the grid if wanted.

The stem is two small convolutions instead of a 7 x 7 one with pooling, and the last stage keeps the grid of the second,
so that a cell is 8 x 8 pixels: about a subscript at network scale. Cells of 16 x 8 pixels cost as much with the wider
stage they need, and learned three times slower to name glyphs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.networks.attention import FeedForward, attend, split_heads
from model.networks.padding import padding_kept_empty
from model.networks.positions import grid_sinusoids
from model.networks.torchvision_compat import BasicBlock

CELL_HEIGHT = 8
CELL_WIDTH = 8
"""Pixels of the network's input that one cell of the encoder's grid covers."""


@dataclass(frozen=True)
class Memory:
    """What the decoder reads.

    Attributes:
        cells: (batch, rows * columns, width).
        bias: (batch, 1, 1, rows * columns), zero for real cells, minus infinity for padding.
        rows, columns: The grid's shape.
    """

    cells: Tensor
    bias: Tensor
    rows: int
    columns: int

    def select(self, images: Tensor) -> Memory:
        """Return the memory of some images, by their places in the batch."""
        return replace(self, cells=self.cells[images], bias=self.bias[images])

    @staticmethod
    def stack(memories: Sequence[Memory]) -> Memory:
        """Return one memory of all: the first image in each memory, then the second; the grids lose their shape."""
        if len(memories) == 1:
            return memories[0]
        count = max(memory.cells.shape[1] for memory in memories)
        missing = [count - memory.cells.shape[1] for memory in memories]
        padded = zip(memories, missing, strict=True)
        cells, biases = zip(
            *(
                (functional.pad(one.cells, (0, 0, 0, n)), functional.pad(one.bias, (0, n), value=-math.inf))
                for one, n in padded
            ),
            strict=True,
        )
        return Memory(
            torch.stack(cells, dim=1).flatten(0, 1),
            torch.stack(biases, dim=1).flatten(0, 1),
            rows=1,
            columns=count,
        )


class GridAttention(nn.Module):
    """One pre-norm self-attention layer over the cells of the grid."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.merge = nn.Linear(width, width)
        self.feed_forward_norm = nn.LayerNorm(width)
        self.feed_forward = FeedForward(width, hidden)

    def forward(self, cells: Tensor, bias: Tensor) -> Tensor:
        """Mix (batch, cells, width) with one another; `bias` hides padded cells."""
        queries, keys, values = self.query_key_value(self.attention_norm(cells)).chunk(3, dim=2)
        scale = (queries.shape[2] // self.heads) ** -0.5
        mixed = attend(
            split_heads(queries * scale, self.heads),
            split_heads(keys, self.heads),
            split_heads(values, self.heads),
            bias,
        )
        cells = cells + self.merge(mixed)
        attended: Tensor = cells + self.feed_forward(self.feed_forward_norm(cells))
        return attended


class Encoder(nn.Module):
    """Formula image -> memory."""

    def __init__(
        self,
        *,
        stem_width: int,
        stage_widths: tuple[int, ...],
        blocks: tuple[int, ...],
        width: int,
        heads: int,
        attention_layers: int,
        feed_forward_width: int,
    ) -> None:
        super().__init__()
        self.width = width
        self.stem = nn.Sequential(
            nn.Conv2d(1, stem_width, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(stem_width),
            nn.ReLU(inplace=True),
            nn.Conv2d(stem_width, stage_widths[0], 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(stage_widths[0]),
            nn.ReLU(inplace=True),
        )
        strides = (1, 2, 1)
        stages: list[nn.Module] = []
        before = stage_widths[0]
        for after, count, stride in zip(stage_widths, blocks, strides, strict=True):
            for index in range(count):
                block_stride = stride if index == 0 else 1
                shortcut = None
                if block_stride != 1 or before != after:
                    shortcut = nn.Sequential(
                        nn.Conv2d(before, after, 1, stride=block_stride, bias=False), nn.BatchNorm2d(after)
                    )
                stages.append(BasicBlock(before, after, block_stride, shortcut))
                before = after
        self.stages = nn.Sequential(*stages)
        self.project = nn.Conv2d(before, width, 1)
        self.attention = nn.ModuleList(GridAttention(width, heads, feed_forward_width) for _ in range(attention_layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, images: Tensor, sizes: Tensor) -> Memory:
        """Encode a padded batch.

        Args:
            images: (batch, 1, height, width), ink in [0, 1], padded with zeros on the right and below.
            sizes: (batch, 2), the true height and width of each image in pixels.
        """
        # Training leaves the padding alone: it costs time there, and it is one more augmentation of the edges.
        with nullcontext() if self.training else padding_kept_empty(self, images, sizes):
            grid: Tensor = self.project(self.stages(self.stem(images)))  # (batch, width, rows, columns)
        rows, columns = grid.shape[2:]
        cells = grid.flatten(2).transpose(1, 2).contiguous()  # (batch, rows * columns, width)
        positions = grid_sinusoids(rows, columns, self.width).to(device=cells.device, dtype=cells.dtype)
        cells = cells + positions.flatten(0, 1)
        bias = _padding_bias(sizes, rows, columns).to(dtype=cells.dtype)
        for layer in self.attention:
            cells = layer(cells, bias)
        return Memory(self.norm(cells), bias, rows, columns)


def _padding_bias(sizes: Tensor, rows: int, columns: int) -> Tensor:
    """Return (batch, 1, 1, rows * columns): minus infinity where a cell lies wholly in the padding."""
    row_seen = torch.arange(rows, device=sizes.device) * CELL_HEIGHT < sizes[:, :1]  # (batch, rows)
    column_seen = torch.arange(columns, device=sizes.device) * CELL_WIDTH < sizes[:, 1:]  # (batch, columns)
    seen = row_seen[:, :, None] & column_seen[:, None, :]
    bias = torch.zeros(seen.shape, device=sizes.device).masked_fill(~seen, float("-inf"))
    return bias.flatten(1)[:, None, None, :]
