"""The windows go on while the real recogniser works beside them in the same process."""

import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop_app.recogniser_worker import load_bundled_recogniser
from desktop_app.snip import Snip
from tests.desktop_app.conftest import Desk

pytestmark = [
    pytest.mark.gui,
]

PICTURE = Path(__file__).parent.parent / "end_to_end" / "formulas" / "fraction.png"


def test_no_gap_of_100_ms_while_a_formula_is_read(qtbot: QtBot) -> None:
    # PyTorch computes on threads of its own, and decoding is Python that holds the interpreter's lock.
    desk = Desk(load_bundled_recogniser)
    try:
        with qtbot.waitSignal(desk.ready, timeout=60_000):
            desk.load_requested.emit()
        gaps: list[float] = []
        while len(gaps) < 8 and min(gaps, default=1) >= 0.1:  # other programs may hold up some of them
            gaps.append(longest_gap(qtbot, desk))
        print(f"Longest gap {1000 * min(gaps):.0f} ms")  # noqa: T201
        assert min(gaps) < 0.1
    finally:
        desk.close()


def longest_gap(qtbot: QtBot, desk: Desk) -> float:
    """Read a formula; return the longest time, in seconds, between two ticks of a timer meanwhile."""
    ticks: list[float] = []
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    with qtbot.waitSignal(desk.recognised, timeout=30_000):
        desk.recognition_requested.emit(Snip(QImage(str(PICTURE))))
    timer.stop()
    return float(max(np.diff(ticks)))
