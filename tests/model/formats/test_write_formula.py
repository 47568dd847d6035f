"""A formula in each form other than LaTeX, on formulas that people wrote."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typst

from model.formats import FormatError, FormulaFormat, write_formula
from model.latex import format_latex, normalise

_LINES = (Path(__file__).parents[2] / "data" / "formulas.txt").read_text(encoding="utf-8").splitlines()
# As the recogniser writes them; every kind of source is among them.
FORMULAS = [format_latex(normalise(line)) for line in _LINES[:: len(_LINES) // 200]][:200]


def test_there_are_two_hundred_formulas() -> None:
    assert len(FORMULAS) == 200


def test_mathml_of_real_formulas_has_no_latex_left() -> None:
    for latex in FORMULAS:
        root = ElementTree.fromstring(write_formula(latex, FormulaFormat.MATHML))  # noqa: S314 - our own XML
        assert root.tag == "{http://www.w3.org/1998/Math/MathML}math"
        assert not any("\\" in (element.text or "") for element in root.iter()), latex


def test_unicode_of_real_formulas_is_one_line_without_latex() -> None:
    for latex in FORMULAS:
        text = write_formula(latex, FormulaFormat.UNICODE)
        assert text
        assert not {"\\", "{}", "\n", "&"} & set(text), latex
        for opening, closing in ("()", "[]"):
            unpaired = latex.count(opening) != latex.count(closing)
            assert unpaired or text.count(opening) == text.count(closing), (latex, text)


def test_typst_compiles_real_formulas() -> None:
    # The compiler knows every name there is, so a wrong one is found.
    pages = "\n#pagebreak()\n".join(write_formula(latex, FormulaFormat.TYPST) for latex in FORMULAS)
    pdf = typst.compile(pages.encode(), format="pdf")
    assert isinstance(pdf, bytes)
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("latex", "markup"),
    [
        # Typst would take the lone parenthesis for the end of the subscript, and put what follows into it.
        (r"[K]_{(\mu} \nabla_{\nu)} t", "_(paren.l mu) nabla_(nu paren.r) t"),
        (r"\frac{(a}{b)}", "frac(paren.l a, b paren.r)"),
        (r"x_{[a} y^{b]}", "x_(bracket.l a)"),
        (r"\{a, b", "brace.l"),
        (r"[0, 1)", "[0,1)"),  # a pair all the same
        (r"\mathsf{T}", "upright(sans(T))"),  # not slanted
    ],
)
def test_typst_draws_what_tex_draws(latex: str, markup: str) -> None:
    written = write_formula(latex, FormulaFormat.TYPST)
    assert markup in written.replace(", 1", ",1").replace("[0 ,", "[0,")
    assert typst.compile(written.encode(), format="pdf")


def test_svg_of_real_formulas_is_drawn_in_paths() -> None:
    for latex in FORMULAS:
        root = ElementTree.fromstring(write_formula(latex, FormulaFormat.SVG))  # noqa: S314 - our own XML
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        assert width > 5
        assert height > 5
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert "path" in names, latex
        assert not {"text", "image", "use"} & names, latex


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
    assert write_formula(latex, FormulaFormat.UNICODE).replace("  ", " ") == text


@pytest.mark.parametrize(
    "formula_format", [FormulaFormat.MATHML, FormulaFormat.UNICODE, FormulaFormat.TYPST, FormulaFormat.SVG]
)
@pytest.mark.parametrize("latex", [r"\frac{a}{b", r"x + \nosuchcommand", "a & b", "", "x" * 6001, "a $ b"])
def test_what_is_unknown_or_incomplete_is_refused_in_one_sentence(formula_format: FormulaFormat, latex: str) -> None:
    # The libraries would write it down as it stands.
    with pytest.raises(FormatError, match=r"\.$"):
        write_formula(latex, formula_format)


def test_numbering_of_the_document_is_left_out() -> None:
    # A label says nothing about the formula, so no form is refused for it.
    plain, labelled = r"x = 1", r"x = 1 \label{eq:one} \nonumber"
    for formula_format in (FormulaFormat.MATHML, FormulaFormat.UNICODE, FormulaFormat.TYPST, FormulaFormat.SVG):
        assert write_formula(labelled, formula_format) == write_formula(plain, formula_format)


def test_two_threads_may_draw_at_once() -> None:
    # The preview and the service's answers are drawn by different threads of one program.
    with ThreadPoolExecutor(4) as threads:
        drawings = list(threads.map(lambda latex: write_formula(latex, FormulaFormat.SVG), FORMULAS[:8] * 4))
    assert drawings == [write_formula(latex, FormulaFormat.SVG) for latex in FORMULAS[:8]] * 4
