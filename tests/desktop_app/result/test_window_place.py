"""Where the result's window stands: beside what was snipped, on the screen, and again where its user left it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.result.window_place import WindowPlace, free_place
from desktop_app.settings.settings import Settings

pytestmark = pytest.mark.gui

ROOM = QRect(0, 0, 1400, 900)
PLACES = st.builds(QRect, st.integers(0, 1300), st.integers(0, 800), st.integers(5, 300), st.integers(5, 200))


@given(PLACES, PLACES)
def test_window_covers_neither_region_nor_pointer_where_there_is_room(region: QRect, pointer: QRect) -> None:
    region, pointer = region.intersected(ROOM), pointer.intersected(ROOM)
    place = free_place(QRect(300, 200, 500, 300), [region, pointer], ROOM)
    assert ROOM.contains(place)
    assert place.size() == QSize(500, 300)
    # Two small rectangles leave room for a window of a tenth of the screen in some corner.
    assert not place.intersects(region)
    assert not place.intersects(pointer)


def test_window_stays_where_it_is_when_that_is_free() -> None:
    assert free_place(QRect(300, 200, 500, 300), [QRect(10, 10, 50, 50)], ROOM) == QRect(300, 200, 500, 300)


def test_place_and_size_are_remembered(qtbot: QtBot, settings: Settings) -> None:
    first, second = QWidget(), QWidget()
    place = WindowPlace(first, settings)
    for one in (first, second):
        qtbot.addWidget(one)
    first.setGeometry(40, 50, 420, 310)
    place.remember()
    again = WindowPlace(second, settings)
    again.settle(None)
    assert second.size() == QSize(420, 310)
    assert second.pos() == first.pos()


@pytest.mark.parametrize("written", ["", "nonsense", "1 2 3", "90000 90000 400 300", "10 10 0 0"])
def test_place_that_is_none_is_forgotten(qtbot: QtBot, settings: Settings, written: str) -> None:
    # The screen it was on may be gone, and the settings' file can be edited.
    settings.result_place = written
    window = QWidget()
    qtbot.addWidget(window)
    WindowPlace(window, settings).settle(None)
    assert QGuiApplication.primaryScreen().availableGeometry().contains(window.geometry().topLeft() + QPoint(1, 1))
