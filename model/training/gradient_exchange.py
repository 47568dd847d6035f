"""Average gradients over data-parallel processes through one flat buffer.

On a CPU one process of one thread for each core trains faster than one process of many threads: the decoder's small
matrices do not fill several cores, and there is one meeting a step instead of one an operation.
"""

from __future__ import annotations

import torch
from torch import Tensor, distributed, nn


class GradientExchange:
    """All gradients as views into one buffer, with room for one number that the processes agree on."""

    def __init__(self, modules: list[nn.Module], processes: int) -> None:
        self.processes = processes
        parameters = [one for module in modules for one in module.parameters() if one.requires_grad]
        self._buffer = torch.zeros(sum(p.numel() for p in parameters) + 1, device=parameters[0].device)
        offset = 0
        for parameter in parameters:
            # The strides of the parameter too, which may be channels last.
            parameter.grad = self._buffer.as_strided(parameter.size(), parameter.stride(), offset)
            offset += parameter.numel()

    @property
    def gradients(self) -> Tensor:
        """The flat gradients, without the agreed number."""
        return self._buffer[:-1]

    def clear(self) -> None:
        """Set all gradients to zero; they stay views into the buffer."""
        self._buffer.zero_()

    def average(self, number: float, batches: int) -> float:
        """Average the gradients, each process having summed `batches`, and return the average of `number` too."""
        self._buffer[-1] = number * batches
        if self.processes > 1:
            distributed.all_reduce(self._buffer)
        self._buffer /= self.processes * batches
        return float(self._buffer[-1])
