"""Try what nobody should do to the program: `make hostile`, or a part of it, `python -m tests.hostile --share 0.1`.

The seeds are fixed, so that what fails once fails again. The exit status says whether anything failed.
"""

from __future__ import annotations

import argparse
import os
import sys
from time import perf_counter

from tests.hostile.outcome import HEADING
from tests.hostile.run_attempts import COUNTS, attempts_in_a_process


def main() -> int:
    """Try everything and print a table; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the attempts; 0.1 takes about a minute")
    parser.add_argument("--only", choices=list(COUNTS), action="append", help="this kind alone; may be repeated")
    options = parser.parse_args()
    started = perf_counter()
    failures: list[str] = []
    print(HEADING)
    for kind in options.only or COUNTS:
        outcome = attempts_in_a_process(kind, options.share)
        print(outcome.line(), flush=True)
        failures += outcome.failures + outcome.too_slow
    times = os.times()
    used = times.user + times.system + times.children_user + times.children_system
    print(f"{perf_counter() - started:.0f} s in all, {used:.0f} s of a processor")
    for failure in failures[:50]:
        print(failure, file=sys.stderr)
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
