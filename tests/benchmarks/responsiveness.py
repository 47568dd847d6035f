"""Measure how long the windows stand still at most: `python -m tests.benchmarks.responsiveness`.

The real recogniser is loaded and reads images on its own thread, as in the running program, while a timer of the
windows' thread ticks. What is printed is the longest time between two ticks during each reading.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles

# A measurement needs no display; set before Qt starts.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer, SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop_app.recognition.recogniser_worker import load_chosen_recogniser
from desktop_app.snips.snip import Snip
from tests.desktop_app.conftest import Desk

_SAMPLES = Path(__file__).parent.parent / "model" / "recognition" / "samples"
_TICK_MILLISECONDS = 1


class Ticks:
    """A timer of the windows' thread that notes when its turn came."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._timer = QTimer(interval=_TICK_MILLISECONDS)
        self._timer.timeout.connect(lambda: self._times.append(time.perf_counter()))

    def longest_gap(self, desk: Desk, snip: Snip | None) -> float:
        """Let the snip be read, or without one the recogniser be loaded; returns seconds."""
        self._times = [time.perf_counter()]
        self._timer.start()
        if snip is None:
            _wait_for(desk.ready, desk.load_requested.emit)
        else:
            _wait_for(desk.recognised, lambda: desk.recognition_requested.emit(snip))
        self._timer.stop()
        times = [*self._times, time.perf_counter()]
        return max(later - earlier for earlier, later in pairwise(times))


def main() -> int:
    """Print the longest gap while the recogniser is loaded, and those of all readings."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    application = QApplication.instance() or QApplication(sys.argv)
    desk, ticks = Desk(load_chosen_recogniser), Ticks()
    try:
        loading = ticks.longest_gap(desk, None)
        gaps = [ticks.longest_gap(desk, Snip(QImage(str(path)))) for path in sorted(_SAMPLES.glob("*.png"))]
    finally:
        desk.close()
    p95 = quantiles(gaps, n=20, method="inclusive")[-1]
    print(f"longest gap of the windows while the recogniser is loaded: {1000 * loading:.0f} ms")
    print(
        f"longest gap while a formula is read, {len(gaps)} formulas: {1000 * median(gaps):.0f} ms in the middle, "
        f"{1000 * p95:.0f} ms at the 95th percentile, {1000 * max(gaps):.0f} ms at most"
    )
    del application
    return 0


def _wait_for(signal: SignalInstance, begin: Callable[[], None]) -> None:
    loop = QEventLoop()
    signal.connect(loop.quit)
    QTimer.singleShot(0, begin)
    loop.exec()
    signal.disconnect(loop.quit)


if __name__ == "__main__":
    sys.exit(main())
