r"""Words are copied as words: no dollars round them, no `\mathrm` for them, and every form has them."""

from __future__ import annotations

import pytest

from model.formats import FormulaFormat, write_formula
from model.formats.drawing import draw_formula
from model.formats.words import holds_words, words_as_formula

WORDS = r"Take a ball of radius $r$ about $x_0$ and let $r\rightarrow0$."
LATEX_FORMS = ("latex", "inline", "dollars", "parentheses", "display", "equation", "align", "markdown")


@pytest.mark.parametrize(
    "text", [WORDS, "where we used the", "Значение $y_k$ равно", "so that (see above) it holds", "$x$ is odd"]
)
def test_words_are_told(text: str) -> None:
    assert holds_words(text)


@pytest.mark.parametrize(
    "latex",
    [
        "x+y", r"\frac{a}{b}", r"f(x)=\begin{cases}1&\text{if $x$ is even}\\0&\text{otherwise}\end{cases}", r"\$ 5",
        r"\text{if }x\text{ is odd}", "a b", r"\sin x \cos y", "xy", r"\mathrm{const} x", "",
    ],
)  # fmt: skip
def test_formulas_are_no_words(latex: str) -> None:
    assert not holds_words(latex)


@pytest.mark.parametrize("name", LATEX_FORMS)
def test_words_stay_as_they_are_in_latex_and_markdown(name: str) -> None:
    assert write_formula(WORDS, FormulaFormat(name)) == WORDS


def test_words_are_a_formula_where_only_formulas_are_known() -> None:
    formula = words_as_formula(WORDS)
    assert formula == r"\text{Take a ball of radius }r\text{ about }x_0\text{ and let }r\rightarrow0\text{.}"
    assert "Take a ball of radius" in write_formula(WORDS, FormulaFormat.UNICODE)
    assert "radius" in write_formula(WORDS, FormulaFormat.TYPST)
    assert "<math" in write_formula(WORDS, FormulaFormat.MATHML)
    assert draw_formula(WORDS).startswith("<svg")
