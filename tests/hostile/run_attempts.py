"""One kind of attempts, in a process of its own."""

from __future__ import annotations

import os
from multiprocessing.connection import Connection


def run_attempts(kind: str, count: int, sending: Connection) -> None:
    """Make so many attempts of a kind, and send their outcome."""
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
    sending.send(attempts(count))
    application.quit()
