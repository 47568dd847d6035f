"""The forms in which a client may want a formula."""

from __future__ import annotations

import re
from enum import Enum

from latex2mathml.converter import convert


class FormulaFormat(Enum):
    """A form; the value is what a request says."""

    LATEX = "latex"
    INLINE = "inline"
    DOLLARS = "dollars"
    PARENTHESES = "parentheses"
    DISPLAY = "display"
    EQUATION = "equation"
    ALIGN = "align"
    MARKDOWN = "markdown"
    MATHML = "mathml"


class FormatError(ValueError):
    """The formula has no such form; one plain sentence."""


_AROUND = {
    FormulaFormat.LATEX: ("", ""),
    FormulaFormat.INLINE: ("$", "$"),  # no space beside the dollar signs, or Markdown editors refuse it
    FormulaFormat.DOLLARS: ("$$", "$$"),
    FormulaFormat.PARENTHESES: (r"\(", r"\)"),
    FormulaFormat.DISPLAY: ("\\[\n", "\n\\]"),
    FormulaFormat.EQUATION: ("\\begin{equation}\n", "\n\\end{equation}"),
    FormulaFormat.ALIGN: ("\\begin{align}\n", "\n\\end{align}"),
    FormulaFormat.MARKDOWN: ("$$\n", "\n$$\n"),
}
_ALIGNED = re.compile(r"\\begin\{aligned\}((?:(?!\\begin\{aligned\}).)*)\\end\{aligned\}", re.DOTALL)


def write_formula(latex: str, formula_format: FormulaFormat) -> str:
    """Return the formula in that form.

    Raises:
        FormatError: It cannot be written so.
    """
    if formula_format is FormulaFormat.MATHML:
        try:
            return convert(latex)
        except Exception as error:
            raise FormatError("This formula has no MathML; its LaTeX may be incomplete.") from error
    latex = latex.strip()
    if formula_format is FormulaFormat.ALIGN and (lines := _ALIGNED.fullmatch(latex)):
        latex = lines[1].strip()  # its lines are what people number
    before, after = _AROUND[formula_format]
    return before + latex + after
