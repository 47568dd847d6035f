"""The windows go on while the real recogniser works beside them in the same process."""

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop_app.recognition.recogniser_worker import load_chosen_recogniser
from desktop_app.snips.snip import Snip
from tests.desktop_app.conftest import Desk

pytestmark = pytest.mark.gui

IMAGE = Path(__file__).parent.parent / "end_to_end" / "formulas" / "fraction.png"


def test_windows_go_on_while_a_formula_is_read(qtbot: QtBot) -> None:
    # PyTorch computes on threads of its own, and decoding is Python that holds the interpreter's lock. Ticks are
    # counted, not timed: on a computer that other programs hold up, only the best of several readings tells.
    desk = Desk(load_chosen_recogniser)
    try:
        with qtbot.waitSignal(desk.ready, timeout=60_000):
            desk.load_requested.emit()
        ticks: list[int] = []
        while len(ticks) < 8 and max(ticks, default=0) < 3:
            ticks.append(ticks_during_reading(qtbot, desk))
        assert max(ticks) >= 3
    finally:
        desk.close()


def ticks_during_reading(qtbot: QtBot, desk: Desk) -> int:
    """Read a formula; return how often a timer of 5 ms came to its turn meanwhile."""
    ticks: list[None] = []
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: ticks.append(None))
    timer.start()
    with qtbot.waitSignal(desk.recognised, timeout=30_000):
        desk.recognition_requested.emit(Snip(QImage(str(IMAGE))))
    timer.stop()
    return len(ticks)
