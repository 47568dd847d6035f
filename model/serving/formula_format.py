"""The forms in which a client may want a formula."""

from __future__ import annotations

from enum import Enum

from latex2mathml.converter import convert


class FormulaFormat(Enum):
    """A form; the value is what a request says."""

    LATEX = "latex"
    INLINE = "inline"
    DISPLAY = "display"
    EQUATION = "equation"
    MATHML = "mathml"


class FormatError(ValueError):
    """The formula has no such form; one plain sentence."""


_WRAPPERS = {
    FormulaFormat.LATEX: "{}",
    FormulaFormat.INLINE: "${}$",  # no space beside the dollar signs, or Markdown editors refuse it
    FormulaFormat.DISPLAY: "\\[\n{}\n\\]",
    FormulaFormat.EQUATION: "\\begin{{equation}}\n{}\n\\end{{equation}}",
}


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
    return _WRAPPERS[formula_format].format(latex.strip())
