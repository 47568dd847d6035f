"""An image of every screen, taken through mss where programs may see the screen.

Every reason for which there is none ends here as one sentence.

Qt and mss each list the screens in their own order and units. They are paired by where they lie: on X11 and Windows
Qt gives a screen's corner in device pixels but its size in logical units, on macOS both libraries count in points.
"""

import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import mss
from mss.models import Monitor
from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import QGuiApplication, QImage, QScreen

from desktop_app.capture.region import Region, nearest

logger = logging.getLogger(__name__)

# Sizes are rounded when a screen has a fractional scale; further apart than this they are not the same screen.
_SAME_SCREEN_DISTANCE = 8


class CaptureError(Exception):
    """There is no image of the screen; the text says why in one sentence."""


@dataclass(frozen=True)
class ScreenCapture:
    """A frozen screen, in plain values: the screen itself may be unplugged while its image is looked at."""

    name: str
    geometry: QRect  # in the logical units of the desktop
    device_pixel_ratio: float  # as Qt counts it
    image: QImage  # device pixels

    @property
    def scale(self) -> tuple[float, float]:
        """Device pixels of the image per logical unit of the screen, across and down."""
        size, ratio = self.geometry.size(), self.device_pixel_ratio
        scale = self.image.width() / size.width(), self.image.height() / size.height()
        # A size in units is rounded: 1400 pixels at 150% are 933 units, not 933.33. Where that explains the difference
        # the ratio that Qt itself counts with is the exact one; the quotient would be a pixel off at the far edge.
        rounding = ratio / min(size.width(), size.height())
        is_rounded = all(abs(one - ratio) < rounding for one in scale)
        return (ratio, ratio) if is_rounded else scale

    def place(self, region: Region) -> QRect:
        """Where a region is on the desktop, in its logical units."""
        across, down = self.scale
        corner = QPointF(region.left / across, region.top / down) + QPointF(self.geometry.topLeft())
        return QRectF(corner, QSizeF(region.width / across, region.height / down)).toAlignedRect()

    def crop(self, region: Region) -> QImage:
        """The pixels of a region, exactly as they were on the screen."""
        return self.image.copy(region.left, region.top, region.width, region.height)


def capture_screens() -> list[ScreenCapture]:
    """Take all screens, at once and before any window of ours covers them.

    Raises:
        CaptureError: The desktop gives no image.
    """
    if sys.platform == "darwin":
        _ask_for_every_pixel()
    try:
        with mss.MSS() as camera:
            monitors = camera.monitors[1:]  # the first entry is all of them together
            if not monitors:
                raise CaptureError(
                    QCoreApplication.translate("ScreenCapture", "The system shows no screen to take a picture of.")
                )
            places = [_monitor_region(monitor) for monitor in monitors]
            images = [_grab(camera, monitor) for monitor in monitors]
    except (mss.ScreenShotError, OSError) as error:
        logger.exception("mss took no image.")
        refused = QCoreApplication.translate("ScreenCapture", "The system refused a picture of the screen: {reason}")
        raise CaptureError(refused.format(reason=_first_sentence(error))) from error
    return _pair(QGuiApplication.screens(), places, images)


def _pair(screens: Sequence[QScreen], places: Sequence[Region], images: Sequence[QImage]) -> list[ScreenCapture]:
    captures = []
    for screen in screens:
        native = native_region(screen)
        index = nearest(native, places)
        if native.distance_to(places[index]) > _SAME_SCREEN_DISTANCE:
            logger.warning("The screen %s at %s was captured as %s.", screen.name(), native, places[index])
        captures.append(ScreenCapture(screen.name(), screen.geometry(), screen.devicePixelRatio(), images[index]))
    return captures


def _grab(camera: mss.MSS, monitor: Monitor) -> QImage:
    shot = camera.grab(monitor)
    # mss gives blue, green, red and an unused byte; the copy owns its pixels, the shot's go away.
    image = QImage(shot.raw, shot.width, shot.height, 4 * shot.width, QImage.Format.Format_RGB32).copy()
    if image.isNull():
        raise CaptureError(
            QCoreApplication.translate("ScreenCapture", "There is not enough memory for a picture of the screen.")
        )
    return image


def native_region(screen: QScreen) -> Region:
    """Where a screen lies for the platform, which counts in device pixels, or on macOS in points."""
    geometry = screen.geometry()
    ratio = 1.0 if sys.platform == "darwin" else screen.devicePixelRatio()
    return Region(geometry.x(), geometry.y(), round(geometry.width() * ratio), round(geometry.height() * ratio))


def _monitor_region(monitor: Monitor) -> Region:
    return Region(monitor["left"], monitor["top"], monitor["width"], monitor["height"])


def _ask_for_every_pixel() -> None:
    """By default mss captures a Retina screen at half its resolution."""
    import mss.darwin

    mss.darwin.IMAGE_OPTIONS = 0


def _first_sentence(error: BaseException) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") + "." if str(error).strip() else type(error).__name__ + "."
