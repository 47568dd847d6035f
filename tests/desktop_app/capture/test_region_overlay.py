"""What is dragged over is what is cut."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from desktop_app.capture.region import Region
from desktop_app.capture.region_magnifier import COLUMNS, ROWS, magnifier_place
from desktop_app.capture.region_overlay import RegionOverlay
from desktop_app.capture.screen_capture import ScreenCapture
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
    # At 100, 150 and 200% alike; every pixel of the image is different, so a shift by one is seen.
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
    # The user must see what will be read.
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


def test_drag_that_is_too_small_says_so_at_the_pointer(qtbot: QtBot, overlay: RegionOverlay) -> None:
    # Ignored without a word it looks like a program that hangs.
    drag(qtbot, overlay, QPoint(300, 300), QPoint(301, 300))
    said = overlay.grab().toImage()
    assert overlay._remark
    overlay._remark_timer.timeout.emit()
    silent = overlay.grab().toImage()
    changed = [(x, y) for x in range(0, 800, 2) for y in range(0, 600, 2) if said.pixel(x, y) != silent.pixel(x, y)]
    assert changed
    assert all(abs(x - 300) < 250 and 220 < y < 320 for x, y in changed)


@pytest.mark.parametrize(("end", "edge"), [(QPoint(-40, 300), (2, 300)), (QPoint(400, 5000), (400, -3))])
def test_drag_over_the_edge_shows_where_the_region_ends(
    qtbot: QtBot, overlay: RegionOverlay, end: QPoint, edge: tuple[int, int]
) -> None:
    qtbot.mousePress(overlay, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    qtbot.mouseMove(overlay, pos=QPoint(300, 300))
    x, y = edge[0], edge[1] if edge[1] > 0 else overlay.height() + edge[1]
    before = overlay.grab().toImage().pixelColor(x, y)
    qtbot.mouseMove(overlay, pos=end)
    shown = overlay.grab().toImage().pixelColor(x, y)
    assert shown != before
    assert shown.red() > 200 > shown.blue() + 50
    assert "edge" in overlay._hint()


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


def adjust(qtbot: QtBot, overlay: RegionOverlay) -> Region:
    """Drag with Shift, so that the region stays."""
    with qtbot.assertNotEmitted(overlay.region_selected):
        qtbot.mousePress(overlay, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
        qtbot.mouseMove(overlay, pos=QPoint(200, 160))
        qtbot.mouseRelease(overlay, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, pos=QPoint(200, 160))
    assert overlay.region is not None
    return overlay.region


def test_region_let_go_with_shift_is_corrected_and_accepted(qtbot: QtBot, overlay: RegionOverlay) -> None:
    region = adjust(qtbot, overlay)
    for key, modifiers, expected in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, (1, 0, 0, 0)),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, (1, -1, 0, 0)),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, (1, -1, -1, 0)),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier, (1, -1, -1, 1)),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier, (1, 9, -1, 1)),
    ):
        qtbot.keyClick(overlay, key, modifiers)
        now = overlay.region
        assert now is not None
        change = (now.left - region.left, now.top - region.top, now.width - region.width, now.height - region.height)
        assert change == expected
        assert not overlay.grab().isNull()
    with qtbot.waitSignal(overlay.region_selected) as selected:
        qtbot.keyClick(overlay, Qt.Key.Key_Return)
    assert selected.args[0] == now


def test_handle_follows_the_mouse(qtbot: QtBot, overlay: RegionOverlay) -> None:
    region = adjust(qtbot, overlay)
    scale = overlay.capture.scale[0]
    corner = QPoint(round(region.right / scale), round(region.bottom / scale))
    qtbot.mouseMove(overlay, pos=corner)
    assert overlay.cursor().shape() == Qt.CursorShape.SizeFDiagCursor
    drag(qtbot, overlay, corner, corner + QPoint(30, 20))
    after = overlay.region
    assert after is not None
    assert (after.left, after.top) == (region.left, region.top)
    assert after.width - region.width == pytest.approx(30 * scale, abs=1)
    assert after.height - region.height == pytest.approx(20 * scale, abs=1)
    middle = QPoint(round((after.left + after.right) / 2 / scale), round((after.top + after.bottom) / 2 / scale))
    drag(qtbot, overlay, middle, middle + QPoint(10, 10))
    assert overlay.region is not None
    assert (overlay.region.width, overlay.region.height) == (after.width, after.height)
    assert overlay.region.left - after.left == pytest.approx(10 * scale, abs=1)
    with qtbot.waitSignal(overlay.region_selected):
        qtbot.mouseDClick(overlay, Qt.MouseButton.LeftButton, pos=middle)


def test_drag_beside_a_region_begins_another(qtbot: QtBot, overlay: RegionOverlay) -> None:
    adjust(qtbot, overlay)
    with qtbot.waitSignal(overlay.region_selected) as selected:
        drag(qtbot, overlay, QPoint(300, 300), QPoint(350, 340))
    assert selected.args[0].left == int(300 * overlay.capture.scale[0])


def test_arrow_keys_move_the_end_of_a_drag_by_a_pixel(qtbot: QtBot, overlay: RegionOverlay) -> None:
    # At 200% the mouse reaches every second pixel only.
    qtbot.mousePress(overlay, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    qtbot.mouseMove(overlay, pos=QPoint(200, 160))
    before = overlay.region
    assert before is not None
    qtbot.keyClick(overlay, Qt.Key.Key_Right)
    qtbot.keyClick(overlay, Qt.Key.Key_Up)
    after = overlay.region
    assert after == Region(before.left, before.top, before.width + 1, before.height - 1)
    with qtbot.waitSignal(overlay.region_selected) as selected:
        qtbot.mouseRelease(overlay, Qt.MouseButton.LeftButton, pos=QPoint(200, 160))
    assert selected.args[0] == after


def test_keyboard_alone_is_enough(qtbot: QtBot, overlay: RegionOverlay) -> None:
    qtbot.mouseMove(overlay, pos=QPoint(100, 100))
    qtbot.keyClick(overlay, Qt.Key.Key_Return)
    for _ in range(2):
        qtbot.keyClick(overlay, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(overlay, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(overlay.region_selected) as selected:
        qtbot.keyClick(overlay, Qt.Key.Key_Enter)
    assert (selected.args[0].width, selected.args[0].height) == (21, 21)


def test_nudged_crosshair_stays_on_the_screen(qtbot: QtBot, overlay: RegionOverlay) -> None:
    # Keys pressed at the edge must not have to be pressed as often to come back.
    qtbot.mouseMove(overlay, pos=QPoint(2, 2))
    for _ in range(30):
        qtbot.keyClick(overlay, Qt.Key.Key_Left)
    assert overlay._pointer is not None
    assert overlay._pointer[0] == 0
    qtbot.keyClick(overlay, Qt.Key.Key_Right)
    assert overlay._pointer[0] == 1
    assert overlay.cursor().shape() == Qt.CursorShape.BlankCursor


def test_magnifier_shows_the_pixels_under_the_pointer(qtbot: QtBot, overlay: RegionOverlay) -> None:
    # Each pixel is a square of its own colour with lines between; a smoothed or shifted image would mislead.
    overlay.capture.image.fill(Qt.GlobalColor.white)
    scale = overlay.capture.scale[0]
    pixel = int(100 * scale), int(120 * scale)
    overlay.capture.image.setPixelColor(*pixel, Qt.GlobalColor.red)
    overlay.capture.image.setPixelColor(pixel[0] + 3, pixel[1] - 2, Qt.GlobalColor.blue)
    overlay.hide()
    overlay = RegionOverlay(overlay.capture)
    overlay.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(overlay)
    overlay.show()

    def point() -> bool:
        qtbot.mouseMove(overlay, pos=QPoint(90, 90))  # no movement is told to where the pointer is already
        qtbot.mouseMove(overlay, pos=QPoint(100, 120))
        return overlay._pointer == pixel

    qtbot.waitUntil(point)
    place = magnifier_place(
        QPointF(100 + 0.5 / scale, 120 + 0.5 / scale), QRectF(overlay.rect()), to_right=True, to_bottom=True
    )
    shown = overlay.grab().toImage()
    cell = place.width() / COLUMNS

    def colour(column: int, row: int) -> QColor:
        middle = place.topLeft() + QPointF(COLUMNS // 2 + column + 0.5, ROWS // 2 + row + 0.5) * cell
        return shown.pixelColor(middle.toPoint())

    assert colour(0, 0) == Qt.GlobalColor.red
    assert colour(3, -2) == Qt.GlobalColor.blue
    assert colour(-3, 2) == Qt.GlobalColor.white


@pytest.mark.parametrize(
    "pointer", [QPointF(1, 1), QPointF(799, 1), QPointF(1, 799), QPointF(799, 799), QPointF(400, 300)]
)
@pytest.mark.parametrize("to_right", [True, False])
def test_magnifier_is_whole_and_beside_the_pointer(pointer: QPointF, to_right: bool) -> None:
    window = QRectF(0, 0, 800, 800)
    place = magnifier_place(pointer, window, to_right=to_right, to_bottom=to_right)
    assert window.contains(place)
    assert not place.contains(pointer)
