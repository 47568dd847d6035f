"""Convolutional trunks: images in, feature maps out, in the shapes that the published systems have.

Each has `channels` and `stride` of its result, and `blocks`, its parts in order, of which the first may stay as they
were when it is trained further.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.layers.residual_block import ResidualBlock
from model.layers.true_sizes import Stride, TrueSizes


class Trunk(Protocol):
    """Images (batch, 1, height, width) -> features (batch, channels, height / stride, width / stride), rounded up."""

    channels: int
    stride: Stride

    def blocks(self) -> list[nn.Module]:
        """Return the parts, in order."""
        ...

    def __call__(self, images: Tensor, true_sizes: TrueSizes) -> Tensor:
        """Compute the features; beyond the images they are zero."""
        ...


class NormedConvolution(nn.Module):
    """A convolution, batch normalisation and ReLU."""

    def __init__(self, before: int, after: int, kernel: int | Stride = 3, stride: int = 1) -> None:
        super().__init__()
        sides = (kernel, kernel) if isinstance(kernel, int) else kernel
        padding = (sides[0] // 2, sides[1] // 2)
        self.conv = nn.Conv2d(before, after, sides, stride=stride, padding=padding, bias=False)
        self.norm = nn.BatchNorm2d(after)

    def forward(self, features: Tensor) -> Tensor:
        """Map (batch, before, height, width) to (batch, after, height / stride, width / stride)."""
        return functional.relu(self.norm(self.conv(features)))


class PlainTrunk(nn.Module):
    """Convolutions of 3 x 3 one after another, each followed by max-pooling where told."""

    def __init__(self, widths: Sequence[int], pools: Sequence[Stride]) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            NormedConvolution(before, after) for before, after in zip((1, *widths), widths, strict=False)
        )
        self.pools = tuple(pools)
        self.channels = widths[-1]
        self.stride = _product(self.pools)

    def blocks(self) -> list[nn.Module]:
        """Return the convolutions."""
        return list(self.convolutions)

    def forward(self, images: Tensor, true_sizes: TrueSizes) -> Tensor:
        """Compute the features."""
        features, stride = images, (1, 1)
        for convolution, pool in zip(self.convolutions, self.pools, strict=True):
            features = true_sizes.keep(convolution(features), stride)
            if pool != (1, 1):
                features = functional.max_pool2d(features, pool, pool, ceil_mode=True)
                stride = (stride[0] * pool[0], stride[1] * pool[1])
        return features


class ResNetTrunk(nn.Module):
    """ResNet-18 up to its third stage (He et al. 2016), whose parts have torchvision's names, so its weights fit.

    The first convolution reads ink, one channel; `model.training.imagenet` adds up those of three.
    """

    def __init__(self, widths: tuple[int, int, int] = (64, 128, 256), stem_stride: int = 4) -> None:
        super().__init__()
        self.pools_stem = stem_stride == 4
        self.conv1 = nn.Conv2d(1, widths[0], 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.layer1 = _stage(widths[0], widths[0], 1)
        self.layer2 = _stage(widths[0], widths[1], 2)
        self.layer3 = _stage(widths[1], widths[2], 2)
        self.channels = widths[2]
        self.stride = (4 * stem_stride, 4 * stem_stride)

    def blocks(self) -> list[nn.Module]:
        """Return stem and stages."""
        return [nn.ModuleList([self.conv1, self.bn1]), self.layer1, self.layer2, self.layer3]

    def forward(self, images: Tensor, true_sizes: TrueSizes) -> Tensor:
        """Compute the features."""
        features = true_sizes.keep(functional.relu(self.bn1(self.conv1(images))), (2, 2))
        step = 2
        if self.pools_stem:
            features, step = functional.max_pool2d(features, 3, 2, padding=1), 4
        for number, stage in enumerate((self.layer1, self.layer2, self.layer3)):
            step *= 1 if number == 0 else 2
            for block in cast("list[ResidualBlock]", list(stage)):
                features = block(features, true_sizes, (step, step))
        return features


class InceptionResidual(nn.Module):
    """Branches of different reach side by side, joined and added, scaled down, to what came in.

    Szegedy et al. 2017, "Inception-v4, Inception-ResNet and the impact of residual connections on learning", figures 16
    and 17: `wide` is the second kind, whose branch reaches along rows and along columns.
    """

    SCALE = 0.17

    def __init__(self, channels: int, width: int, *, wide: bool) -> None:
        super().__init__()
        one = [NormedConvolution(channels, width, 1)]
        if wide:
            branches = [one, [*_entry(channels, width), NormedConvolution(width, width, (1, 7))]]
            branches[1].append(NormedConvolution(width, width, (7, 1)))
        else:
            two = [*_entry(channels, width), NormedConvolution(width, width)]
            three = [*_entry(channels, width), NormedConvolution(width, width), NormedConvolution(width, width)]
            branches = [one, two, three]
        self.branches = nn.ModuleList(nn.ModuleList(branch) for branch in branches)
        self.join = nn.Conv2d(width * len(branches), channels, 1)

    def forward(self, features: Tensor, true_sizes: TrueSizes, stride: Stride) -> Tensor:
        """Map (batch, channels, rows, columns) to the same shape."""
        ends = []
        for branch in cast("list[nn.ModuleList]", list(self.branches)):
            end = features
            for convolution in branch:
                end = true_sizes.keep(convolution(end), stride)
            ends.append(end)
        added = features + self.SCALE * self.join(torch.cat(ends, dim=1))
        return true_sizes.keep(functional.relu(added), stride)


class InceptionResNetTrunk(nn.Module):
    """The plan of Inception-ResNet-v2 in small: stem, blocks of the first kind, a reduction, blocks of the second."""

    def __init__(self, width: int = 32, first_blocks: int = 2, second_blocks: int = 2) -> None:
        super().__init__()
        self.stem = nn.ModuleList([NormedConvolution(1, width, stride=2), NormedConvolution(width, 2 * width)])
        self.first = nn.ModuleList(InceptionResidual(2 * width, width // 2, wide=False) for _ in range(first_blocks))
        self.reduction = NormedConvolution(2 * width, 4 * width, stride=2)
        self.second = nn.ModuleList(InceptionResidual(4 * width, width, wide=True) for _ in range(second_blocks))
        self.channels = 4 * width
        self.stride = (8, 8)

    def blocks(self) -> list[nn.Module]:
        """Return stem, blocks and reduction."""
        return [self.stem, self.first, self.reduction, self.second]

    def forward(self, images: Tensor, true_sizes: TrueSizes) -> Tensor:
        """Compute the features."""
        features = images
        for convolution in self.stem:
            features = true_sizes.keep(convolution(features), (2, 2))
        features = functional.max_pool2d(features, 2, 2, ceil_mode=True)
        for block in self.first:
            features = block(features, true_sizes, (4, 4))
        features = true_sizes.keep(self.reduction(features), self.stride)
        for block in self.second:
            features = block(features, true_sizes, self.stride)
        return features


class DenseLayer(nn.Module):
    """A bottleneck and a convolution, whose result joins all that came before."""

    def __init__(self, before: int, growth: int) -> None:
        super().__init__()
        self.narrow = NormedConvolution(before, 4 * growth, 1)
        self.grow = NormedConvolution(4 * growth, growth)

    def forward(self, features: Tensor, true_sizes: TrueSizes, stride: Stride) -> Tensor:
        """Map (batch, before, rows, columns) to (batch, before + growth, rows, columns)."""
        narrow = true_sizes.keep(self.narrow(features), stride)
        return torch.cat([features, true_sizes.keep(self.grow(narrow), stride)], dim=1)


class DenseTrunk(nn.Module):
    """DenseNet (Huang et al. 2017): three blocks of dense layers, halved in width and size between them."""

    def __init__(self, growth: int = 16, layers: int = 4) -> None:
        super().__init__()
        channels = 2 * growth
        self.stem = NormedConvolution(1, channels, 5, stride=2)
        self.dense, self.transitions = nn.ModuleList(), nn.ModuleList()
        for block in range(3):
            self.dense.append(nn.ModuleList(DenseLayer(channels + growth * row, growth) for row in range(layers)))
            channels += growth * layers
            if block < 2:
                self.transitions.append(NormedConvolution(channels, channels // 2, 1))
                channels //= 2
        self.channels = channels
        self.stride = (8, 8)

    def blocks(self) -> list[nn.Module]:
        """Return stem, blocks and the transitions between them."""
        first, second, third = self.dense
        return [self.stem, first, self.transitions[0], second, self.transitions[1], third]

    def forward(self, images: Tensor, true_sizes: TrueSizes) -> Tensor:
        """Compute the features."""
        step = 2
        features = true_sizes.keep(self.stem(images), (step, step))
        for number, block in enumerate(cast("list[nn.ModuleList]", list(self.dense))):
            for layer in block:
                features = layer(features, true_sizes, (step, step))
            if number < 2:
                features = true_sizes.keep(self.transitions[number](features), (step, step))
                features = functional.avg_pool2d(functional.pad(features, (0, 1, 0, 1)), 2)
                step *= 2
        return features


class PatchTrunk(nn.Module):
    """Patches of the image, or of another trunk's features, each mapped by one matrix (Dosovitskiy et al. 2021)."""

    def __init__(self, patch: Stride, width: int, before: nn.Module | None = None) -> None:
        super().__init__()
        self.before, self.patch = before, patch
        trunk = cast("Trunk | None", before)
        self.embed = nn.Conv2d(1 if trunk is None else trunk.channels, width, patch, stride=patch)
        self.channels = width
        inner = (1, 1) if trunk is None else trunk.stride
        self.stride = (inner[0] * patch[0], inner[1] * patch[1])

    def blocks(self) -> list[nn.Module]:
        """Return the blocks of the trunk before, and the matrix."""
        before = cast("Trunk | None", self.before)
        return [*(before.blocks() if before is not None else []), self.embed]

    def forward(self, images: Tensor, true_sizes: TrueSizes) -> Tensor:
        """Compute the features; a patch that an image fills in part is filled up with zeros."""
        features = images if self.before is None else self.before(images, true_sizes)
        padded = functional.pad(features, (0, self.patch[1] - 1, 0, self.patch[0] - 1))
        return true_sizes.keep(self.embed(padded), self.stride)


def _entry(channels: int, width: int) -> list[NormedConvolution]:
    return [NormedConvolution(channels, width, 1)]


def _stage(before: int, after: int, stride: int) -> nn.Sequential:
    return nn.Sequential(ResidualBlock(before, after, stride), ResidualBlock(after, after))


def _product(pools: Sequence[Stride]) -> Stride:
    down = across = 1
    for pool in pools:
        down, across = down * pool[0], across * pool[1]
    return down, across
