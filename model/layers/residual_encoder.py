"""Encoder: a ResNet-18 cut after its third stage, made for lines of text, then self-attention over the grid if wanted.

The stem is two small convolutions instead of a 7 x 7 one with pooling, and the last stage keeps the grid of the second,
so that a cell is 8 x 8 pixels: about a subscript at network scale. Cells of 16 x 8 pixels cost as much with the wider
stage they need, and learned three times slower to name glyphs.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.dimensions import CELL_HEIGHT, CELL_WIDTH
from model.layers.attention import FeedForward, attend, split_heads
from model.layers.memory import Memory
from model.layers.positions import grid_sinusoids
from model.layers.residual_block import ResidualBlock

_FAINTEST_INK = 0.1
"""A cell is blank where no 2 x 2 pixels have this much ink in the mean."""


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

    def forward(self, cells: Tensor, bias: Tensor | None) -> Tensor:
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


class ResidualEncoder(nn.Module):
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
                stages.append(ResidualBlock(before, after, stride if index == 0 else 1))
                before = after
        self.stages = nn.Sequential(*stages)
        self.project = nn.Conv2d(before, width, 1)
        self.attention = nn.ModuleList(GridAttention(width, heads, feed_forward_width) for _ in range(attention_layers))
        self.norm = nn.LayerNorm(width)

    def blocks(self) -> list[nn.Module]:
        """Return stem and residual blocks, in order."""
        return [self.stem, *self.stages]

    def forward(self, images: Tensor, sizes: Tensor) -> Memory:
        """Encode a padded batch.

        Args:
            images: (batch, 1, height, width), ink in [0, 1], padded with zeros on the right and below.
            sizes: (batch, 2), the true height and width of each image in pixels. What the convolutions see of the
                padding is one more augmentation of the edges; whoever reads a formula encodes its image alone.
        """
        cells, rows, columns = self._all_cells(self._features(images))
        grid = self.norm(cells) if self.training else None
        seen = inked_cells(images, sizes) if self.inked_cells_only else _seen_cells(sizes, rows, columns).flatten(1)
        kept, places, bias = _only(seen, cells)
        for layer in self.attention:
            kept = layer(kept, bias)
        return Memory(self.norm(kept), bias, places, rows, columns, grid)

    def encode_one(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Encode one image, (1, 1, height, width), without padding.

        Returns:
            The cells that the decoder sees, (1, cells, width); where each stands in the grid, (cells,); and the grid's
            rows and columns, (2,).
        """
        features = self._features(image)
        # Numbers would be constants of an exported graph.
        grid = torch._shape_as_tensor(features)[2:]  # noqa: SLF001
        cells, rows, columns = self._all_cells(features)
        if self.inked_cells_only:
            places = _with_one_cell(_holding_ink(image))[0].nonzero()[:, 0]
            cells = cells[:, places]
        else:
            places = torch.arange(rows * columns, device=image.device)
        for layer in self.attention:
            cells = layer(cells, None)
        return self.norm(cells), places, grid

    def _features(self, images: Tensor) -> Tensor:
        """Return (batch, width, rows, columns) of images (batch, 1, height, width)."""
        features: Tensor = self.project(self.stages(self.stem(images)))
        return features

    def _all_cells(self, features: Tensor) -> tuple[Tensor, int, int]:
        """Return all cells with their positions, (batch, rows * columns, width), and the grid's rows and columns."""
        rows, columns = features.shape[2:]
        cells = features.flatten(2).transpose(1, 2).contiguous()
        positions = grid_sinusoids(rows, columns, self.width).to(device=cells.device, dtype=cells.dtype)
        return cells + positions.flatten(0, 1), rows, columns


def inked_cells(images: Tensor, sizes: Tensor) -> Tensor:
    """Return which cells hold ink or border on it: bool (batch, rows * columns); at least one of each image.

    Args:
        images: (batch, 1, height, width), ink in [0, 1].
        sizes: (batch, 2), true heights and widths.
    """
    inked = _holding_ink(images)
    return _with_one_cell(inked & _seen_cells(sizes, *inked.shape[1:]))


def _holding_ink(images: Tensor) -> Tensor:
    """Return which cells hold ink or border on it: bool (batch, rows, columns)."""
    height, width = images.shape[2:]
    # Not by negative numbers, which an exported graph divides towards zero.
    rows, columns = (height + CELL_HEIGHT - 1) // CELL_HEIGHT, (width + CELL_WIDTH - 1) // CELL_WIDTH
    whole = functional.pad(images.detach(), (0, columns * CELL_WIDTH - width, 0, rows * CELL_HEIGHT - height))
    means = functional.avg_pool2d(whole, 2)  # passes over noise
    # A cell's own pixels and two on each side: what stands close to a cell is written into it as well.
    cell = CELL_HEIGHT // 2, CELL_WIDTH // 2
    most = functional.max_pool2d(means, (cell[0] + 2, cell[1] + 2), cell, padding=1)
    return most[:, 0] > _FAINTEST_INK


def _with_one_cell(inked: Tensor) -> Tensor:
    """Return (batch, rows * columns) of (batch, rows, columns), the first cell being taken where there is no other."""
    flat = inked.flatten(1)
    first = flat[:, :1] | ~flat.any(dim=1, keepdim=True)
    return torch.cat([first, flat[:, 1:]], dim=1)


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
