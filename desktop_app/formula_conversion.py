"""A formula in forms other than LaTeX, by libraries that load on first use.

Both libraries pass on or drop what they do not know, without a word; such formulas are refused here.
"""

import re
from typing import Any
from xml.etree import ElementTree

from PySide6.QtGui import QColor, QImage, QPainter

from desktop_app.formula_renderer import FormulaRenderError, formula_svg, render_formula
from desktop_app.formula_spelling import refuse_incomplete, spelt_for_ziamath
from desktop_app.formula_text import text_of

_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_SVG_SIZE = 24.0
_PNG_SIZE = 24.0
_PNG_RATIO = 4.0  # sharp on paper, too
_PNG_MARGIN = 24
# The library for MathML knows the outer environments only; there is nothing else on the page they could be inside of.
_ROW_ENVIRONMENTS = {"aligned": "align*", "gathered": "matrix"}
_ROWS = re.compile(r"\\(begin|end)\{(aligned|gathered)\}")
# Typst renamed it between its versions; the letter itself is in all of them.
_TYPST_NAMES = {"planck.reduce": "ħ"}


class ConversionError(Exception):
    """A formula that has no such form; the text says why in one sentence."""


def to_mathml(latex: str) -> str:
    """MathML, which word processors and web pages take as a formula.

    Raises:
        ConversionError: The formula is incomplete, or has something that is unknown.
    """
    return str(ElementTree.tostring(_mathml(latex), encoding="unicode"))


def to_unicode(latex: str) -> str:
    """One line of plain text, as near to the formula as characters come.

    Raises:
        ConversionError: As for MathML.
    """
    return text_of(_mathml(latex))


def to_typst(latex: str) -> str:
    """Typst's markup, without the dollar signs.

    Raises:
        ConversionError: As for MathML.
    """
    _mathml(latex)  # refuses what is unknown; the library below would write it down as a variable
    import tylax

    try:
        markup = str(tylax.latex_to_typst(spelt_for_ziamath(latex), options=tylax.L2TOptions(frac_to_slash=False)))
    except ValueError as error:
        raise ConversionError("This formula can't be written in Typst.") from error
    for old, new in _TYPST_NAMES.items():
        markup = markup.replace(old, new)
    return markup.strip()


def to_svg(latex: str) -> str:
    """A picture of lines, in black on nothing.

    Raises:
        ConversionError: The formula can't be drawn.
    """
    try:
        return formula_svg(latex, _SVG_SIZE, QColor("black"))
    except FormulaRenderError as error:
        raise ConversionError(str(error)) from error


def to_picture(latex: str) -> QImage:
    """A picture of pixels, in black on white: on nothing it could not be read in a dark window.

    Raises:
        ConversionError: The formula can't be drawn.
    """
    try:
        ink = render_formula(latex, _PNG_SIZE * _PNG_RATIO, QColor("black"))
    except FormulaRenderError as error:
        raise ConversionError(str(error)) from error
    image = QImage(ink.width() + 2 * _PNG_MARGIN, ink.height() + 2 * _PNG_MARGIN, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        painter.drawImage(_PNG_MARGIN, _PNG_MARGIN, ink)
    image.setDotsPerMeterX(round(_PNG_RATIO * 96 / 0.0254))  # pasted in the size of the text around it
    image.setDotsPerMeterY(round(_PNG_RATIO * 96 / 0.0254))
    return image


def _mathml(latex: str) -> ElementTree.Element:
    from latex2mathml.converter import convert

    ElementTree.register_namespace("", _NAMESPACE)
    try:
        refuse_incomplete(latex)
        spelt = _ROWS.sub(lambda edge: rf"\{edge[1]}{{{_ROW_ENVIRONMENTS[edge[2]]}}}", spelt_for_ziamath(latex))
        root = ElementTree.fromstring(convert(spelt, display="block"))  # noqa: S314 - our own XML
    except FormulaRenderError as error:
        raise ConversionError(str(error)) from error
    except Exception as error:  # the library raises whatever comes
        raise ConversionError("This formula can't be written in MathML; its LaTeX may be incomplete.") from error
    for element in root.iter():
        if unknown := re.search(r"\\[A-Za-z]+", _words(element)):
            raise ConversionError(f"The command {unknown[0]} is known in LaTeX only.")
    return root


def _words(element: Any) -> str:
    return element.text or ""
