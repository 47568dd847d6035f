"""One selection at a time, on frozen screens, without the program's own windows in the image."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QInputDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.capture import region_selector
from desktop_app.capture.capture_request import CaptureRequest
from desktop_app.capture.own_windows import OwnWindows
from desktop_app.capture.region_overlay import RegionOverlay
from desktop_app.capture.region_selector import RegionSelector
from desktop_app.capture.screen_capture import CaptureError, ScreenCapture
from desktop_app.snips.copy_format import CopyFormat

pytestmark = pytest.mark.gui


def open_overlays(selector: RegionSelector) -> list[RegionOverlay]:
    return [one for one in selector._overlays if one.isVisible()]


@pytest.fixture
def selector(window: QWidget) -> RegionSelector:
    return RegionSelector()


@pytest.fixture
def freeze(
    monkeypatch: pytest.MonkeyPatch, screen_capture: ScreenCapture, window: QWidget, selector: RegionSelector
) -> list[bool]:
    """Gives the selector a frozen screen; notes at each capture whether a window of ours was in the way."""
    captures: list[bool] = []

    def capture() -> list[ScreenCapture]:
        captures.append(window.isVisible() or selector._countdown.isVisible())
        return [screen_capture]

    monkeypatch.setattr(region_selector, "capture_screens", capture)
    return captures


def wait_for_overlay(qtbot: QtBot, selector: RegionSelector, timeout: int = 5000) -> RegionOverlay:
    qtbot.waitUntil(lambda: len(open_overlays(selector)) == 1, timeout=timeout)
    return open_overlays(selector)[0]


def test_snip_carries_the_pixels(
    qtbot: QtBot, selector: RegionSelector, freeze: list[bool], screen_capture: ScreenCapture
) -> None:
    selector.start(CaptureRequest())
    overlay = wait_for_overlay(qtbot, selector)
    with qtbot.waitSignal(selector.region_selected) as selected:
        qtbot.mousePress(overlay, Qt.MouseButton.LeftButton, pos=QPoint(10, 20))
        qtbot.mouseRelease(overlay, Qt.MouseButton.LeftButton, pos=QPoint(110, 70))
    snip = selected.args[0]
    assert snip.device_pixel_ratio == pytest.approx(screen_capture.scale[0], rel=0.01)
    assert snip.image.width() == pytest.approx(101 * screen_capture.scale[0], abs=1)
    assert not open_overlays(selector)


def test_second_start_is_ignored_while_one_is_open(qtbot: QtBot, selector: RegionSelector, freeze: list[bool]) -> None:
    # The hotkey pressed twice, or held down.
    selector.start(CaptureRequest())
    selector.start(CaptureRequest())
    overlay = wait_for_overlay(qtbot, selector)
    selector.start(CaptureRequest())
    qtbot.wait(50)
    assert len(freeze) == 1
    with qtbot.waitSignal(selector.cancelled):
        qtbot.keyClick(overlay, Qt.Key.Key_Escape)
    selector.start(CaptureRequest())
    qtbot.keyClick(wait_for_overlay(qtbot, selector), Qt.Key.Key_Escape)
    assert len(freeze) == 2


def test_own_windows_are_out_of_the_image_and_come_back(
    qtbot: QtBot, selector: RegionSelector, window: QWidget, freeze: list[bool]
) -> None:
    # The formula may lie under the window whose button was pressed.
    closed = QWidget()
    qtbot.addWidget(closed)
    selector.start(CaptureRequest())
    overlay = wait_for_overlay(qtbot, selector)
    assert freeze == [False]
    qtbot.keyClick(overlay, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert not closed.isVisible()


def test_dialog_comes_back_with_what_was_typed(
    qtbot: QtBot, selector: RegionSelector, window: QWidget, freeze: list[bool]
) -> None:
    # Hiding it is no answer to its question.
    dialog = QInputDialog(window)
    answers: list[int] = []
    dialog.finished.connect(answers.append)
    dialog.setTextValue("half a name")
    dialog.open()
    selector.start(CaptureRequest())
    overlay = wait_for_overlay(qtbot, selector)
    assert not dialog.isVisible()
    qtbot.keyClick(overlay, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert (dialog.textValue(), answers) == ("half a name", [])


def test_window_with_what_is_to_be_snipped_stays(
    qtbot: QtBot, selector: RegionSelector, window: QWidget, freeze: list[bool]
) -> None:
    selector.leave_in_images(window)
    selector.start(CaptureRequest())
    qtbot.keyClick(wait_for_overlay(qtbot, selector), Qt.Key.Key_Escape)
    assert freeze == [True]


@pytest.mark.parametrize("step", ["hide", "capture_screens", "RegionOverlay", "show_again"])
def test_whatever_goes_wrong_the_next_selection_can_begin(
    qtbot: QtBot,
    selector: RegionSelector,
    window: QWidget,
    freeze: list[bool],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    # A selection that stayed open would let no snip begin for as long as the program runs.
    def fail(*_: object) -> None:
        raise RuntimeError("Internal C++ object already deleted.")

    with monkeypatch.context() as broken:
        broken.setattr(region_selector if hasattr(region_selector, step) else OwnWindows, step, fail)
        selector.start(CaptureRequest())
        if step == "show_again":
            qtbot.keyClick(wait_for_overlay(qtbot, selector), Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not selector.is_open)
    window.show()
    selector.start(CaptureRequest())
    qtbot.keyClick(wait_for_overlay(qtbot, selector), Qt.Key.Key_Escape)
    assert window.isVisible()


def test_selection_without_an_overlay_is_given_up_for_a_new_one(
    qtbot: QtBot, selector: RegionSelector, freeze: list[bool]
) -> None:
    # A screen that was unplugged has taken the overlay along.
    selector.start(CaptureRequest())
    wait_for_overlay(qtbot, selector).hide()
    selector.start(CaptureRequest())
    qtbot.keyClick(wait_for_overlay(qtbot, selector), Qt.Key.Key_Escape)
    assert not selector.is_open


def test_refused_capture_is_told_and_the_windows_come_back(
    qtbot: QtBot, selector: RegionSelector, window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> list[ScreenCapture]:
        raise CaptureError("The system refused.")

    monkeypatch.setattr(region_selector, "capture_screens", refuse)
    for _ in range(2):  # and the next attempt is not ignored
        with qtbot.waitSignal(selector.failed) as failed:
            selector.start(CaptureRequest())
        assert failed.args == ["The system refused."]
        assert window.isVisible()


def test_last_region_is_taken_again_without_an_overlay(
    qtbot: QtBot,
    selector: RegionSelector,
    window: QWidget,
    freeze: list[bool],
    screen_capture: ScreenCapture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A formula that changes in place, as on a slide, is read again with one click.
    selector.start(CaptureRequest(repeat=True))  # there is none yet, so one is chosen
    overlay = wait_for_overlay(qtbot, selector)
    with qtbot.waitSignal(selector.region_selected) as first:
        qtbot.mousePress(overlay, Qt.MouseButton.LeftButton, pos=QPoint(10, 20))
        qtbot.mouseRelease(overlay, Qt.MouseButton.LeftButton, pos=QPoint(60, 40))
    with qtbot.waitSignal(selector.region_selected) as second:
        selector.start(CaptureRequest(repeat=True))
    assert second.args[0].image == first.args[0].image
    assert freeze == [False, False]  # our own window was out of the way
    assert window.isVisible()

    monkeypatch.setattr(region_selector, "capture_screens", list)  # the screen was unplugged
    with qtbot.waitSignal(selector.failed) as said:
        selector.start(CaptureRequest(repeat=True))
    assert "isn't there any more" in said.args[0]
    assert not selector._is_open  # the next selection can begin


def test_snip_is_copied_in_the_format_asked_for_last(
    qtbot: QtBot, selector: RegionSelector, freeze: list[bool]
) -> None:
    # The hotkey of another format, pressed while the region is being chosen, means the formula of that region.
    for asked in ([CopyFormat.TYPST], [None, CopyFormat.MATHML], [CopyFormat.TYPST, None]):
        for copy_format in asked:
            selector.start(CaptureRequest(copy_format))
            overlay = wait_for_overlay(qtbot, selector)
        with qtbot.waitSignal(selector.region_selected) as selected:
            qtbot.mousePress(overlay, Qt.MouseButton.LeftButton, pos=QPoint(10, 20))
            qtbot.mouseRelease(overlay, Qt.MouseButton.LeftButton, pos=QPoint(60, 40))
        assert selected.args[0].copy_format is asked[-1]


def test_delayed_selection_counts_down_where_it_is_seen_and_out_of_the_image(
    qtbot: QtBot, selector: RegionSelector, freeze: list[bool]
) -> None:
    # The time is for a menu, so nothing may take the focus, and the countdown is no part of what is snipped.
    selector.start(CaptureRequest(delay=True))
    countdown = selector._countdown
    qtbot.waitUntil(countdown.isVisible)
    assert countdown.number.text() == "3"
    assert countdown.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert freeze == []
    overlay = wait_for_overlay(qtbot, selector, timeout=20_000)
    assert freeze == [False]
    qtbot.keyClick(overlay, Qt.Key.Key_Escape)


@pytest.mark.parametrize("again", [CaptureRequest(), CaptureRequest(delay=True), None])
def test_countdown_is_cancelled_by_a_click_and_by_asking_again(
    qtbot: QtBot, selector: RegionSelector, window: QWidget, freeze: list[bool], again: CaptureRequest | None
) -> None:
    selector.start(CaptureRequest(delay=True))
    qtbot.waitUntil(selector._countdown.isVisible)
    assert not window.isVisible()
    with qtbot.waitSignal(selector.cancelled):
        if again is None:
            qtbot.mouseClick(selector._countdown, Qt.MouseButton.LeftButton)
        else:
            selector.start(again)
    assert not selector._countdown.isVisible()
    assert not selector._countdown.is_running
    assert window.isVisible()
    assert freeze == []


def test_region_on_one_screen_ends_the_one_on_another(
    qtbot: QtBot, selector: RegionSelector, screen_capture: ScreenCapture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two regions waiting for Enter: nobody could say which is meant.
    monkeypatch.setattr(region_selector, "capture_screens", lambda: [screen_capture, screen_capture])
    selector.start(CaptureRequest())
    qtbot.waitUntil(lambda: len(open_overlays(selector)) == 2)
    one, other = selector._overlays
    shift = Qt.KeyboardModifier.ShiftModifier
    for overlay in (one, other):
        qtbot.mousePress(overlay, Qt.MouseButton.LeftButton, pos=QPoint(10, 20))
        qtbot.mouseMove(overlay, pos=QPoint(110, 70))
        qtbot.mouseRelease(overlay, Qt.MouseButton.LeftButton, shift, pos=QPoint(110, 70))
        assert overlay.is_adjusted
    assert not one.is_adjusted
    with qtbot.waitSignal(selector.region_selected):
        qtbot.keyClick(other, Qt.Key.Key_Return)
    assert not open_overlays(selector)
