"""Draw a formula as a picture, for the preview beside the LaTeX.

Mathtext is quick but knows no environments and few of the stacking commands; what it refuses goes to ziamath, which
draws nearly everything through Qt's SVG renderer. Both are loaded on first use, since together they cost a noticeable
part of a start-up. Both swallow some of what they do not know and draw a wrong picture instead, which is refused here.
"""

import functools
import logging
import os
from typing import Any
from xml.etree import ElementTree

import numpy as np
import platformdirs
from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

_log = logging.getLogger(__name__)

# Longer input is a slip of the paste key, and its layout would hold up the window.
MAXIMUM_LENGTH = 6000
# Qt's painter stops at pictures wider or higher than this.
_MAXIMUM_SIDE = 32000


class FormulaRenderError(Exception):
    """A formula that has no picture; the text is one sentence for the user."""


def render_formula(latex: str, size: float, colour: QColor, *, device_pixel_ratio: float = 1.0) -> QImage:
    """Draw a formula on a transparent background.

    Args:
        latex: Math-mode LaTeX without delimiters.
        size: Font size in device-independent pixels.
        colour: Colour of the ink.
        device_pixel_ratio: Device pixels in one of those pixels; the image carries it too.

    Raises:
        FormulaRenderError: Neither renderer can draw the formula.
    """
    if not latex.strip():
        raise FormulaRenderError("There is no formula to draw.")
    if len(latex) > MAXIMUM_LENGTH:
        raise FormulaRenderError(f"The formula is too long for a preview: {len(latex)} characters.")
    try:
        image = _render_with_mathtext(latex, size * device_pixel_ratio, colour)
    except FormulaRenderError as refusal:
        _log.debug("mathtext: %s", refusal)
        image = _render_with_ziamath(latex, size * device_pixel_ratio, colour)
    image.setDevicePixelRatio(device_pixel_ratio)
    return image


class _RefuseSubstitutes(logging.Filter):
    """Turns mathtext's log line about a dummy glyph into an error: the picture would show another formula."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.WARNING:
            raise FormulaRenderError(record.getMessage())
        return True


@functools.cache
def _mathtext_parser() -> tuple[Any, Any]:
    """Load mathtext with its bundled fonts, and return its parser and the font properties to parse with."""
    # A scan of all fonts of the system takes seconds and none of them is used. The font list lies in our own folder,
    # for one without the system's fonts would spoil other programs that use matplotlib.
    os.environ.setdefault("MPL_IGNORE_SYSTEM_FONTS", "1")
    os.environ.setdefault("MPLCONFIGDIR", os.path.join(platformdirs.user_cache_dir("snaptex"), "matplotlib"))  # noqa: PTH118
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    logging.getLogger("matplotlib.mathtext").addFilter(_RefuseSubstitutes())
    return MathTextParser("agg"), FontProperties(family="STIXGeneral", math_fontfamily="stix")


def _render_with_mathtext(latex: str, pixels: float, colour: QColor) -> QImage:
    if "$" in latex.replace(r"\$", ""):
        # It would end the formula for mathtext, which draws the rest as running text.
        raise FormulaRenderError("a $ inside the formula")
    parser, font = _mathtext_parser()
    font = font.copy()
    font.set_size(pixels)
    try:
        # At 72 dots per inch a point is a pixel.
        parsed = parser.parse(f"${' '.join(latex.split())}$", dpi=72, prop=font)
    except (ValueError, RuntimeError, LookupError, AttributeError, TypeError) as error:
        raise FormulaRenderError(str(error)) from error
    return _tinted(parsed.image, colour)


def _tinted(coverage: Any, colour: QColor) -> QImage:
    """Turn an array of ink coverage, 0 to 255, into a picture of that colour."""
    height, width = coverage.shape
    _check_extent(width, height)
    pixels = np.empty((height, width, 4), dtype=np.uint8)
    pixels[..., :3] = (colour.red(), colour.green(), colour.blue())
    pixels[..., 3] = coverage
    # The copy owns its memory; the first image only borrows the array's.
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


@functools.cache
def _ziamath() -> Any:
    import ziamath

    # Qt's SVG renderer draws plain paths reliably, and not every form of symbol reuse.
    ziamath.config.svg2 = False
    return ziamath


def _render_with_ziamath(latex: str, pixels: float, colour: QColor) -> QImage:
    ziamath = _ziamath()
    try:
        formula = ziamath.Latex(latex, size=pixels, color=colour.name())
        _refuse_unknown_commands(formula.mathml)
        svg = formula.svg()
    except FormulaRenderError:
        raise
    except Exception as error:  # two libraries with no exception class of their own; the picture is optional
        _log.info("No preview of %r", latex, exc_info=True)
        raise FormulaRenderError("This formula has no preview; its LaTeX may be incomplete.") from error
    return _rasterised(svg)


def _refuse_unknown_commands(mathml: ElementTree.Element) -> None:
    """The translation to MathML passes on unknown commands as text, to be drawn as they are written."""
    for element in mathml.iter():
        text = (element.text or "").strip()
        if text.startswith("\\") and len(text) > 1:
            raise FormulaRenderError(f"The preview does not know {text}.")


def _rasterised(svg: str) -> QImage:
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    extent = renderer.viewBoxF().size()
    if not renderer.isValid() or extent.isEmpty():
        raise FormulaRenderError("This formula has nothing to draw.")
    _check_extent(extent.width(), extent.height())
    image = QImage(extent.toSize() + extent.toSize().__class__(1, 1), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, extent.width(), extent.height()))
    painter.end()
    return image


def _check_extent(width: float, height: float) -> None:
    if max(width, height) > _MAXIMUM_SIDE:
        raise FormulaRenderError("The formula is too large for a preview.")
