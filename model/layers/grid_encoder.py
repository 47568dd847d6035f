"""Encoders that make cells of a trunk's feature map: with positions, with self-attention, or one cell for an image."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from model.layers.convolutional_trunks import Trunk
from model.layers.memory import Memory
from model.layers.positions import grid_sinusoids
from model.layers.residual_encoder import GridAttention
from model.layers.true_sizes import Stride, TrueSizes

_LARGEST_NEGATIVE = float("-inf")


class GridEncoder(nn.Module):
    """Image -> trunk -> a cell for each place of the feature map.

    Args:
        trunk: Of `convolutional_trunks`, or `RowEncoder`.
        width: Of a cell; None leaves the trunk's channels as they are.
        positions: Whether each cell is told its row and column.
        attention_layers, heads, feed_forward_width: Of the self-attention over the cells.
        norm: Whether cells are normalised in the end.
        activate: Whether a ReLU follows the matrix that makes the width.
    """

    def __init__(
        self,
        trunk: nn.Module,
        *,
        width: int | None = None,
        positions: bool = False,
        attention_layers: int = 0,
        heads: int = 4,
        feed_forward_width: int = 0,
        norm: bool = False,
        activate: bool = False,
    ) -> None:
        super().__init__()
        channels = cast("Trunk", trunk).channels
        self.trunk = trunk
        self.width = width or channels
        self.has_positions, self.activates = positions, activate
        self.project = nn.Linear(channels, width) if width is not None else None
        self.attention = nn.ModuleList(
            GridAttention(self.width, heads, feed_forward_width) for _ in range(attention_layers)
        )
        self.norm = nn.LayerNorm(self.width) if norm else None

    def blocks(self) -> list[nn.Module]:
        """Return the trunk's parts, in order."""
        return cast("Trunk", self.trunk).blocks()

    def forward(self, images: Tensor, sizes: Tensor) -> Memory:
        """Encode images (batch, 1, height, width), `sizes` (batch, 2) being their true heights and widths."""
        true_sizes = TrueSizes(sizes)
        features = self.trunk(images, true_sizes)
        real = true_sizes.mask(features, cast("Trunk", self.trunk).stride).flatten(1)
        bias = torch.zeros(real.shape, device=features.device).masked_fill(~real, _LARGEST_NEGATIVE)[:, None, None]
        rows, columns = features.shape[2:]
        places = torch.arange(rows * columns, device=features.device).expand(len(images), -1)
        return Memory(self._cells(features, bias), bias, places, rows, columns)

    def encode_one(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Encode one image, (1, 1, height, width): cells (1, cells, width), their places (cells,), the grid (2,)."""
        features = self.trunk(image, TrueSizes())
        grid = torch._shape_as_tensor(features)[2:]  # noqa: SLF001 (numbers would be constants of an exported graph)
        cells = self._cells(features, None)
        return cells, torch.arange(features.shape[2] * features.shape[3], device=image.device), grid

    def _cells(self, features: Tensor, bias: Tensor | None) -> Tensor:
        rows, columns = features.shape[2:]
        cells = features.flatten(2).transpose(1, 2)
        if self.project is not None:
            cells = self.project(cells)
            cells = nn.functional.relu(cells) if self.activates else cells
        if self.has_positions:
            cells = cells + grid_sinusoids(rows, columns, self.width).to(cells).flatten(0, 1)
        for layer in self.attention:
            cells = layer(cells, bias)
        return cells if self.norm is None else self.norm(cells)


class ImageEncoder(nn.Module):
    """Image -> trunk -> one cell, the mean of all places of the feature map."""

    def __init__(self, trunk: nn.Module) -> None:
        super().__init__()
        self.trunk = trunk
        self.width = cast("Trunk", trunk).channels

    def blocks(self) -> list[nn.Module]:
        """Return the trunk's parts, in order."""
        return cast("Trunk", self.trunk).blocks()

    def forward(self, images: Tensor, sizes: Tensor) -> Memory:
        """Encode images (batch, 1, height, width), `sizes` (batch, 2) being their true heights and widths."""
        true_sizes = TrueSizes(sizes)
        features = self.trunk(images, true_sizes)
        real = true_sizes.mask(features, cast("Trunk", self.trunk).stride).flatten(1)
        # The padding is zero, so only the count has to know of it.
        mean = features.flatten(2).sum(dim=2) / real.sum(dim=1, keepdim=True)
        bias = torch.zeros(len(images), 1, 1, 1, device=images.device)
        return Memory(mean[:, None], bias, torch.zeros_like(sizes[:, :1]), 1, 1)

    def encode_one(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Encode one image, (1, 1, height, width): one cell (1, 1, width), its place (1,), the grid (2,)."""
        mean = self.trunk(image, TrueSizes()).flatten(2).mean(dim=2)
        zero = torch.zeros(1, dtype=torch.int64, device=image.device)
        return mean[:, None], zero, torch.ones(2, dtype=torch.int64, device=image.device)


class RowEncoder(nn.Module):
    """A bidirectional LSTM along each row of a trunk's feature map (Deng et al. 2016).

    Each row begins with a state of its own that is learned, which tells the rows apart.
    """

    ROWS = 64
    """Rows with a state of their own; those below share the last one's."""

    def __init__(self, trunk: nn.Module, hidden: int) -> None:
        super().__init__()
        self.trunk = trunk
        self.lstm = nn.LSTM(cast("Trunk", trunk).channels, hidden, batch_first=True, bidirectional=True)
        self.start = nn.Embedding(self.ROWS, 2 * hidden)
        self.channels = 2 * hidden
        self.stride: Stride = cast("Trunk", trunk).stride

    def blocks(self) -> list[nn.Module]:
        """Return the trunk's parts, and the LSTM."""
        return [*cast("Trunk", self.trunk).blocks(), self.lstm]

    def forward(self, images: Tensor, true_sizes: TrueSizes) -> Tensor:
        """Compute the features."""
        features = self.trunk(images, true_sizes)
        batch, channels, rows, columns = features.shape
        lines = features.permute(0, 2, 3, 1).reshape(batch * rows, columns, channels)
        numbers = torch.arange(rows, device=features.device).clamp(max=self.ROWS - 1)
        start = self.start(numbers).repeat(batch, 1)  # (batch * rows, 2 * hidden)
        start = start.reshape(batch * rows, 2, -1).transpose(0, 1).contiguous()
        states = (start, torch.zeros_like(start))
        if true_sizes.sizes is None:
            read = self.lstm(lines, states)[0]
        else:
            wide = torch.div(true_sizes.sizes[:, 1] + self.stride[1] - 1, self.stride[1], rounding_mode="floor")
            lengths = wide.repeat_interleave(rows).cpu()
            packed = pack_padded_sequence(lines, lengths, batch_first=True, enforce_sorted=False)
            read = pad_packed_sequence(self.lstm(packed, states)[0], batch_first=True, total_length=columns)[0]
        read = read.reshape(batch, rows, columns, -1).permute(0, 3, 1, 2)
        return true_sizes.keep(read, self.stride)
