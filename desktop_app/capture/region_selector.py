"""Choosing a region: every screen frozen first, then one overlay on each; one selection at a time."""

import logging
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from desktop_app.capture.capture_request import CaptureRequest
from desktop_app.capture.region import Region
from desktop_app.capture.region_overlay import RegionOverlay
from desktop_app.capture.screen_capture import CaptureError, ScreenCapture, capture_screens
from desktop_app.capture.snip_countdown import SnipCountdown
from desktop_app.capture.wayland_screenshot import WaylandScreenshot
from desktop_app.snips.snip import Snip
from desktop_app.system.event_delivery import keep_alive_until_idle

logger = logging.getLogger(__name__)

# What lay under our windows is painted again within this time, with a compositor's fade.
_REPAINT_MS = 250


class RegionSelector(QObject):
    """Freezes the screens and lets a rectangle be dragged on them.

    Signals:
        region_selected(Snip): A region was chosen; the snip carries its pixels and the format asked for.
        cancelled: The user gave up.
        failed(str): There is no picture of the screen; one sentence says why.
        closed: The selection is over, however it ended; comes before the signals above.
    """

    region_selected = Signal(Snip)
    cancelled = Signal()
    failed = Signal(str)
    closed = Signal()

    def __init__(self, portal: WaylandScreenshot | None = None) -> None:
        """Make one.

        Args:
            portal: Where the pictures come from on a desktop that lets no program take its own.
        """
        super().__init__()
        self._portal = portal
        self._is_asking = False  # the portal, for a picture
        self._use_captures: Callable[[Sequence[ScreenCapture]], None] = self._open_overlays
        if portal is not None:
            portal.taken.connect(self._follow_portal)
            portal.region_taken.connect(self._finish_in_portal)
            portal.failed.connect(self._fail)
        self._overlays: list[RegionOverlay] = []
        self._own_windows: weakref.WeakSet[QWidget] = weakref.WeakSet()
        self._hidden: list[QWidget] = []
        self._is_open = False
        self._request = CaptureRequest()  # of the selection under way
        self._last: tuple[str, Region] | None = None  # the screen's name, and where on it
        self._countdown = SnipCountdown()
        self._countdown.elapsed.connect(self._take_after_countdown)
        self._countdown.cancelled.connect(self._cancel)

    @property
    def is_open(self) -> bool:
        """Whether a region is being chosen; what is shown meanwhile would be in the picture."""
        return self._is_open

    def keep_out_of_pictures(self, *windows: QWidget) -> None:
        """Hide these windows of the program, where they are open, while a region is chosen."""
        self._own_windows.update(windows)

    def start(self, request: CaptureRequest) -> None:
        """Begin a selection.

        While one is open, only its format follows the request. What is still waited for, a countdown or the desktop,
        is cancelled by the second request.
        """
        if not request.repeat and self._cancel_waiting():
            return
        if self._is_open:
            self._request = replace(self._request, copy_format=request.copy_format)
            return
        self._request = request
        if request.delay:
            self._clear_the_screen(self._countdown.start)
        else:
            repeats = request.repeat and self._last is not None
            use = self._take_last_region if repeats else self._open_overlays
            self._clear_the_screen(lambda: self._take_screens(use))

    def close(self) -> None:
        """Leave the screen as it was."""
        self._countdown.stop()
        if self._portal is not None:
            self._portal.withdraw()
        self._close()

    def _cancel_waiting(self) -> bool:
        """Cancel the countdown, or what the desktop was asked; says whether there was something to cancel."""
        if self._countdown.is_running:
            self._countdown.cancel()
            return True
        if self._is_asking and self._portal is not None:
            self._portal.withdraw()
            self._cancel()
            return True
        return False

    def _clear_the_screen(self, then: Callable[[], None]) -> None:
        """Hide our own windows, for they would be in the picture, and go on once what lay under them is painted."""
        self._is_open = True
        dialog = QApplication.activeModalWidget()  # of a file's name; it would also take the pointer from the overlay
        own = {*self._own_windows} | ({dialog} if dialog is not None else set())
        self._hidden = [window for window in own if _is_in_the_way(window)]
        for window in self._hidden:
            window.hide()
        QTimer.singleShot(_REPAINT_MS if self._hidden else 0, then)

    def _take_after_countdown(self) -> None:
        QTimer.singleShot(_REPAINT_MS, lambda: self._take_screens(self._open_overlays))

    def _take_screens(self, then: Callable[[Sequence[ScreenCapture]], None]) -> None:
        if self._portal is not None:
            self._use_captures = then
            self._is_asking = True
            self._portal.take()
            return
        try:
            captures = capture_screens()
        except CaptureError as error:
            self._fail(str(error))
        else:
            then(captures)

    def _follow_portal(self, captures: Sequence[ScreenCapture]) -> None:
        self._is_asking = False
        self._use_captures(captures)

    def _finish_in_portal(self, image: QImage) -> None:
        """The desktop's own dialog has chosen the region."""
        self._close()
        ratio = QGuiApplication.primaryScreen().devicePixelRatio()
        self.region_selected.emit(Snip(image, device_pixel_ratio=ratio, copy_format=self._request.copy_format))

    def _take_last_region(self, captures: Sequence[ScreenCapture]) -> None:
        for capture in captures:
            if self._last is not None and capture.name == self._last[0] and _contains(capture, self._last[1]):
                self._finish(capture, self._last[1])
                return
        self._fail(self.tr("The screen of the last region isn't there any more; choose a region anew."))

    def _open_overlays(self, captures: Sequence[ScreenCapture]) -> None:
        for capture in captures:
            overlay = RegionOverlay(capture)
            overlay.region_selected.connect(lambda region, capture=capture: self._finish(capture, region))
            overlay.begun.connect(lambda overlay=overlay: self._keep_only(overlay))
            overlay.entered.connect(lambda overlay=overlay: self._give_keys(overlay))
            overlay.cancelled.connect(self._cancel)
            _show(overlay)
            self._overlays.append(overlay)
        under_pointer = [overlay for overlay in self._overlays if overlay.geometry().contains(QCursor.pos())]
        with_keys = (under_pointer or self._overlays)[0]
        with_keys.raise_()
        with_keys.activateWindow()
        with_keys.take_keys()

    def _keep_only(self, begun: RegionOverlay) -> None:
        """One region at a time, on whichever screen."""
        for overlay in self._overlays:
            if overlay is not begun:
                overlay.forget_region()
        begun.take_keys()

    def _give_keys(self, entered: RegionOverlay) -> None:
        if not any(overlay.region is not None for overlay in self._overlays):
            entered.take_keys()

    def _finish(self, capture: ScreenCapture, region: Region) -> None:
        logger.info("A region of %d x %d pixels on %s.", region.width, region.height, capture.name)
        self._close()
        self._last = capture.name, region
        image, copy_format = capture.crop(region), self._request.copy_format
        self.region_selected.emit(Snip(image, device_pixel_ratio=capture.scale[0], copy_format=copy_format))

    def _fail(self, sentence: str) -> None:
        self._close()
        self.failed.emit(sentence)

    def _cancel(self) -> None:
        self._close()
        self.cancelled.emit()

    def _close(self) -> None:
        for overlay in self._overlays:
            overlay.releaseKeyboard()
            overlay.close()
        keep_alive_until_idle(*self._overlays)  # One of them is still being told of the key or the button.
        self._overlays.clear()
        for window in self._hidden:
            _show_again(window)
        self._hidden.clear()
        self._is_asking = False
        self._is_open = False
        self.closed.emit()


def _contains(capture: ScreenCapture, region: Region) -> bool:
    return region.right <= capture.image.width() and region.bottom <= capture.image.height()


def _show(overlay: RegionOverlay) -> None:
    if QGuiApplication.platformName() == "wayland":
        overlay.showFullScreen()  # the only way there to cover a screen of one's choice
    else:
        overlay.show()


def _is_in_the_way(window: QWidget) -> bool:
    return isValid(window) and window.isVisible() and not window.isMinimized()


def _show_again(window: QWidget) -> None:
    """Show a window where it was, and leave the focus with the program that the user works in."""
    place = window.pos()
    native = window.windowHandle()
    # WORKAROUND: Qt reads WA_ShowWithoutActivating only once, when it makes the native window.
    was_quiet = native.property("_q_showWithoutActivating")
    native.setProperty("_q_showWithoutActivating", True)
    window.move(place)  # without this some window managers choose a new place
    window.show()
    native.setProperty("_q_showWithoutActivating", was_quiet)
