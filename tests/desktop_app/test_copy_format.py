"""What is pasted, in each format that is LaTeX."""

from pathlib import Path

import pytest

from desktop_app.copy_format import CopyFormat, wrap_formula
from model.data_preparation.image_label_pairs import unwrap

FORMULAS = (Path(__file__).parent.parent / "data" / "formulas.txt").read_text(encoding="utf-8").splitlines()[:200]


@pytest.mark.parametrize(
    ("copy_format", "text"),
    [
        (CopyFormat.LATEX, r"\frac{a}{b}"),
        (CopyFormat.INLINE, r"$\frac{a}{b}$"),
        (CopyFormat.DOLLARS, r"$$\frac{a}{b}$$"),
        (CopyFormat.PARENTHESES, r"\(\frac{a}{b}\)"),
        (CopyFormat.DISPLAY, "\\[\n\\frac{a}{b}\n\\]"),
        (CopyFormat.EQUATION, "\\begin{equation}\n\\frac{a}{b}\n\\end{equation}"),
        (CopyFormat.ALIGN, "\\begin{align}\n\\frac{a}{b}\n\\end{align}"),
        (CopyFormat.MARKDOWN, "$$\n\\frac{a}{b}\n$$\n"),
    ],
)
def test_formula_is_wrapped(copy_format: CopyFormat, text: str) -> None:
    # The braces of the formula are not those of a template; a space beside a $ breaks Markdown.
    assert wrap_formula("  \\frac{a}{b}\n", copy_format) == text
    assert copy_format.is_latex


@pytest.mark.parametrize("copy_format", [one for one in CopyFormat if one.is_latex])
def test_real_formulas_are_all_there(copy_format: CopyFormat) -> None:
    for latex in FORMULAS:
        wrapped = wrap_formula(latex, copy_format)
        assert latex in wrapped or copy_format is CopyFormat.ALIGN
        if copy_format in (CopyFormat.INLINE, CopyFormat.DOLLARS, CopyFormat.PARENTHESES, CopyFormat.DISPLAY):
            assert "$" in latex or unwrap(wrapped) == latex  # data preparation finds the same formula in it


def test_align_takes_the_lines_of_an_aligned() -> None:
    latex = "\\begin{aligned}\nx & =1 \\\\\ny & =2\n\\end{aligned}"
    assert wrap_formula(latex, CopyFormat.ALIGN) == "\\begin{align}\nx & =1 \\\\\ny & =2\n\\end{align}"
    two = f"{latex}+{latex}"
    assert wrap_formula(two, CopyFormat.ALIGN) == f"\\begin{{align}}\n{two}\n\\end{{align}}"


def test_every_format_has_a_title() -> None:
    # A format without one would be an empty line in the choice.
    assert len({copy_format.title for copy_format in CopyFormat}) == len(CopyFormat)
