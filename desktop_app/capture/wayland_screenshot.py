"""The image of the screens on Wayland, asked for from the desktop's portal.

The first time the portal is asked to show its dialog, from a window of ours that has the focus: some desktops answer
nothing at all to a program that nobody is looking at. Once that was granted, the image is taken silently; a desktop
that refuses or forgets is asked with its dialog again. In that dialog the user may choose an area or one window
instead of the screen; such an image is the region itself.
"""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication, QImage, QScreen

from desktop_app.capture.consent_window import ConsentWindow
from desktop_app.capture.region import Region, desktop_scale, split_desktop
from desktop_app.capture.screen_capture import ScreenCapture, native_region
from desktop_app.capture.screenshot_request import ScreenshotRequest
from desktop_app.settings.settings import Settings

logger = logging.getLogger(__name__)

SILENT_TIMEOUT_MS = 10_000
DIALOG_TIMEOUT_MS = 120_000  # the user reads it first

# The desktop's dialog and our window are gone from the screen within this time.
_REPAINT_MS = 300


class WaylandScreenshot(QObject):
    """Takes the screens; one at a time.

    Signals:
        taken(list[ScreenCapture]): Every screen.
        region_taken(QImage): A part that the user chose in the desktop's own dialog.
        failed(str): There is no image; one sentence says why.
    """

    taken = Signal(list)
    region_taken = Signal(QImage)
    failed = Signal(str)

    def __init__(
        self,
        settings: Settings,
        *,
        connection: QDBusConnection | None = None,
        silent_timeout_ms: int = SILENT_TIMEOUT_MS,
        dialog_timeout_ms: int = DIALOG_TIMEOUT_MS,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._connection = connection or QDBusConnection.sessionBus()
        self._silent_timeout_ms = silent_timeout_ms
        self._dialog_timeout_ms = dialog_timeout_ms
        self._requests: list[ScreenshotRequest] = []  # those too late are kept, for their files
        self._with_dialog: QImage | None = None  # taken while the dialog was still on the screen
        self._consent = ConsentWindow()
        self._consent.focused.connect(self._ask_with_dialog)
        self._consent.cancelled.connect(self._decline)

    def take(self) -> None:
        """Ask for an image of the screens."""
        self._with_dialog = None
        if not self._connection.isConnected():
            self.failed.emit(self.tr("This desktop has no session bus, so there is no picture of the screen."))
        elif self._settings.portal_allows_screenshots:
            self._ask_silently()
        else:
            self._consent.ask()

    def withdraw(self) -> None:
        """Think better of it."""
        self._consent.hide()
        for request in self._requests:
            request.withdraw()

    def _ask_silently(self) -> None:
        request = self._request(is_interactive=False, timeout_ms=self._silent_timeout_ms)
        request.granted.connect(self._finish)
        request.refused.connect(self._follow_refusal)
        request.unanswered.connect(self._follow_refusal)
        request.unavailable.connect(self._say_unavailable)

    def _ask_with_dialog(self) -> None:
        request = self._request(is_interactive=True, timeout_ms=self._dialog_timeout_ms)
        request.granted.connect(self._follow_consent)
        request.refused.connect(
            self._end_dialog(self.tr("The desktop gave no picture of the screen: that was refused or cancelled."))
        )
        request.unanswered.connect(
            self._end_dialog(self.tr("The desktop didn't answer when asked for a picture of the screen."))
        )
        request.unavailable.connect(self._say_unavailable)

    def _request(self, *, is_interactive: bool, timeout_ms: int) -> ScreenshotRequest:
        request = ScreenshotRequest(
            self._connection,
            is_interactive=is_interactive,
            window=self._consent.portal_name() if is_interactive else "",
            timeout_ms=timeout_ms,
        )
        self._requests = [*self._requests[-7:], request]
        return request

    def _follow_consent(self, image: QImage) -> None:
        self._consent.hide()
        if desktop_scale(_layout(), (image.width(), image.height())) is None:
            self.region_taken.emit(image)
            return
        # Once more without a dialog: this one shows our window, and whether silence is allowed is learnt.
        self._with_dialog = image
        QTimer.singleShot(_REPAINT_MS, self, self._ask_silently)

    def _finish(self, image: QImage) -> None:
        self._settings.portal_allows_screenshots = True
        self._hand_over(image)

    def _follow_refusal(self) -> None:
        self._settings.portal_allows_screenshots = False
        if self._with_dialog is not None:
            self._hand_over(self._with_dialog)
        else:
            self._consent.ask()

    def _hand_over(self, image: QImage) -> None:
        self._with_dialog = None
        layout = _layout()
        size = image.width(), image.height()
        scale = desktop_scale(layout, size)
        if scale is None:
            self.region_taken.emit(image)
            return
        screens = QGuiApplication.screens()
        captures = [
            ScreenCapture(
                screen.name(),
                screen.geometry(),
                scale * _layout_scale(screen),
                image.copy(part.left, part.top, part.width, part.height),
            )
            for screen, part in zip(screens, split_desktop(layout, size), strict=True)
        ]
        self.taken.emit(captures)

    def _say_unavailable(self, words: str) -> None:
        logger.warning("No screenshot portal: %s", words)
        self._consent.hide()
        if self._with_dialog is not None:
            self._hand_over(self._with_dialog)
            return
        self.failed.emit(
            self.tr("This desktop lets no program take a picture of the screen: its portal for that is missing.")
        )

    def _decline(self) -> None:
        self.withdraw()
        self.failed.emit(self.tr("The desktop gave no picture of the screen: that was refused or cancelled."))

    def _end_dialog(self, sentence: str) -> Callable[[], None]:
        def end() -> None:
            self._consent.hide()
            self.failed.emit(sentence)

        return end


def _layout() -> list[Region]:
    """Every screen, in the units in which the desktop puts them beside one another."""
    to_region = native_region if _is_on_x11() else _logical_region
    return [to_region(screen) for screen in QGuiApplication.screens()]


def _layout_scale(screen: QScreen) -> float:
    """Units of the layout per unit of our windows."""
    return screen.devicePixelRatio() if _is_on_x11() else 1.0


def _is_on_x11() -> bool:
    """Whether Qt shows our windows through the X server that a Wayland desktop keeps for old programs."""
    return QGuiApplication.platformName() == "xcb"


def _logical_region(screen: QScreen) -> Region:
    geometry = screen.geometry()
    return Region(geometry.x(), geometry.y(), geometry.width(), geometry.height())
