"""A formula as MathML, and as the Unicode text that is read off it.

The library passes on what it does not know, without a word; such formulas are refused here.
"""

import functools
import re
from collections.abc import Callable
from xml.etree import ElementTree

from model.formats.format_error import FormatError
from model.formats.spelling import refuse_unusable, spelt_for_libraries
from model.formats.text_in_formulas import unmark
from model.formats.unicode_text import text_of

_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_ELEMENTS = frozenset(
    "math mrow mi mn mo mtext mspace ms mfrac msqrt mroot mstyle mpadded mphantom mfenced menclose msub msup msubsup "
    "munder mover munderover mmultiscripts mprescripts none mtable mtr mtd mlabeledtr".split()
)
_ATTRIBUTES = frozenset(
    "display displaystyle scriptlevel mathvariant mathcolor mathbackground mathsize stretchy fence separator form "
    "lspace rspace minsize maxsize symmetric largeop movablelimits accent accentunder linethickness notation open "
    "close separators columnalign columnlines columnspacing columnwidth columnspan rowalign rowlines rowspacing "
    "rowspan frame framespacing linebreak align side equalrows equalcolumns width height depth voffset".split()
)
_VALUE = re.compile(r"[^<>&\"'\x00-\x1f:;]{0,100}")
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
        root = ElementTree.fromstring(_converter()(spelt, display="block"))  # noqa: S314 - its text is marked
    except Exception as error:  # the library raises whatever comes
        raise FormatError("This formula can't be written in MathML; its LaTeX may be incomplete.") from error
    for element in root.iter():
        if unknown := re.search(r"\\[A-Za-z]+", element.text or ""):
            raise FormatError(f"The command {unknown[0]} is known in LaTeX only.")
        _keep_what_is_mathematics(element)
    return root


def _keep_what_is_mathematics(element: ElementTree.Element) -> None:
    """Refuse an element that is none of MathML's, drop such attributes, and put text in the places of its marks."""
    if element.tag.removeprefix(f"{{{_NAMESPACE}}}") not in _ELEMENTS:
        raise FormatError("This formula can't be written in MathML; its LaTeX may be incomplete.")
    for name, value in list(element.attrib.items()):
        if name not in _ATTRIBUTES or not _VALUE.fullmatch(value):
            del element.attrib[name]
    element.text = unmark(element.text or "") or None
    element.tail = None


def load_mathml() -> None:
    """Load the library."""
    _converter()


@functools.cache
def _converter() -> Callable[..., str]:
    from latex2mathml.converter import convert

    ElementTree.register_namespace("", _NAMESPACE)
    return convert
