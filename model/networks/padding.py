"""Keeps the padding of a batch out of its images.

A convolution turns padding into its bias, and the next one carries that into the image's edge. While this is on, every
convolution finds zeros beyond an image's true size, as it does when the image is alone: an image then gives the same
memory in any batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


@contextmanager
def padding_kept_empty(convolutions: nn.Module, images: Tensor, sizes: Tensor) -> Iterator[None]:
    """Run the body with the inputs of all convolutions inside `convolutions` masked.

    Args:
        convolutions: The modules that the images go through; each halves the size, rounding up, or keeps it.
        images: (batch, channels, height, width).
        sizes: (batch, 2), true heights and widths.
    """
    if bool((sizes == sizes.new_tensor(images.shape[2:])).all()):
        yield
        return
    masks = _masks(images, sizes)

    def mask_input(_: nn.Module, inputs: tuple[Tensor]) -> Tensor:
        features = inputs[0]
        return features * masks[features.shape[2], features.shape[3]].to(features.dtype)

    spatial = [
        module for module in convolutions.modules() if isinstance(module, nn.Conv2d) and module.kernel_size != (1, 1)
    ]
    handles = [module.register_forward_pre_hook(mask_input) for module in spatial]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _masks(images: Tensor, sizes: Tensor) -> dict[tuple[int, int], Tensor]:
    """Return for every size the features can have the (batch, 1, height, width) mask of what is no padding."""
    height, width = images.shape[2:]
    masks: dict[tuple[int, int], Tensor] = {}
    while (height, width) not in masks:
        row_seen = torch.arange(height, device=images.device) < sizes[:, :1]  # (batch, height)
        column_seen = torch.arange(width, device=images.device) < sizes[:, 1:]  # (batch, width)
        masks[height, width] = row_seen[:, None, :, None] & column_seen[:, None, None, :]
        height, width, sizes = (height + 1) // 2, (width + 1) // 2, (sizes + 1) // 2
    return masks
