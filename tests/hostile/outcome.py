"""What came of many attempts of one kind."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time, thread_time
from types import TracebackType
from typing import Self

_TIMED_WORK = 0.3  # seconds of the processor


@dataclass
class Outcome:
    """Counts attempts, and keeps what failed.

    Attributes:
        kind: What was tried.
        seconds_allowed: What a single attempt may take.
        is_own_work: Whether the process that tries does the work, so that the seconds are those of its processors, and
            not of the clock, which tells what other programs do as well.
        read: Attempts that led to what was asked for.
        refused: Those that ended in one sentence.
        failures: What went wrong, one sentence each.
        too_slow: What took too long, by the clock even for a computer as busy as this one seems to be.
        slowest: Seconds, and which attempt.
        largest_mb: The most memory that the process that tried has had.
    """

    kind: str
    seconds_allowed: float
    is_own_work: bool = False
    read: int = 0
    refused: int = 0
    failures: list[str] = field(default_factory=list)
    too_slow: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    largest_mb: float = 0.0

    @property
    def tried(self) -> int:
        """All attempts."""
        return self.read + self.refused + len(self.failures)

    def attempt(self, name: str) -> Attempt:
        """Time one attempt; an error that leaves it is a failure."""
        return Attempt(self, name)

    def line(self) -> str:
        """The row of the table."""
        seconds, name = self.slowest
        memory = f"{self.largest_mb:5.0f}" if self.largest_mb else "    -"
        return (
            f"{self.kind:22} {self.tried:6} {self.read:6} {self.refused:7} {len(self.failures) + len(self.too_slow):8} "
            f"{seconds:8.2f} {memory}  {name[:60]!r}"
        )


def _slowdown() -> float:
    """How many times longer things take by the clock because other programs have the processors, as far as can be seen.

    Where the system gives some programs more than others their number says little, so some work is timed as well.
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    started, used = perf_counter(), thread_time()
    while thread_time() - used < _TIMED_WORK:
        pass
    return max(1.0, load / (os.cpu_count() or 1), (perf_counter() - started) / _TIMED_WORK)


def most_memory_mb(process_id: int) -> float:
    """The most memory that a process has had; 0 where the system does not tell.

    What `getrusage` says is inherited: a process that was started by a large one was never smaller for it.
    """
    status = Path(f"/proc/{process_id}/status")
    if not status.is_file():
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


HEADING = f"{'':22} {'tried':>6} {'read':>6} {'refused':>7} {'failures':>8} {'slowest':>8} {'MB':>5}"


class Attempt:
    """One attempt; say read() or refused() inside."""

    def __init__(self, outcome: Outcome, name: str) -> None:
        self._outcome = outcome
        self._name = name
        self._is_counted = False

    def _now(self) -> float:
        return process_time() if self._outcome.is_own_work else perf_counter()

    def __enter__(self) -> Self:
        self._started = self._now()
        return self

    def read(self) -> None:
        """It led to what was asked for."""
        self._outcome.read += 1
        self._is_counted = True

    def refused(self, sentence: str) -> None:
        """It ended in a sentence, or in what should have been one."""
        if not sentence.strip().endswith(".") or "\n" in sentence:
            self.failed(f"no sentence: {sentence[:80]!r}")
            return
        self._outcome.refused += 1
        self._is_counted = True

    def failed(self, why: str) -> None:
        """It went wrong."""
        self._outcome.failures.append(f"{self._outcome.kind}: {self._name[:100]!r}: {why}")
        self._is_counted = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        took = self._now() - self._started
        outcome = self._outcome
        outcome.slowest = max(outcome.slowest, (took, self._name))
        outcome.largest_mb = max(outcome.largest_mb, most_memory_mb(os.getpid()))
        if isinstance(error, Exception):
            self.failed(f"{type(error).__name__}: {error}"[:200])
        elif (
            error is None
            and took > outcome.seconds_allowed
            and (outcome.is_own_work or took > outcome.seconds_allowed * _slowdown())
        ):
            outcome.too_slow.append(f"{outcome.kind}: {self._name[:100]!r}: took {took:.1f} s")
        elif not self._is_counted and error is None:
            self.failed("neither read nor refused")
        return isinstance(error, Exception)
