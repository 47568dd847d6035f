"""One kind of attempts, in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from multiprocessing.connection import Connection

from tests.hostile.outcome import Outcome

COUNTS = {
    "images": 10_000, "nonsense": 300, "formulas": 2_000, "requests": 500, "connections": 2_000, "kills": 100,
    "faults": 60, "tampered_files": 150,
}  # fmt: skip
"""All attempts of each kind."""


def attempts_in_a_process(kind: str, share: float) -> Outcome:
    """Try a share of the attempts of one kind, three at least.

    A crash of the process is a failure, and memory is counted for each kind.
    """
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_run_attempts, args=(kind, max(round(COUNTS[kind] * share), 3), sending))
    process.start()
    sending.close()
    try:
        outcome: Outcome = receiving.recv()
    except EOFError:
        process.join()
        return Outcome(kind, 0.0, failures=[f"{kind}: the process ended with status {process.exitcode}"])
    process.join()
    return outcome


def _run_attempts(kind: str, count: int, sending: Connection) -> None:
    """Make so many attempts of a kind, and send their outcome."""
    with tempfile.TemporaryDirectory() as home:
        # Before Qt or platformdirs look: nothing of the user's own is touched, and no display is needed.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        for folder in ("CACHE", "CONFIG", "DATA", "STATE"):
            os.environ[f"XDG_{folder}_HOME"] = f"{home}/{folder.lower()}"
        sending.send(_outcome_of(kind, count))


def _outcome_of(kind: str, count: int) -> Outcome:
    from PySide6.QtCore import QCoreApplication

    from tests.hostile import program_attempts, reading_attempts, service_attempts

    application = QCoreApplication([])
    program_attempts.silence()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries of C write there what they think of damaged files
    attempts = next(
        getattr(module, f"try_{kind}")
        for module in (program_attempts, service_attempts, reading_attempts)
        if hasattr(module, f"try_{kind}")
    )
    outcome: Outcome = attempts(count)
    application.quit()
    return outcome
