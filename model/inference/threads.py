"""How many threads PyTorch may use on the CPU: the operations of one decoding step are too small to share out.

The number is the process's own, so it is put back afterwards, and never raised above what it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def at_most_threads(limit: int) -> Iterator[None]:
    """Run the body with at most `limit` threads inside an operation."""
    before = torch.get_num_threads()
    if before <= limit:
        yield
        return
    torch.set_num_threads(limit)
    try:
        yield
    finally:
        torch.set_num_threads(before)
