"""Draw a formula as a picture, for the preview beside the LaTeX.

Mathtext is quick but knows no environments and few of the stacking commands; what it refuses, and what it would draw
wrongly, goes to model.formats.drawing. Both load on first use, because together they would delay the start.
"""

import functools
import logging
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import platformdirs
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from desktop_app.rendering.mathtext_spelling import spelt_for_mathtext
from model.formats import FormatError
from model.formats.drawing import draw_formula
from model.formats.spelling import refuse_unusable

_log = logging.getLogger(__name__)

# Qt's painter gives up on pictures wider or higher than this.
_MAXIMUM_SIDE = 32000


def render_formula(latex: str, size: float, colour: QColor, *, device_pixel_ratio: float = 1.0) -> QImage:
    """Draw a formula on a transparent background.

    Args:
        latex: Math-mode LaTeX without delimiters.
        size: Font size in device-independent pixels.
        colour: Colour of the ink.
        device_pixel_ratio: Device pixels in one device-independent pixel; the image carries it too.

    Raises:
        FormatError: Neither renderer can draw the formula.
    """
    refuse_unusable(latex)
    pixels = size * device_pixel_ratio
    try:
        image = _render_with_mathtext(latex, pixels, colour)
    except FormatError as refusal:
        _log.debug("Not drawn by mathtext: %s", refusal)
        image = _render_with_ziamath(latex, pixels, colour)
    image.setDevicePixelRatio(device_pixel_ratio)
    return image


class _RefuseSubstitutes(logging.Filter):
    """Turns mathtext's log line about a dummy glyph into an error, for the picture would show another formula."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything below a warning pass."""
        if record.levelno >= logging.WARNING:
            raise FormatError(record.getMessage())
        return True


@functools.cache
def _mathtext() -> tuple[Any, Any]:
    """Load mathtext with the fonts it brings; return its parser and the font to parse with."""
    # A scan of all fonts of the system takes seconds and none is used. The list of fonts goes to a folder of our own,
    # for a list without the system's fonts would spoil other programs that use matplotlib.
    os.environ.setdefault("MPL_IGNORE_SYSTEM_FONTS", "1")
    os.environ.setdefault("MPLCONFIGDIR", str(Path(platformdirs.user_cache_dir("snaptex")) / "matplotlib"))
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    # Computer Modern: the preview then looks like most of what is captured, and the Greek variants are TeX's.
    return MathTextParser("agg"), FontProperties(family="cmr10", math_fontfamily="cm")


def _render_with_mathtext(latex: str, pixels: float, colour: QColor) -> QImage:
    parser, family = _mathtext()
    font = family.copy()
    font.set_size(pixels)
    mathtext_log = logging.getLogger("matplotlib.mathtext")
    mathtext_log.addFilter(refusal := _RefuseSubstitutes())
    try:
        # At 72 dots per inch a point is a pixel.
        parsed = parser.parse(f"${spelt_for_mathtext(latex)}$", dpi=72, prop=font)
    except (ValueError, RuntimeError, LookupError, AttributeError, TypeError) as error:
        raise FormatError(str(error)) from error
    finally:
        mathtext_log.removeFilter(refusal)
    return _tinted(parsed.image, colour)


def _tinted(coverage: npt.NDArray[np.uint8], colour: QColor) -> QImage:
    """Turn an array of ink coverage, 0 to 255, into a picture of that colour."""
    height, width = coverage.shape
    _check_extent(width, height)
    pixels = np.empty((height, width, 4), dtype=np.uint8)
    pixels[..., :3] = (colour.red(), colour.green(), colour.blue())
    pixels[..., 3] = coverage
    # The copy owns its memory; the first image only borrows the array's.
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def _render_with_ziamath(latex: str, pixels: float, colour: QColor) -> QImage:
    return _rasterised(draw_formula(latex, size=pixels, colour=colour.name()))


def _rasterised(svg: str) -> QImage:
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    extent = renderer.viewBoxF().size()
    if not renderer.isValid() or extent.isEmpty():
        raise FormatError("This formula has nothing to draw.")
    _check_extent(extent.width(), extent.height())
    image = QImage(extent.toSize() + QSize(1, 1), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, extent.width(), extent.height()))
    painter.end()
    return image


def _check_extent(width: float, height: float) -> None:
    if max(width, height) > _MAXIMUM_SIDE:
        raise FormatError("The formula is too large for a preview.")
