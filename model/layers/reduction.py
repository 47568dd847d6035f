"""Makes images smaller before a network reads them."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def reduced(images: Tensor, factor: int) -> Tensor:
    """Return images (batch, 1, height, width) with a pixel for each `factor` x `factor`, their mean.

    What lies beyond an edge counts as blank, so that padding changes nothing.
    """
    if factor == 1:
        return images
    return functional.avg_pool2d(functional.pad(images, (0, factor - 1, 0, factor - 1)), factor)


def reduced_sizes(sizes: Tensor, factor: int) -> Tensor:
    """Return the heights and widths, (batch, 2), that images of these have then."""
    return torch.div(sizes + factor - 1, factor, rounding_mode="floor")
