"""Which number format a device multiplies and trains fastest in."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache

import torch
from torch import distributed, nn

_SIZE = 256
_TRIES_OF_PRODUCT, _TRIES_OF_STEP = 60, 5  # a product is short, and lost in whatever else the computer does
_CLEARLY = 0.8
_LEAST_CHANNELS = 16
"""Of what a convolution of 1 x 1 with a stride reads, for its gradient in bfloat16 (`can_train_in_bfloat16`)."""


@cache
def multiplies_in_bfloat16(device_type: str) -> bool:
    """Say whether matrix products are faster in bfloat16 than in float32.

    Measured on a CPU, because what its name promises is not what PyTorch makes of it: without bfloat16 instructions a
    product takes seventy times as long.
    """
    if device_type != "cpu":
        return device_type != "mps"
    return _found_by_any(_seconds(torch.bfloat16) < _CLEARLY * _seconds(torch.float32))


@cache
def trains_in_bfloat16(device_type: str) -> bool:
    """Say whether a training step is faster under bfloat16 autocast than in float32.

    Measured on a CPU by the forward and backward pass of the convolution that most of a step goes to, since a processor
    may multiply matrices faster in bfloat16 and yet take 1.35 times as long for the step.
    """
    if device_type != "cpu":
        return device_type != "mps"
    return _found_by_any(_step_seconds(autocast=True) < _CLEARLY * _step_seconds(autocast=False))


def can_train_in_bfloat16(network: nn.Module) -> bool:
    """Say whether a network has no layer whose gradient in bfloat16 damages the memory of a process on a CPU.

    PyTorch 2.13's oneDNN (`jit_bf16_1x1:avx512_core_bf16`, of the weights) writes beyond the end for a convolution of
    1 x 1 with a stride, as in a ResNet's shortcuts, that reads fewer than 16 channels: glibc's malloc check finds it
    for 4, 8 and 12 channels, for 16 and more and for any other layer that networks here have it does not. A network so
    narrow loses nothing by float32.
    """
    return not any(
        isinstance(layer, nn.Conv2d)
        and layer.kernel_size == (1, 1)
        and layer.stride != (1, 1)
        and layer.in_channels < _LEAST_CHANNELS
        for layer in network.modules()
    )


def agree_on_formats(device_type: str) -> None:
    """Measure both now, while all processes of a run are at the same place and can agree."""
    trains_in_bfloat16(device_type)
    multiplies_in_bfloat16(device_type)


def _found_by_any(is_faster: bool) -> bool:
    """Say what one process of a run has found or another; on a busy computer they may measure differently.

    The slower format in one of them would have all others wait for it, step by step.
    """
    if not distributed.is_initialized():
        return is_faster
    votes = torch.tensor(float(is_faster))
    distributed.all_reduce(votes, op=distributed.ReduceOp.MAX)
    return bool(votes)


def _seconds(number_format: torch.dtype) -> float:
    """Return the shortest time that a product of two square matrices took."""
    matrix = torch.ones(_SIZE, _SIZE, dtype=number_format)
    return _shortest(lambda: matrix @ matrix, _TRIES_OF_PRODUCT)


def _step_seconds(*, autocast: bool) -> float:
    """Return the shortest time of a residual block's convolution, forward and back."""
    convolution = nn.Conv2d(128, 192, 3, padding=1, bias=False).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    features = torch.ones(4, 128, 10, 60).to(memory_format=torch.channels_last).requires_grad_()

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
            result = nn.functional.relu(convolution(features))
        torch.autograd.backward(result.float().sum())

    return _shortest(step, _TRIES_OF_STEP)


def _shortest(run: Callable[[], object], tries: int) -> float:
    times = []
    for _ in range(tries):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)
