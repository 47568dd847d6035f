"""Choosing a region: every screen frozen first, then one overlay on each; one selection at a time."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.region import Region
from desktop_app.region_overlay import RegionOverlay
from desktop_app.screen_capture import CaptureError, ScreenCapture, capture_screens
from desktop_app.snip import Snip

logger = logging.getLogger(__name__)

# What lay under our windows is painted again within this time, with a compositor's fade.
_REPAINT_MS = 250


class RegionSelector(QObject):
    """Freezes the screens and lets a rectangle be dragged on them.

    Signals:
        region_selected(Snip): A region was chosen; the snip carries its pixels.
        cancelled: The person thought better of it.
        failed(str): There is no picture of the screen; one sentence says why.
    """

    region_selected = Signal(Snip)
    cancelled = Signal()
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._overlays: list[RegionOverlay] = []
        self._hidden: list[QWidget] = []
        self._is_open = False
        self._last: tuple[str, Region] | None = None  # the screen's name, and where on it

    def repeat(self) -> None:
        """Take the last region again, as the screen shows it now; without one, begin a selection."""
        self._clear_the_screen(self._open_overlays if self._last is None else self._take_last_region)

    def start(self) -> None:
        """Begin a selection; does nothing while one is open."""
        self._clear_the_screen(self._open_overlays)

    def _clear_the_screen(self, then: Callable[[], None]) -> None:
        """Hide our own windows, for they would be in the picture, and go on once what lay under them is painted."""
        if self._is_open:
            return
        self._is_open = True
        self._hidden = [window for window in QApplication.topLevelWidgets() if _is_in_the_way(window)]
        for window in self._hidden:
            window.hide()
        QTimer.singleShot(_REPAINT_MS if self._hidden else 0, then)

    def _take_last_region(self) -> None:
        try:
            captures = capture_screens()
        except CaptureError as error:
            self._close()
            self.failed.emit(str(error))
            return
        for capture in captures:
            if self._last is not None and capture.name == self._last[0] and _contains(capture, self._last[1]):
                self._finish(capture, self._last[1])
                return
        self._close()
        self.failed.emit("The screen of the last region isn't there any more; choose a region anew.")

    def _open_overlays(self) -> None:
        try:
            captures = capture_screens()
        except CaptureError as error:
            self._close()
            self.failed.emit(str(error))
            return
        for capture in captures:
            overlay = RegionOverlay(capture)
            overlay.region_selected.connect(lambda region, capture=capture: self._finish(capture, region))
            overlay.cancelled.connect(self._cancel)
            overlay.show()
            self._overlays.append(overlay)
        under_pointer = [overlay for overlay in self._overlays if overlay.geometry().contains(QCursor.pos())]
        with_keys = (under_pointer or self._overlays)[0]
        with_keys.raise_()
        with_keys.activateWindow()
        with_keys.grabKeyboard()  # Esc comes here although the focus stays in the other program

    def _finish(self, capture: ScreenCapture, region: Region) -> None:
        logger.info("A region of %d x %d pixels on %s.", region.width, region.height, capture.name)
        self._close()
        self._last = capture.name, region
        self.region_selected.emit(Snip(capture.crop(region), device_pixel_ratio=capture.scale[0]))

    def _cancel(self) -> None:
        self._close()
        self.cancelled.emit()

    def _close(self) -> None:
        for overlay in self._overlays:
            overlay.releaseKeyboard()
            overlay.close()
        self._overlays.clear()
        for window in self._hidden:
            _show_again(window)
        self._hidden.clear()
        self._is_open = False


def _contains(capture: ScreenCapture, region: Region) -> bool:
    fits_across = region.left + region.width <= capture.image.width()
    return fits_across and region.top + region.height <= capture.image.height()


def _is_in_the_way(window: QWidget) -> bool:
    return window.windowType() == Qt.WindowType.Window and window.isVisible() and not window.isMinimized()


def _show_again(window: QWidget) -> None:
    """Show a window where it was, and leave the focus with the program that the person works in."""
    place = window.pos()
    native = window.windowHandle()
    # WORKAROUND: Qt reads WA_ShowWithoutActivating only once, when it makes the native window.
    was_quiet = native.property("_q_showWithoutActivating")
    native.setProperty("_q_showWithoutActivating", True)
    window.move(place)  # without this some window managers choose a new place
    window.show()
    native.setProperty("_q_showWithoutActivating", was_quiet)
