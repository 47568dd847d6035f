"""Keeps the padding of a batch out of its images.

A convolution turns padding into its bias, and the next one carries that into the image's edge. While this is on, every
convolution finds zeros beyond an image's true size, as it does when the image is alone: an image then gives the same
memory in any batch.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from weakref import WeakSet

import torch
from torch import Tensor, nn

_masks_of_batch: ContextVar[dict[tuple[int, int], Tensor] | None] = ContextVar("_masks_of_batch", default=None)
"""Each thread reads a batch of its own through the same network."""

_hooked: WeakSet[nn.Module] = WeakSet()
_hooking = threading.Lock()


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
    _hook(convolutions)
    before = _masks_of_batch.set(_masks(images, sizes))
    try:
        yield
    finally:
        _masks_of_batch.reset(before)


def _hook(convolutions: nn.Module) -> None:
    """Let every convolution mask its input from now on, wherever there are masks."""
    with _hooking:
        for module in convolutions.modules():
            if isinstance(module, nn.Conv2d) and module.kernel_size != (1, 1) and module not in _hooked:
                module.register_forward_pre_hook(_mask_input)
                _hooked.add(module)


def _mask_input(_: nn.Module, inputs: tuple[Tensor]) -> Tensor | None:
    masks = _masks_of_batch.get()
    if masks is None:
        return None
    features = inputs[0]
    return features * masks[features.shape[2], features.shape[3]].to(features.dtype)


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
