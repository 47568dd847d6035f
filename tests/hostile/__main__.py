"""Try what nobody should do to the program: `make hostile`, or a part of it, `python -m tests.hostile --share 0.1`.

The seeds are fixed, so that what fails once fails again. The exit status says whether anything failed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from time import perf_counter

# Before Qt or platformdirs look: nothing of the user's own is touched, and no display is needed.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from tests.hostile.outcome import HEADING, Outcome
from tests.hostile.run_attempts import run_attempts

COUNTS = {
    "images": 10_000, "nonsense": 300, "formulas": 2_000, "requests": 500, "connections": 2_000, "kills": 100,
    "faults": 60, "tampered_files": 150,
}  # fmt: skip


def main() -> int:
    """Try everything and print a table; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the attempts; 0.1 takes about a minute")
    parser.add_argument("--only", choices=list(COUNTS), action="append", help="this kind alone; may be repeated")
    options = parser.parse_args()
    started = perf_counter()
    failures: list[str] = []
    print(HEADING)
    with tempfile.TemporaryDirectory() as home:
        for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
            os.environ[f"XDG_{kind}_HOME"] = f"{home}/{kind.lower()}"
        for kind in options.only or COUNTS:
            count = max(round(COUNTS[kind] * options.share), 3)
            outcome = _in_a_process(kind, count)
            print(outcome.line(), flush=True)
            failures += outcome.failures
    print(f"{perf_counter() - started:.0f} s in all")
    for failure in failures[:50]:
        print(failure, file=sys.stderr)
    return int(bool(failures))


def _in_a_process(kind: str, count: int) -> Outcome:
    """Try one kind in a process of its own: a crash is a failure, and memory is counted for each kind."""
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=run_attempts, args=(kind, count, sending))
    process.start()
    sending.close()
    try:
        outcome: Outcome = receiving.recv()
    except EOFError:
        process.join()
        return Outcome(kind, 0.0, failures=[f"{kind}: the process ended with status {process.exitcode}"])
    process.join()
    return outcome


if __name__ == "__main__":
    sys.exit(main())
