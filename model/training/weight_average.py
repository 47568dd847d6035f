"""Exponential moving average of the weights; what is validated and exported."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class WeightAverage:
    """Keeps averaged copies of a network's parameters and running statistics."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.decay = decay
        self.averages = {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Move the averages towards the network's weights after step number `step`, counted from 0."""
        decay = min(self.decay, (1 + step) / (10 + step))  # Early weights are forgotten fast.
        averages: list[Tensor] = []
        current: list[Tensor] = []
        for name, tensor in network.state_dict().items():
            if tensor.is_floating_point():
                averages.append(self.averages[name])
                current.append(tensor)
            else:
                self.averages[name].copy_(tensor)
        torch._foreach_lerp_(averages, current, 1.0 - decay)
