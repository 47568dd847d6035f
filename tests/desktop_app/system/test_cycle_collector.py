"""Cycles with Qt's objects in them are collected on the thread of the windows: elsewhere the program would crash."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop_app.system import cycle_collector
from desktop_app.system.cycle_collector import CycleCollector

pytestmark = pytest.mark.gui


@pytest.fixture
def python_collects() -> Iterator[None]:
    """Python's own collection is on before and after, as where the program starts."""
    was_enabled = gc.isenabled()
    gc.enable()
    yield
    if not was_enabled:
        gc.disable()


@pytest.fixture
def collector(qtbot: QtBot, python_collects: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[CycleCollector]:
    monkeypatch.setattr(cycle_collector, "_INTERVAL_MS", 20)
    collector = CycleCollector()
    yield collector
    collector.close()


class Dropped(QObject):
    """Belongs to a cycle, and tells on which thread it goes."""

    def __init__(self, went_on: list[threading.Thread]) -> None:
        super().__init__()
        self.itself = self
        self._went_on = went_on

    def __del__(self) -> None:
        self._went_on.append(threading.current_thread())


def work_on_another_thread() -> list[list[int]]:
    """Make as much there as lets Python collect, over and over; let go, it does not count any more."""
    made: list[list[int]] = []
    thread = threading.Thread(target=lambda: made.extend([number] for number in range(20 * gc.get_threshold()[0])))
    thread.start()
    thread.join()
    return made


def test_another_thread_collects_nothing(qtbot: QtBot, collector: CycleCollector) -> None:
    went_on: list[threading.Thread] = []
    Dropped(went_on)
    made = work_on_another_thread()
    assert made
    assert not went_on
    qtbot.waitUntil(lambda: bool(went_on))
    assert went_on == [threading.main_thread()]


def test_without_it_another_thread_would_collect(python_collects: None) -> None:
    # Or the test above would pass whatever the collector did.
    went_on: list[threading.Thread] = []
    Dropped(went_on)
    work_on_another_thread()
    assert went_on
    assert went_on != [threading.main_thread()]


def test_old_cycles_go_when_nobody_waits(collector: CycleCollector) -> None:
    went_on: list[threading.Thread] = []
    dropped = Dropped(went_on)
    gc.collect()  # it is old now
    del dropped
    collector.collect_young()
    assert not went_on
    collector.collect_all()
    assert went_on == [threading.main_thread()]


def test_python_collects_again_after_the_end(collector: CycleCollector) -> None:
    assert not gc.isenabled()
    collector.close()
    assert gc.isenabled()
