"""How many threads PyTorch may use on the CPU: the operations of one decoding step are too small to share out.

The number is the process's own, so it is put back afterwards, and never raised above what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import torch

_Work = TypeVar("_Work")


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


def run_side_by_side(do: Callable[[_Work], None], work: Sequence[_Work]) -> None:
    """Do each piece of work in a thread of its own, one alone in the caller's; an error of any is raised."""
    if len(work) == 1:
        do(work[0])
        return

    def do_on_one_core(piece: _Work) -> None:
        with at_most_threads(1):
            do(piece)

    with ThreadPoolExecutor(len(work)) as threads:
        list(threads.map(do_on_one_core, work))
