"""What is dragged over is what is cut."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from desktop_app.region import Region
from desktop_app.region_overlay import RegionOverlay
from desktop_app.screen_capture import ScreenCapture
from tests.desktop_app.conftest import pixel_numbers

pytestmark = pytest.mark.gui


@pytest.fixture
def overlay(qtbot: QtBot, screen_capture: ScreenCapture) -> RegionOverlay:
    overlay = RegionOverlay(screen_capture)
    overlay.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(overlay)
    overlay.show()
    return overlay


def drag(qtbot: QtBot, overlay: RegionOverlay, start: QPoint, end: QPoint) -> None:
    """Drag with the left button."""
    qtbot.mousePress(overlay, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(overlay, pos=(start + end) / 2)
    qtbot.mouseMove(overlay, pos=end)
    qtbot.mouseRelease(overlay, Qt.MouseButton.LeftButton, pos=end)


def test_crop_is_exactly_the_pixels_dragged_over(
    qtbot: QtBot, overlay: RegionOverlay, screen_capture: ScreenCapture
) -> None:
    # At 100, 150 and 200% alike; every pixel of the picture is different, so a shift by one is seen.
    with qtbot.waitSignal(overlay.region_selected) as selected:
        drag(qtbot, overlay, QPoint(40, 30), QPoint(140, 80))
    scale = screen_capture.scale[0]
    left, top, right, bottom = (int(number * scale + 1e-6) for number in (40, 30, 140, 80))
    width = screen_capture.image.width()
    expected = np.arange(top, bottom + 1)[:, None] * width + np.arange(left, right + 1)
    assert (pixel_numbers(screen_capture.crop(selected.args[0])) == expected).all()


def test_chosen_part_is_shown_as_it_is_and_the_rest_is_dimmed(
    qtbot: QtBot, overlay: RegionOverlay, screen_capture: ScreenCapture
) -> None:
    # The person must see what will be read.
    screen_capture.image.fill(Qt.GlobalColor.white)
    overlay = RegionOverlay(screen_capture)
    overlay.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(overlay)
    overlay.show()
    qtbot.mousePress(overlay, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    qtbot.mouseMove(overlay, pos=QPoint(200, 200))
    shown = overlay.grab().toImage()
    assert shown.pixelColor(150, 150) == Qt.GlobalColor.white
    assert shown.pixelColor(300, 50).lightness() < 160


@pytest.mark.parametrize("end", [QPoint(-50, -50), QPoint(5000, 5000)])
def test_drag_beyond_the_edge_ends_at_the_edge(qtbot: QtBot, overlay: RegionOverlay, end: QPoint) -> None:
    with qtbot.waitSignal(overlay.region_selected) as selected:
        drag(qtbot, overlay, QPoint(100, 100), end)
    region: Region = selected.args[0]
    image = overlay.capture.image
    assert region.left == 0 or region.left + region.width == image.width()
    assert region.top == 0 or region.top + region.height == image.height()


def test_click_without_a_drag_does_nothing(qtbot: QtBot, overlay: RegionOverlay) -> None:
    # A stray click must not send one pixel to the recogniser.
    with qtbot.assertNotEmitted(overlay.region_selected), qtbot.assertNotEmitted(overlay.cancelled):
        qtbot.mouseClick(overlay, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
        drag(qtbot, overlay, QPoint(50, 50), QPoint(51, 50))
    assert overlay.isVisible()
    assert overlay.region is None


def test_escape_and_right_button_cancel(qtbot: QtBot, overlay: RegionOverlay) -> None:
    with qtbot.waitSignal(overlay.cancelled):
        qtbot.keyClick(overlay, Qt.Key.Key_Escape)
    with qtbot.waitSignal(overlay.cancelled), qtbot.assertNotEmitted(overlay.region_selected):
        qtbot.mousePress(overlay, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
        qtbot.mouseMove(overlay, pos=QPoint(90, 90))
        qtbot.mousePress(overlay, Qt.MouseButton.RightButton, pos=QPoint(90, 90))


@pytest.mark.parametrize("corner", [QPointF(3, 3), QPointF(790, 590)])
def test_size_label_stays_on_the_screen(qtbot: QtBot, overlay: RegionOverlay, corner: QPointF) -> None:
    # Painted at an edge it would be cut off; a painter's error would fail this test as well.
    qtbot.mousePress(overlay, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    qtbot.mouseMove(overlay, pos=corner.toPoint())
    assert not overlay.grab().isNull()
