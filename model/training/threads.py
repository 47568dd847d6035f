"""How many threads PyTorch may use on the CPU: the number is the process's own, so it is put back afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def at_most_threads(limit: int) -> Iterator[None]:
    """Run the body with at most `limit` threads inside an operation, never more than before."""
    before = torch.get_num_threads()
    torch.set_num_threads(min(before, limit))
    try:
        yield
    finally:
        torch.set_num_threads(before)
