"""A formula as MathML, and as the Unicode text that is read off it.

The library passes on what it does not know, without a word; such formulas are refused here.
"""

import functools
import re
from collections.abc import Callable
from xml.etree import ElementTree

from model.formats.spelling import FormatError, refuse_unusable, spelt_for_libraries
from model.formats.unicode_text import text_of

_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
# The library knows the outer environments only; there is nothing else on the page they could be inside of.
_ROW_ENVIRONMENTS = {"aligned": "align*", "gathered": "matrix"}
_ROWS = re.compile(r"\\(begin|end)\{(aligned|gathered)\}")


def to_mathml(latex: str) -> str:
    """MathML, which word processors and web pages take as a formula.

    Raises:
        FormatError: The formula is incomplete, or has something that is unknown.
    """
    return str(ElementTree.tostring(mathml_tree(latex), encoding="unicode"))


def to_unicode(latex: str) -> str:
    """One line of plain text, as near to the formula as characters come.

    Raises:
        FormatError: As for MathML.
    """
    return text_of(mathml_tree(latex))


def mathml_tree(latex: str) -> ElementTree.Element:
    """The formula's MathML as elements.

    Raises:
        FormatError: The formula is incomplete, or has something that is unknown.
    """
    refuse_unusable(latex)
    spelt = _ROWS.sub(lambda edge: rf"\{edge[1]}{{{_ROW_ENVIRONMENTS[edge[2]]}}}", spelt_for_libraries(latex))
    try:
        root = ElementTree.fromstring(_converter()(spelt, display="block"))  # noqa: S314 - our own XML
    except Exception as error:  # the library raises whatever comes
        raise FormatError("This formula can't be written in MathML; its LaTeX may be incomplete.") from error
    for element in root.iter():
        if unknown := re.search(r"\\[A-Za-z]+", element.text or ""):
            raise FormatError(f"The command {unknown[0]} is known in LaTeX only.")
    return root


def load_mathml() -> None:
    """Load the library."""
    _converter()


@functools.cache
def _converter() -> Callable[..., str]:
    from latex2mathml.converter import convert

    ElementTree.register_namespace("", _NAMESPACE)
    return convert
