"""The layout network: a small fully convolutional network that draws where lines are.

After DBNet (Liao et al. 2020): the core of each line, the band between baseline and x-height, with an adaptive
threshold. Added to it, for each cell: what the ink is, whether it belongs to a block, and how far away the core of its
line is, so that numerators and limits find their line although they do not touch its core.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.layout.layout_input import CELL
from model.layout.maps import MAP_COUNT, Channel


@dataclass(frozen=True)
class LayoutDimensions:
    """Channels at a quarter, an eighth, a sixteenth and a thirty-second of the input, and of the maps' features."""

    widths: tuple[int, int, int, int] = (16, 40, 64, 96)
    features: int = 32


class _ConvolutionUnit(nn.Sequential):
    """3 x 3 convolution, batch normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int, *, stride: int = 1, dilation: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, stride=stride, padding=dilation, dilation=dilation, bias=False),
            nn.BatchNorm2d(outputs, momentum=0.05),
            nn.ReLU(inplace=True),
        )


class _ResidualBlock(nn.Module):
    """Two convolutions round which the input is led."""

    def __init__(self, width: int, *, dilation: int = 1) -> None:
        super().__init__()
        self.first = _ConvolutionUnit(width, width)
        self.second = _ConvolutionUnit(width, width, dilation=dilation)

    def forward(self, features: Tensor) -> Tensor:
        result: Tensor = features + self.second(self.first(features))
        return result


class LayoutNetwork(nn.Module):
    """Draws the maps of `model.layout.maps.Channel` and `InkClass`, a value for each cell, as logits.

    Attributes:
        dimensions: Of the layers.
    """

    def __init__(self, dimensions: LayoutDimensions | None = None) -> None:
        super().__init__()
        self.dimensions = dimensions or LayoutDimensions()
        quarter, eighth, sixteenth, coarsest = self.dimensions.widths
        features = self.dimensions.features
        self.stages = nn.ModuleList([
            nn.Sequential(_ConvolutionUnit(CELL * CELL, quarter), _ResidualBlock(quarter)),
            nn.Sequential(_ConvolutionUnit(quarter, eighth, stride=2), _ResidualBlock(eighth)),
            nn.Sequential(_ConvolutionUnit(eighth, sixteenth, stride=2), _ResidualBlock(sixteenth)),
            # Dilated, so that a matrix of ten rows is seen at once.
            nn.Sequential(_ConvolutionUnit(sixteenth, coarsest, stride=2), _ResidualBlock(coarsest, dilation=2)),
        ])  # fmt: skip
        self.laterals = nn.ModuleList(nn.Conv2d(width, features, 1) for width in self.dimensions.widths)
        self.smooth = nn.ModuleList(_ConvolutionUnit(features, features) for _ in self.dimensions.widths[:-1])
        self.maps = nn.Conv2d(features, MAP_COUNT, 1)

    def forward(self, ink: Tensor) -> Tensor:
        """Draw the maps.

        Args:
            ink: (batch, 1, height, width), multiples of `STRIDE`, as `with_border` makes it.

        Returns:
            (batch, MAP_COUNT, height / CELL, width / CELL): logits, and for `Channel.OFFSET` heights of a digit.
        """
        levels = []
        features = F.pixel_unshuffle(ink, CELL)
        for stage in self.stages:
            features = stage(features)
            levels.append(features)
        merged = self.laterals[-1](levels[-1])
        for index in reversed(range(len(levels) - 1)):
            upsampled = F.interpolate(merged, scale_factor=2.0, mode="nearest")
            merged = self.smooth[index](self.laterals[index](levels[index]) + upsampled)
        result: Tensor = self.maps(merged)
        return result


def to_probabilities(maps: Tensor) -> Tensor:
    """Turn the network's logits into what `LayoutMaps` holds: probabilities, but for offset and threshold."""
    return torch.cat(
        [
            maps[:, : Channel.OFFSET].sigmoid(),
            maps[:, Channel.OFFSET : Channel.CLASSES],
            maps[:, Channel.CLASSES :].softmax(dim=1),
        ],
        dim=1,
    )
