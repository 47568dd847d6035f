"""How long the built program takes from its start to the tray and to a ready recogniser, and its size.

    python -m tests.bundle.measure_start dist/snaptex

The first start reads every file from the disk: what the system remembers of them is dropped before. The moments are
those of the program's own log.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from tests.end_to_end.virtual_desktop import VirtualDesktop, end

_MOMENTS = {"tray": "has started on", "ready": "Recogniser loaded"}
_PATIENCE_S = 180.0


def forget_files(folder: Path) -> None:
    """Drop what the system keeps of a folder's files in memory."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def measure_start(executable: Path, scratch: Path) -> dict[str, float]:
    """Start the program once on a desktop of its own; seconds to each moment."""
    with VirtualDesktop(scratch) as desktop:
        log = scratch / "home" / ".local" / "state" / "snaptex" / "log" / "snaptex.log"
        started = time.time()
        process = desktop.start("snaptex-output", [str(executable), "--in-tray"])
        desktop.wait_until(
            lambda: log.exists() and all(word in log.read_text(encoding="utf-8") for word in _MOMENTS.values()),
            "a ready recogniser",
            seconds=_PATIENCE_S,
        )
        end(process)
        lines = log.read_text(encoding="utf-8").splitlines()
    return {name: _time_of(word, lines) - started for name, word in _MOMENTS.items()}


def _time_of(word: str, lines: list[str]) -> float:
    line = next(line for line in lines if word in line)
    stamp = re.match(r"(\S+ \S+),(\d+)", line)
    assert stamp is not None, line
    return datetime.strptime(stamp[1], "%Y-%m-%d %H:%M:%S").astimezone().timestamp() + int(stamp[2]) / 1000


def main() -> int:
    """Print the times of a first and a second start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the bundle")
    folder: Path = parser.parse_args().folder.resolve()
    with tempfile.TemporaryDirectory() as scratch:
        forget_files(folder)
        for name in ("first", "second", "third"):
            seconds = measure_start(folder / "snaptex", Path(scratch) / name)
            print(f"{name} start: tray after {seconds['tray']:.1f} s, recogniser ready after {seconds['ready']:.1f} s")
    print(f"with a load of {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return 0


if __name__ == "__main__":
    sys.exit(main())
