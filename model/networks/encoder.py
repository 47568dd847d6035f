"""Encoder: a ResNet-18 cut after its third stage, made for lines of text, then self-attention over the grid if wanted.

The stem is two small convolutions instead of a 7 x 7 one with pooling, and the last stage keeps the grid of the second,
so that a cell is 8 x 8 pixels: about a subscript at network scale. Cells of 16 x 8 pixels cost as much with the wider
stage they need, and learned three times slower to name glyphs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
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

_FAINTEST_INK = 0.1
"""A cell is blank where no 2 x 2 pixels have this much ink in the mean."""


@dataclass(frozen=True)
class Memory:
    """What the decoder reads: the cells of the encoder's grid, or those of them that hold ink, in reading order.

    Attributes:
        cells: (batch, cells, width).
        bias: (batch, 1, 1, cells), zero for real cells, minus infinity for what only fills up.
        places: (batch, cells), where each cell stands in the grid, row * columns + column.
        rows, columns: The grid's shape.
        grid: (batch, rows * columns, width), all cells as they were before any was left out; only training has it.
        projected: What the decoder made of the cells (`Decoder.project`): of each of its layers keys, (batch, heads,
            head_width, cells), and values, (batch, heads, cells, head_width).
    """

    cells: Tensor
    bias: Tensor
    places: Tensor
    rows: int
    columns: int
    grid: Tensor | None = None
    projected: tuple[tuple[Tensor, Tensor], ...] = ()

    def select(self, images: Tensor) -> Memory:
        """Return the memory of some images, by their places in the batch."""
        cells, bias, places = self.cells[images], self.bias[images], self.places[images]
        return replace(self, cells=cells, bias=bias, places=places, grid=None, projected=())

    @staticmethod
    def stack(views: Sequence[Memory]) -> Memory:
        """Return several memories, with their own grids and all projected or none, as those of one batch."""
        if len(views) == 1:
            return views[0]
        most = max(view.cells.shape[1] for view in views)

        def joined(tensors: Iterable[Tensor], dimension: int, filling: float = 0.0) -> Tensor:
            """Join tensors that have cells in a dimension, counted from the last."""
            return torch.cat([_filled_up(tensor, most, dimension, filling) for tensor in tensors])

        layers = zip(*(view.projected for view in views), strict=True)
        return replace(
            views[0],
            cells=joined((view.cells for view in views), -2),
            bias=joined((view.bias for view in views), -1, -math.inf),
            places=joined((view.places for view in views), -1),
            grid=None,
            projected=tuple(
                (joined((keys for keys, _ in layer), -1), joined((values for _, values in layer), -2))
                for layer in layers
            ),
        )


def _filled_up(tensor: Tensor, most: int, dimension: int, filling: float) -> Tensor:
    missing = most - tensor.shape[dimension]
    return functional.pad(tensor, (0, 0) * (-1 - dimension) + (0, missing), value=filling) if missing else tensor


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
        inked_cells_only: bool = False,
    ) -> None:
        super().__init__()
        self.width = width
        self.inked_cells_only = inked_cells_only
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
            features: Tensor = self.project(self.stages(self.stem(images)))  # (batch, width, rows, columns)
        rows, columns = features.shape[2:]
        cells = features.flatten(2).transpose(1, 2).contiguous()  # (batch, rows * columns, width)
        positions = grid_sinusoids(rows, columns, self.width).to(device=cells.device, dtype=cells.dtype)
        cells = cells + positions.flatten(0, 1)
        grid = self.norm(cells) if self.training else None
        seen = inked_cells(images, sizes) if self.inked_cells_only else _seen_cells(sizes, rows, columns).flatten(1)
        kept, places, bias = _only(seen, cells)
        for layer in self.attention:
            kept = layer(kept, bias)
        return Memory(self.norm(kept), bias, places, rows, columns, grid)


def inked_cells(images: Tensor, sizes: Tensor) -> Tensor:
    """Return which cells hold ink or border on it: bool (batch, rows * columns); at least one of each image.

    Args:
        images: (batch, 1, height, width), ink in [0, 1].
        sizes: (batch, 2), true heights and widths.
    """
    height, width = images.shape[2:]
    rows, columns = -(-height // CELL_HEIGHT), -(-width // CELL_WIDTH)
    whole = functional.pad(images.detach(), (0, columns * CELL_WIDTH - width, 0, rows * CELL_HEIGHT - height))
    means = functional.avg_pool2d(whole, 2)  # passes over noise
    # A cell's own pixels and two on each side: what stands close to a cell is written into it as well.
    cell = CELL_HEIGHT // 2, CELL_WIDTH // 2
    most = functional.max_pool2d(means, (cell[0] + 2, cell[1] + 2), cell, padding=1)
    inked = ((most[:, 0] > _FAINTEST_INK) & _seen_cells(sizes, rows, columns)).flatten(1)
    inked[:, 0] |= ~inked.any(dim=1)
    return inked


def _only(wanted: Tensor, cells: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Leave out all cells but some.

    Args:
        wanted: bool (batch, rows * columns).
        cells: (batch, rows * columns, width).

    Returns:
        What `Memory` calls cells, places and bias.
    """
    counts = wanted.sum(dim=1)
    most = int(counts.max())
    places = wanted.to(torch.uint8).argsort(dim=1, descending=True, stable=True)[:, :most]
    kept = cells.gather(1, places[:, :, None].expand(-1, -1, cells.shape[2]))
    fills = torch.arange(most, device=cells.device) >= counts[:, None]
    bias = torch.zeros(fills.shape, device=cells.device, dtype=cells.dtype).masked_fill(fills, float("-inf"))
    return kept, places, bias[:, None, None, :]


def _seen_cells(sizes: Tensor, rows: int, columns: int) -> Tensor:
    """Return (batch, rows, columns): false where a cell lies wholly in the padding."""
    row_seen = torch.arange(rows, device=sizes.device) * CELL_HEIGHT < sizes[:, :1]  # (batch, rows)
    column_seen = torch.arange(columns, device=sizes.device) * CELL_WIDTH < sizes[:, 1:]  # (batch, columns)
    return row_seen[:, :, None] & column_seen[:, None, :]
