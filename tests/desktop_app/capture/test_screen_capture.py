"""A screen that can't be captured is a sentence, never a crash; real screens are captured in test_on_x11.py."""

import mss
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop_app.capture.region import Region
from desktop_app.capture.screen_capture import CaptureError, ScreenCapture, capture_screens
from tests.desktop_app.conftest import numbered_image, pixel_numbers

pytestmark = pytest.mark.gui


def test_no_display_is_a_sentence(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(CaptureError, match=r"^The system refused a picture of the screen: .*\.$"):
        capture_screens()


def test_error_without_words_is_a_sentence(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise mss.ScreenShotError("")

    monkeypatch.setattr(mss, "MSS", fail)
    with pytest.raises(CaptureError, match="ScreenShotError"):
        capture_screens()


@pytest.mark.parametrize(
    ("pixels", "units", "ratio", "scale"),
    [
        ((1400, 1000), (933, 667), 1.5, 1.5),  # Qt has rounded 933.33
        ((1366, 768), (1093, 614), 1.25, 1.25),
        ((2880, 1800), (1440, 900), 1.0, 2.0),  # a Retina screen whose ratio Qt doesn't know
        ((1920, 1080), (1920, 1080), 1.0, 1.0),
    ],
)
def test_scale_is_exact(
    qtbot: QtBot, pixels: tuple[int, int], units: tuple[int, int], ratio: float, scale: float
) -> None:
    # 1400 / 933 is not 1.5: at the right edge of the screen that is a pixel.
    image = QImage(*pixels, QImage.Format.Format_RGB32)
    assert ScreenCapture("screen", QRect(0, 0, *units), ratio, image).scale == (scale, scale)


def test_crop_is_the_pixels_themselves(qtbot: QtBot) -> None:
    capture = ScreenCapture("screen", QRect(0, 0, 60, 40), 1.0, numbered_image(60, 40))
    cropped = pixel_numbers(capture.crop(Region(7, 3, 20, 10)))
    assert (cropped == pixel_numbers(numbered_image(60, 40))[3:13, 7:27]).all()
