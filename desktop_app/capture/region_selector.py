"""Choosing a region: every screen frozen first, then one overlay on each; one selection at a time."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QImage, QScreen
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop_app.capture.capture_request import CaptureRequest
from desktop_app.capture.own_windows import OwnWindows
from desktop_app.capture.region import Region
from desktop_app.capture.region_overlay import RegionOverlay
from desktop_app.capture.screen_capture import CaptureError, ScreenCapture, capture_screens
from desktop_app.capture.snip_countdown import SnipCountdown
from desktop_app.capture.wayland_screenshot import WaylandScreenshot
from desktop_app.snips.snip import Snip
from desktop_app.system.event_delivery import keep_alive_until_idle
from desktop_app.system.log_file import log_path

logger = logging.getLogger(__name__)

# What lay under our windows is painted again within this time, with a compositor's fade.
_REPAINT_MS = 250
_LOOKS = 20  # for the frames of our windows, one in each such time: some desktop may never take them away


class RegionSelector(QObject):
    """Freezes the screens and lets a rectangle be dragged on them.

    Signals:
        region_selected(Snip): A region was chosen; the snip carries its pixels and the format asked for.
        cancelled: The user gave up.
        failed(str): There is no image of the screen; one sentence says why.
        closed: The selection is over, however it ended; comes before the signals above.
    """

    region_selected = Signal(Snip)
    cancelled = Signal()
    failed = Signal(str)
    closed = Signal()

    def __init__(self, portal: WaylandScreenshot | None = None) -> None:
        """Make one.

        Args:
            portal: Where the images come from on a desktop that lets no program take its own.
        """
        super().__init__()
        self._portal = portal
        self._is_asking = False  # the portal, for an image
        self._use_captures: Callable[[Sequence[ScreenCapture]], None] = self._open_overlays
        if portal is not None:
            portal.taken.connect(self._follow_portal)
            portal.region_taken.connect(self._finish_in_portal)
            portal.failed.connect(self._fail)
        self._overlays: list[RegionOverlay] = []
        self._own_windows = OwnWindows()
        self._is_open = False
        self._request = CaptureRequest()  # of the selection under way
        self._last: tuple[str, Region] | None = None  # the screen's name, and where on it
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self._watch)
            application.screenRemoved.connect(self._follow_screens)
        for screen in QGuiApplication.screens():
            self._watch(screen)
        self._next_step: Callable[[], None] = self._cancel
        self._pause = QTimer(self, singleShot=True)  # before the next step
        self._pause.timeout.connect(lambda: self._try(self._next_step))
        self._countdown = SnipCountdown()
        self._countdown.elapsed.connect(self._take_after_countdown)
        self._countdown.cancelled.connect(self._cancel)

    @property
    def is_open(self) -> bool:
        """Whether a region is being chosen; what is shown meanwhile would be in the image."""
        return self._is_open

    def leave_in_images(self, window: QWidget) -> None:
        """Leave this window of the program on the screen while a region is chosen; all others are hidden."""
        self._own_windows.leave_in_images(window)

    def start(self, request: CaptureRequest) -> None:
        """Begin a selection.

        While one is open, only its format follows the request. What is still waited for, a countdown or the desktop,
        is cancelled by the second request.
        """
        if not request.repeat and self._cancel_waiting():
            return
        if self._is_open and self._is_under_way():
            self._request = replace(self._request, copy_format=request.copy_format)
            return
        if self._is_open:
            logger.error("A selection was open without an overlay; it is given up.")
            self._close()
        self._request = request
        if request.delay:
            self._try(lambda: self._clear_the_screen(self._countdown.start))
        else:
            repeats = request.repeat and self._last is not None
            use = self._take_last_region if repeats else self._open_overlays
            self._try(lambda: self._clear_the_screen(lambda: self._take_screens(use)))

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

    def _is_under_way(self) -> bool:
        """Whether the user sees where the selection is, or is about to."""
        shown = any(isValid(overlay) and overlay.isVisible() for overlay in self._overlays)
        return shown or self._is_asking or self._pause.isActive() or self._countdown.is_running

    def _try(self, step: Callable[[], None]) -> None:
        """Take a step; whatever goes wrong in it, the selection is over, and the next one can begin."""
        try:
            step()
        except Exception:
            logger.exception("The selection of a region failed.")
            self._fail(self.tr("No region could be chosen; the log says why: {path}").format(path=log_path()))

    def _clear_the_screen(self, then: Callable[[], None]) -> None:
        """Hide our own windows, for they would be in the image, and go on once what lay under them is painted."""
        self._is_open = True
        if self._own_windows.hide():
            self._go_on(lambda: self._wait_for_frames(then), after_ms=_REPAINT_MS)
        else:
            self._go_on(then, after_ms=0)

    def _wait_for_frames(self, then: Callable[[], None], looks: int = _LOOKS) -> None:
        """Go on once the window manager has taken the frames of our windows away; a busy one is late."""
        if looks and not self._own_windows.are_gone():
            self._go_on(lambda: self._wait_for_frames(then, looks - 1), after_ms=_REPAINT_MS)
        elif looks < _LOOKS:  # they went just now
            self._go_on(then, after_ms=_REPAINT_MS)
        else:
            then()

    def _go_on(self, step: Callable[[], None], *, after_ms: int) -> None:
        self._next_step = step
        self._pause.start(after_ms)

    def _take_after_countdown(self) -> None:
        self._go_on(lambda: self._take_screens(self._open_overlays), after_ms=_REPAINT_MS)

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
        self._try(lambda: self._use_captures(captures))

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

    def _watch(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._follow_screens)
        self._follow_screens()

    def _follow_screens(self) -> None:
        """A screen has another size, or is new or gone: what was frozen is no image of it any more; take anew."""
        if not self._overlays:
            return
        logger.info("The screens have changed; they are taken anew.")
        overlays, self._overlays = self._overlays, []
        for overlay in overlays:
            _end(overlay)
        keep_alive_until_idle(*overlays)
        self._go_on(lambda: self._take_screens(self._open_overlays), after_ms=_REPAINT_MS)

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
        self.region_selected.emit(
            Snip(
                capture.crop(region),
                device_pixel_ratio=capture.scale[0],
                copy_format=self._request.copy_format,
                place=capture.place(region),
            )
        )

    def _fail(self, sentence: str) -> None:
        self._close()
        self.failed.emit(sentence)

    def _cancel(self) -> None:
        self._close()
        self.cancelled.emit()

    def _close(self) -> None:
        overlays, self._overlays = self._overlays, []
        self._is_asking = self._is_open = False  # first, so that nothing below can leave the selection open
        self._pause.stop()
        for overlay in overlays:
            _end(overlay)
        keep_alive_until_idle(*overlays)  # One of them is still being told of the key or the button.
        try:
            self._own_windows.show_again()
        except RuntimeError:  # Qt's half of a window is gone
            logger.exception("A window didn't come back.")
        self.closed.emit()


def _contains(capture: ScreenCapture, region: Region) -> bool:
    return region.right <= capture.image.width() and region.bottom <= capture.image.height()


def _end(overlay: RegionOverlay) -> None:
    if isValid(overlay):  # a screen that was unplugged may have taken its own along
        overlay.releaseKeyboard()
        overlay.close()


def _show(overlay: RegionOverlay) -> None:
    if QGuiApplication.platformName() == "wayland":
        overlay.showFullScreen()  # the only way there to cover a screen of one's choice
    else:
        overlay.show()
