"""A formula as an image of pixels, to paste where no text will do."""

from PySide6.QtGui import QColor, QImage, QPainter

from desktop_app.rendering.formula_renderer import render_formula

_SIZE = 24.0
_RATIO = 4.0  # sharp on paper, too
_MARGIN = 24


def formula_image(latex: str) -> QImage:
    """The formula in black on white: on nothing it could not be read in a dark window.

    Raises:
        FormatError: The formula can't be drawn.
    """
    ink = render_formula(latex, _SIZE * _RATIO, QColor("black"))
    image = QImage(ink.width() + 2 * _MARGIN, ink.height() + 2 * _MARGIN, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        painter.drawImage(_MARGIN, _MARGIN, ink)
    image.setDotsPerMeterX(round(_RATIO * 96 / 0.0254))  # pasted in the size of the text around it
    image.setDotsPerMeterY(round(_RATIO * 96 / 0.0254))
    return image
