"""Degrade a padded batch of ink as screens and screenshots do.

Each degradation is computed for the whole batch and mixed in by a random amount for each image: a few convolutions of
one channel. One scale is drawn for a batch, not for an image: else half of every batch would be padding.
The margins, neighbouring ink and JPEG faults are the data set's, since they change an image before it is padded.
"""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from model.training.dataset import Batch

SCALES = (0.72, 1.33)
"""Bounds of the random scale; errors of the text height estimate add to it, so that text meets about 0.65 to 1.5."""


def augment(batch: Batch, generator: torch.Generator, pixel_limit: int) -> Batch:
    """Return a degraded copy of the batch.

    Args:
        batch: Clean ink.
        generator: Source of every random number.
        pixel_limit: Scaling up stops where the batch would hold more pixels.
    """
    images = batch.images
    sizes, glyph_x, glyph_y = batch.sizes, batch.glyph_x, batch.glyph_y
    count, _, height, width = images.shape
    if _draw(generator) < 0.75:
        low, high = (math.log(bound) for bound in SCALES)
        scale = math.exp(low + (high - low) * _draw(generator))
        scale = min(scale, max(1.0, math.sqrt(pixel_limit / (count * height * width))))
        size = [max(8, round(height * scale)), max(8, round(width * scale))]
        images = functional.interpolate(images, size, mode="bilinear", antialias=scale < 1, align_corners=False)
        factors = torch.tensor([size[0] / height, size[1] / width])
        sizes = (sizes * factors).ceil().long()
        glyph_x, glyph_y = glyph_x * factors[1], glyph_y * factors[0]
    if _draw(generator) < 0.15:
        images = _rotated(images, (_draw(generator) - 0.5) * 2.4)
    if _draw(generator) < 0.25:
        images = _coarse(images, 0.5 + 0.45 * _draw(generator))
    if _draw(generator) < 0.4:
        blurred = _blurred(images, 0.4 + 0.8 * _draw(generator))
        images = _mix(images, blurred, generator, least=0.3)
    if _draw(generator) < 0.1:
        images = _mix(images, _fringed(images), generator)
    if _draw(generator) < 0.3:
        images = _mix(images, _restroked(images, bolder=_draw(generator) < 0.5), generator, most=0.6)
    if _draw(generator) < 0.5:
        exponents = torch.exp((_per_image(images, generator) - 0.5) * 1.4)  # 0.5 to 2: thin grey to fat black
        images = images.clamp(min=0.0) ** exponents
    if _draw(generator) < 0.25:
        noise = torch.empty_like(images).normal_(generator=generator)
        images = images + noise * (0.1 * _per_image(images, generator))
    return replace(batch, images=images.clamp(0.0, 1.0), sizes=sizes, glyph_x=glyph_x, glyph_y=glyph_y)


def _draw(generator: torch.Generator) -> float:
    return float(torch.rand((), generator=generator))


def _per_image(images: Tensor, generator: torch.Generator) -> Tensor:
    """Return (batch, 1, 1, 1) random numbers in [0, 1)."""
    return torch.rand((images.shape[0], 1, 1, 1), generator=generator)


def _mix(
    images: Tensor, changed: Tensor, generator: torch.Generator, *, least: float = 0.0, most: float = 1.0
) -> Tensor:
    """Move each image towards its changed form by a random amount between `least` and `most`."""
    return torch.lerp(images, changed, least + _per_image(images, generator) * (most - least))


def _rotated(images: Tensor, degrees: float) -> Tensor:
    """Rotate about the middle; what comes in from outside is blank."""
    batch, channels, height, width = images.shape
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    matrix = torch.tensor([[cosine, sine * height / width, 0.0], [-sine * width / height, cosine, 0.0]])
    grid = functional.affine_grid(matrix[None], [1, channels, height, width], align_corners=False)
    return functional.grid_sample(images, grid.expand(batch, -1, -1, -1), align_corners=False)


def _blurred(images: Tensor, sigma: float) -> Tensor:
    """Blur by a Gaussian of 5 x 5 pixels."""
    kernel = torch.exp(-0.5 * (torch.arange(-2.0, 3.0) / sigma).square())
    kernel = (kernel / kernel.sum())[None, None, None, :]
    padded = functional.pad(images, (2, 2, 2, 2), mode="replicate")
    return functional.conv2d(functional.conv2d(padded, kernel), kernel.transpose(2, 3))


def _coarse(images: Tensor, factor: float) -> Tensor:
    """Lose detail by scaling down and up again."""
    height, width = images.shape[2:]
    small = functional.interpolate(
        images, [max(4, int(height * factor)), max(4, int(width * factor))], mode="bilinear", antialias=True
    )
    return functional.interpolate(small, [height, width], mode="bilinear", align_corners=False)


def _fringed(images: Tensor) -> Tensor:
    """Smear ink across as sub-pixel colour fringes do once colour is gone."""
    kernel = torch.tensor([0.25, 0.5, 0.25], dtype=images.dtype)[None, None, None, :]
    return functional.conv2d(images, kernel, padding=(0, 1))


def _restroked(images: Tensor, *, bolder: bool) -> Tensor:
    """Thicken or thin strokes by one pixel."""
    signed = images if bolder else -images
    spread = functional.max_pool2d(signed, 3, stride=1, padding=1)
    return spread if bolder else -spread
