"""What is pasted, in each format that is LaTeX."""

from pathlib import Path

import pytest

from model.data_preparation.image_label_pairs import unwrap
from model.formats import FormulaFormat, wrap_formula

FORMULAS = (Path(__file__).parents[2] / "data" / "formulas.txt").read_text(encoding="utf-8").splitlines()[:200]


@pytest.mark.parametrize(
    ("formula_format", "text"),
    [
        (FormulaFormat.LATEX, r"\frac{a}{b}"),
        (FormulaFormat.INLINE, r"$\frac{a}{b}$"),
        (FormulaFormat.DOLLARS, r"$$\frac{a}{b}$$"),
        (FormulaFormat.PARENTHESES, r"\(\frac{a}{b}\)"),
        (FormulaFormat.DISPLAY, "\\[\n\\frac{a}{b}\n\\]"),
        (FormulaFormat.EQUATION, "\\begin{equation}\n\\frac{a}{b}\n\\end{equation}"),
        (FormulaFormat.ALIGN, "\\begin{align}\n\\frac{a}{b}\n\\end{align}"),
        (FormulaFormat.MARKDOWN, "$$\n\\frac{a}{b}\n$$\n"),
    ],
)
def test_formula_is_wrapped(formula_format: FormulaFormat, text: str) -> None:
    # The braces of the formula are not those of a template; a space beside a $ breaks Markdown.
    assert wrap_formula("  \\frac{a}{b}\n", formula_format) == text


@pytest.mark.parametrize("formula_format", list(FormulaFormat)[:8])
def test_real_formulas_are_all_there(formula_format: FormulaFormat) -> None:
    for latex in FORMULAS:
        wrapped = wrap_formula(latex, formula_format)
        assert latex in wrapped or formula_format is FormulaFormat.ALIGN
        if formula_format in (
            FormulaFormat.INLINE,
            FormulaFormat.DOLLARS,
            FormulaFormat.PARENTHESES,
            FormulaFormat.DISPLAY,
        ):
            assert "$" in latex or unwrap(wrapped) == latex  # data preparation finds the same formula in it


def test_align_takes_the_lines_of_an_aligned() -> None:
    latex = "\\begin{aligned}\nx & =1 \\\\\ny & =2\n\\end{aligned}"
    assert wrap_formula(latex, FormulaFormat.ALIGN) == "\\begin{align}\nx & =1 \\\\\ny & =2\n\\end{align}"
    two = f"{latex}+{latex}"
    assert wrap_formula(two, FormulaFormat.ALIGN) == f"\\begin{{align}}\n{two}\n\\end{{align}}"
