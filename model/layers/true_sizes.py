"""Keeps the padding of a batch empty, so that an image is encoded the same in any company.

A convolution with a bias or a normalisation writes into the padding, and the next one reads it from there. Emptied
after each of them, padding is what lies beyond the edge of an image that stands alone: zeros.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

Stride = tuple[int, int]
"""Pixels of the image, down and across, that one place of a feature map stands for."""


@dataclass(frozen=True)
class TrueSizes:
    """Where the images of a padded batch end.

    Attributes:
        sizes: (batch, 2), true heights and widths in pixels; None for an image that stands alone.
    """

    sizes: Tensor | None = None

    def keep(self, features: Tensor, stride: Stride) -> Tensor:
        """Return features (batch, channels, rows, columns) with zeros where no image is."""
        if self.sizes is None:
            return features
        return features * self.mask(features, stride)[:, None].to(features.dtype)

    def mask(self, features: Tensor, stride: Stride) -> Tensor:
        """Return which places of (batch, channels, rows, columns) are an image's: bool (batch, rows, columns)."""
        rows, columns = features.shape[2:]
        if self.sizes is None:
            return torch.ones(features.shape[0], rows, columns, dtype=torch.bool, device=features.device)
        high, wide = (
            torch.div(self.sizes[:, axis] + step - 1, step, rounding_mode="floor")[:, None]
            for axis, step in enumerate(stride)
        )
        in_rows = torch.arange(rows, device=features.device)[None] < high.to(features.device)
        in_columns = torch.arange(columns, device=features.device)[None] < wide.to(features.device)
        return in_rows[:, :, None] & in_columns[:, None, :]
