"""Draw a formula as an image, for the preview beside the LaTeX and for the clipboard.

The libraries that draw run in a process of their own, which model.formats.helper_pool ends when a formula takes too
long; here ink or SVG becomes an image.
"""

import atexit
import functools

import numpy as np
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from model.formats import FormatError
from model.formats.helper_pool import HelperPool, Ink

# Qt's painter gives up on images wider or higher than this.
_MAXIMUM_SIDE = 32000
_MAXIMUM_PIXELS = 40_000_000

_PROCESSES = 2  # a formula can be copied while another's preview takes its time

_COPIED_SIZE = 24.0
_COPIED_RATIO = 4.0  # sharp on paper, too
_COPIED_MARGIN = 24


@functools.cache
def drawing_pool() -> HelperPool:
    """The processes that draw and convert for the windows; they start with the first formula."""
    pool = HelperPool(_PROCESSES)
    atexit.register(pool.close)
    return pool


def render_formula(latex: str, size: float, colour: QColor, *, device_pixel_ratio: float = 1.0) -> QImage:
    """Draw a formula on a transparent background.

    Args:
        latex: Math-mode LaTeX without delimiters.
        size: Font size in device-independent pixels.
        colour: Colour of the ink.
        device_pixel_ratio: Device pixels in one device-independent pixel; the image carries it too.

    Raises:
        FormatError: The formula cannot be drawn, or takes too long.
    """
    drawing = drawing_pool().draw_preview(latex, size=size * device_pixel_ratio, colour=colour.name())
    image = _tinted(drawing, colour) if isinstance(drawing, Ink) else _rasterised(drawing)
    image.setDevicePixelRatio(device_pixel_ratio)
    return image


def formula_image(latex: str) -> QImage:
    """The formula to paste where no text will do, in black on white: on nothing it could not be read in a dark window.

    Raises:
        FormatError: The formula can't be drawn.
    """
    ink = render_formula(latex, _COPIED_SIZE * _COPIED_RATIO, QColor("black"))
    image = QImage(ink.width() + 2 * _COPIED_MARGIN, ink.height() + 2 * _COPIED_MARGIN, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        painter.drawImage(_COPIED_MARGIN, _COPIED_MARGIN, ink)
    image.setDotsPerMeterX(round(_COPIED_RATIO * 96 / 0.0254))  # pasted in the size of the text around it
    image.setDotsPerMeterY(round(_COPIED_RATIO * 96 / 0.0254))
    return image


def _tinted(ink: Ink, colour: QColor) -> QImage:
    """Turn ink into an image of that colour."""
    width, height = ink.width, ink.height
    _check_extent(width, height)
    pixels = np.empty((height, width, 4), dtype=np.uint8)
    pixels[..., :3] = (colour.red(), colour.green(), colour.blue())
    pixels[..., 3] = np.frombuffer(ink.coverage, dtype=np.uint8).reshape(height, width)
    # The copy owns its memory; the first image only borrows the array's.
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


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
    if max(width, height) > _MAXIMUM_SIDE or width * height > _MAXIMUM_PIXELS:
        raise FormatError("The formula is too large for a preview.")
