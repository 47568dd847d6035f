"""Linear layers with weights packed as float16, for the few rows of a decoding step on a CPU.

A step reads every weight of the decoder once, for one row or a few, and takes about as long as the weights take to come
from memory. FBGEMM's kernel reads half as many bytes, multiplies and adds in float32, and loses nothing here, since
weights are stored as float16. For many rows the plain product is as fast.
"""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor, nn

_MOST_ROWS = 32


class PackedLinear(nn.Module):
    """A linear layer that uses its packed weights where there are few rows."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear
        self._packed: Any = torch.ops.quantized.linear_prepack_fp16(linear.weight.detach(), linear.bias.detach())

    def forward(self, features: Tensor) -> Tensor:
        """Map (..., inputs) to (..., outputs)."""
        if features.numel() > _MOST_ROWS * self.linear.in_features:
            return cast("Tensor", self.linear(features))
        return cast("Tensor", torch.ops.quantized.linear_dynamic_fp16(features, self._packed))


def pack_linear_layers(module: nn.Module) -> None:
    """Pack every linear layer inside a module, on computers that FBGEMM is made for; elsewhere nothing changes."""
    if "fbgemm" not in torch.backends.quantized.supported_engines:
        return
    for parent in list(module.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.Linear) and child.bias is not None:
                setattr(parent, name, PackedLinear(child))
