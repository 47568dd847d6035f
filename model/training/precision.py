"""Which number format a device multiplies fastest in."""

from __future__ import annotations

import time
from functools import cache

import torch

_SIZE = 256
_TRIES = 5


@cache
def multiplies_in_bfloat16(device_type: str) -> bool:
    """Say whether matrix products are faster in bfloat16 than in float32.

    Measured on a CPU, because what its name promises is not what PyTorch makes of it: without bfloat16 instructions a
    product takes seventy times as long.
    """
    if device_type != "cpu":
        return device_type != "mps"
    return _seconds(torch.bfloat16) < _seconds(torch.float32)


def _seconds(number_format: torch.dtype) -> float:
    """Return the shortest time that a product of two square matrices took."""
    matrix = torch.ones(_SIZE, _SIZE, dtype=number_format)
    times = []
    for _ in range(_TRIES):
        started = time.perf_counter()
        matrix @ matrix
        times.append(time.perf_counter() - started)
    return min(times)
