"""Draw a formula as a picture, for the preview beside the LaTeX.

Mathtext is quick but knows no environments and few of the stacking commands; what it refuses goes to ziamath, which
draws nearly everything, as SVG. Both draw a wrong picture of some of what they do not know: such formulas are refused
here. Both load on first use, because together they would delay the start.
"""

import functools
import logging
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import platformdirs
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from desktop_app.formula_spelling import FormulaRenderError, refuse_incomplete, spelt_for_mathtext, spelt_for_ziamath

__all__ = ["FormulaRenderError", "formula_svg", "render_formula"]

_log = logging.getLogger(__name__)

# Longer input is a slip of the paste key, and its layout would hold up the window.
_MAXIMUM_LENGTH = 6000
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
        FormulaRenderError: Neither renderer can draw the formula.
    """
    _refuse_early(latex)
    pixels = size * device_pixel_ratio
    try:
        image = _render_with_mathtext(latex, pixels, colour)
    except FormulaRenderError as refusal:
        _log.debug("Not drawn by mathtext: %s", refusal)
        image = _render_with_ziamath(latex, pixels, colour)
    image.setDevicePixelRatio(device_pixel_ratio)
    return image


def formula_svg(latex: str, size: float, colour: QColor) -> str:
    """Draw a formula as SVG, in paths: no font is needed to show it.

    Raises:
        FormulaRenderError: The formula can't be drawn.
    """
    _refuse_early(latex)
    return _drawn_by_ziamath(latex, size, colour)


def _refuse_early(latex: str) -> None:
    if not latex.strip():
        raise FormulaRenderError("There is no formula to draw.")
    if len(latex) > _MAXIMUM_LENGTH:
        raise FormulaRenderError(f"The formula is too long for a preview: {len(latex)} characters.")
    refuse_incomplete(latex)


class _RefuseSubstitutes(logging.Filter):
    """Turns mathtext's log line about a dummy glyph into an error, for the picture would show another formula."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything below a warning pass."""
        if record.levelno >= logging.WARNING:
            raise FormulaRenderError(record.getMessage())
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
        raise FormulaRenderError(str(error)) from error
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


@functools.cache
def _ziamath() -> Any:
    import ziamath
    from ziamath.config import config

    # Plain paths are what Qt's SVG renderer draws the same everywhere.
    config.svg2 = False
    return ziamath


def _render_with_ziamath(latex: str, pixels: float, colour: QColor) -> QImage:
    return _rasterised(_drawn_by_ziamath(latex, pixels, colour))


def _drawn_by_ziamath(latex: str, pixels: float, colour: QColor) -> str:
    try:
        formula = _ziamath().Latex(spelt_for_ziamath(latex), size=pixels, color=colour.name())
        _refuse_foreign_text(formula)
        return str(formula.svg())
    except FormulaRenderError:
        raise
    except Exception as error:  # its two libraries raise whatever comes, and a preview is never worth a crash
        _log.info("No preview of %r", latex, exc_info=True)
        raise FormulaRenderError("This formula has no preview; its LaTeX may be incomplete.") from error


def _refuse_foreign_text(formula: Any) -> None:
    """Refuse what would be drawn as it is written, an unknown command, or as an empty box, a missing glyph."""
    element: ElementTree.Element
    for element in formula.mathml.iter():
        text = (element.text or "").strip()
        if text.startswith("\\") and len(text) > 1:
            raise FormulaRenderError(f"The preview does not know {text}.")
        for character in text:
            if formula.font.glyphindex(character) == 0:
                raise FormulaRenderError(f"The preview has no glyph for {character}.")


def _rasterised(svg: str) -> QImage:
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    extent = renderer.viewBoxF().size()
    if not renderer.isValid() or extent.isEmpty():
        raise FormulaRenderError("This formula has nothing to draw.")
    _check_extent(extent.width(), extent.height())
    image = QImage(extent.toSize() + QSize(1, 1), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, extent.width(), extent.height()))
    painter.end()
    return image


def _check_extent(width: float, height: float) -> None:
    if max(width, height) > _MAXIMUM_SIDE:
        raise FormulaRenderError("The formula is too large for a preview.")
