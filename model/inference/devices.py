"""Which processors of this computer the network can run on."""

from __future__ import annotations

import torch


def gpu_device() -> str:
    """Return the name that PyTorch has for the graphics card, or nothing where there is none that it can use."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else ""


def gpu_name() -> str:
    """Return what the graphics card is sold as, or nothing where there is none."""
    device = gpu_device()
    if device == "cuda":
        return torch.cuda.get_device_name(0)
    return "Apple GPU" if device else ""
