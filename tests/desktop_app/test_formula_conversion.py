"""A formula in each form other than LaTeX, on formulas that people wrote."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
import typst
from PySide6.QtCore import QByteArray
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from desktop_app.formula_conversion import ConversionError, to_mathml, to_picture, to_svg, to_typst, to_unicode
from model.latex import format_latex, normalise

pytestmark = pytest.mark.gui

_LINES = (Path(__file__).parent.parent / "data" / "formulas.txt").read_text(encoding="utf-8").splitlines()
# As the recogniser writes them; every kind of source is among them.
FORMULAS = [format_latex(normalise(line)) for line in _LINES[:: len(_LINES) // 200]][:200]


def test_there_are_two_hundred_formulas() -> None:
    assert len(FORMULAS) == 200


def test_mathml_of_real_formulas_has_no_latex_left() -> None:
    for latex in FORMULAS:
        root = ElementTree.fromstring(to_mathml(latex))  # noqa: S314 - our own XML
        assert root.tag == "{http://www.w3.org/1998/Math/MathML}math"
        assert not any("\\" in (element.text or "") for element in root.iter()), latex


def test_unicode_of_real_formulas_is_one_line_without_latex() -> None:
    for latex in FORMULAS:
        text = to_unicode(latex)
        assert text
        assert not {"\\", "{}", "\n", "&"} & set(text), latex
        for opening, closing in ("()", "[]"):
            unpaired = latex.count(opening) != latex.count(closing)
            assert unpaired or text.count(opening) == text.count(closing), (latex, text)


def test_typst_compiles_real_formulas() -> None:
    # The compiler knows every name there is, so a wrong one is found.
    pages = "\n#pagebreak()\n".join(f"$ {to_typst(latex)} $" for latex in FORMULAS)
    pdf = typst.compile(pages.encode(), format="pdf")
    assert isinstance(pdf, bytes)
    assert pdf.startswith(b"%PDF")


def test_svg_of_real_formulas_is_drawn(qtbot: QtBot) -> None:
    for latex in FORMULAS[::8]:  # drawing takes its time, and the preview's tests draw many more
        svg = QSvgRenderer(QByteArray(to_svg(latex).encode()))
        assert svg.isValid()
        assert not svg.viewBoxF().isEmpty()


def test_picture_is_black_on_white_with_room_around(qtbot: QtBot) -> None:
    image = to_picture(r"\frac{1}{2}")
    colours = [image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height())]
    assert min(colours) < 40
    assert image.pixelColor(0, 0).lightness() == 255
    assert image.height() > 150  # four times the size on the screen
    assert not image.hasAlphaChannel()


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"x^{2n} + y_{ij}", "x²ⁿ + yᵢⱼ"),
        (r"x^{q}", "x^q"),  # no raised q before Unicode 15
        (r"\frac{a+b}{c}", "(a + b)/c"),
        (r"\frac{1}{2}x", "(1/2)x"),  # not 1/(2x)
        (r"\frac{1}{8}(a + b)", "(1/8)(a + b)"),
        (r"\frac{1}{2\pi}", "1/(2π)"),
        (r"-2\frac{1}{A}", "−2(1/A)"),  # not 21/A
        (r"\sqrt{x+1} = \sqrt[3]{y}", "√(x + 1) = ³√y"),
        (r"\int_0^{2\pi} \sin\theta", "∫₀^(2π)sin θ"),
        (r"\hat{x} \in \mathbb{R}", "x̂ ∈ ℝ"),
        (r"\mathbf{v} = \mathfrak{g} + \mathcal{L}", "𝐯 = 𝔤 + ℒ"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "([a, b; c, d])"),
        (r"\begin{aligned} x &= 1 \\ y &= 2 \end{aligned}", "x = 1; y = 2"),
        (r"a := -b", "a := −b"),
        (r"\text{if } x", "if x"),
    ],
)
def test_unicode_text_means_the_same(latex: str, text: str) -> None:
    # A text that reads as another formula is worse than none.
    assert to_unicode(latex).replace("  ", " ") == text


@pytest.mark.parametrize("convert", [to_mathml, to_unicode, to_typst, to_svg, to_picture])
@pytest.mark.parametrize("latex", [r"\frac{a}{b", r"x + \nosuchcommand", "a & b"])
def test_what_is_unknown_or_incomplete_is_refused_in_one_sentence(qtbot: QtBot, convert: object, latex: str) -> None:
    # The libraries would write it down as it stands.
    assert callable(convert)
    with pytest.raises(ConversionError, match=r"\.$"):
        convert(latex)
