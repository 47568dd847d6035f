"""Sinusoidal positions in one and two dimensions (Vaswani et al. 2017, section 3.5)."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def sinusoids(length: int, width: int) -> Tensor:
    """Return the (length, width) table of sine and cosine positions; width must be even."""
    rates = torch.exp(torch.arange(0, width, 2, dtype=torch.float32) * (-math.log(10_000.0) / width))
    angles = torch.arange(length, dtype=torch.float32)[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], dim=2).reshape(length, width)


def sinusoids_at(positions: Tensor, width: int) -> Tensor:
    """Return some rows of that table, (..., width), without the table, which would fill an exported graph."""
    rates = torch.exp(torch.arange(0, width, 2, dtype=torch.float32) * (-math.log(10_000.0) / width))
    phases = torch.tensor([0.0, math.pi / 2]).repeat(width // 2)  # a cosine is a sine a quarter of a turn ahead
    rates, phases = rates.repeat_interleave(2).to(positions.device), phases.to(positions.device)
    return torch.sin(positions[..., None].float() * rates + phases)


def grid_sinusoids(rows: int, columns: int, width: int) -> Tensor:
    """Return (rows, columns, width) positions: the first half tells the row, the second the column."""
    half = width // 2
    of_row = sinusoids(rows, half)[:, None, :].expand(rows, columns, half)
    of_column = sinusoids(columns, half)[None, :, :].expand(rows, columns, half)
    return torch.cat([of_row, of_column], dim=2)
