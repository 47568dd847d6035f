"""The forms of a formula that are text."""

from __future__ import annotations

from enum import Enum

from model.formats.drawing import draw_formula
from model.formats.mathml import to_mathml, to_unicode
from model.formats.typst import to_typst
from model.formats.words import holds_words, words_as_formula, words_as_markdown, words_with_tag

_SVG_SIZE = 24.0  # pixels, as the text of most documents at 150%


class FormulaFormat(Enum):
    """A form; the value is what a request says and a settings file keeps."""

    LATEX = "latex"
    INLINE = "inline"
    DOLLARS = "dollars"
    PARENTHESES = "parentheses"
    DISPLAY = "display"
    EQUATION = "equation"
    ALIGN = "align"
    MARKDOWN = "markdown"
    MATHML = "mathml"
    TYPST = "typst"
    UNICODE = "unicode"
    SVG = "svg"


_WRAPPERS = {
    FormulaFormat.LATEX: ("", ""),
    FormulaFormat.INLINE: ("$", "$"),
    FormulaFormat.DOLLARS: ("$$", "$$"),
    FormulaFormat.PARENTHESES: (r"\(", r"\)"),
    FormulaFormat.DISPLAY: ("\\[\n", "\n\\]"),
    FormulaFormat.EQUATION: ("\\begin{equation}\n", "\n\\end{equation}"),
    FormulaFormat.ALIGN: ("\\begin{align}\n", "\n\\end{align}"),
    FormulaFormat.MARKDOWN: ("$$\n", "\n$$\n"),  # on lines of their own, as Jupyter, GitHub and Obsidian want them
}

# Plain `$$` knows no \tag.
_NUMBERED = frozenset({FormulaFormat.DISPLAY, FormulaFormat.EQUATION, FormulaFormat.ALIGN, FormulaFormat.MARKDOWN})

_ALIGNED = ("\\begin{aligned}", "\\end{aligned}")


def write_formula(latex: str, formula_format: FormulaFormat, *, number: str | None = None) -> str:
    r"""The formula in that form, as it is pasted; words are text already where the form is LaTeX or Markdown.

    Args:
        latex: Math-mode LaTeX without delimiters, or words with formulas between dollars.
        formula_format: The form.
        number: Of the equation, without parentheses, to be written as `\tag` in the displayed forms of LaTeX and in
            Markdown; several have ", " between them. None where it is left out.

    Raises:
        FormatError: The formula is incomplete, or has something that the form does not know.
    """
    if formula_format in _WRAPPERS:
        return wrap_formula(latex, formula_format, number=number)
    if holds_words(latex):
        latex = words_as_formula(latex)
    if formula_format is FormulaFormat.MATHML:
        return to_mathml(latex)
    if formula_format is FormulaFormat.TYPST:
        return f"$ {to_typst(latex)} $"
    if formula_format is FormulaFormat.UNICODE:
        return to_unicode(latex)
    return draw_formula(latex, size=_SVG_SIZE, colour="black")


def wrap_formula(latex: str, formula_format: FormulaFormat, *, number: str | None = None) -> str:
    """The formula in one of the forms that are LaTeX or Markdown; a text with words is LaTeX as it stands.

    An inline formula keeps no space beside its dollar signs: Markdown editors refuse it there. `align` takes the lines
    of an `aligned` as its own, because that is what people number.
    """
    latex = latex.strip()
    if holds_words(latex):
        text = words_with_tag(latex, number) if number and formula_format in _NUMBERED else latex
        return words_as_markdown(text) if formula_format is FormulaFormat.MARKDOWN else text
    opening, closing = _ALIGNED
    if (
        formula_format is FormulaFormat.ALIGN
        and latex.startswith(opening)
        and latex.endswith(closing)
        and latex.count(opening) == 1
    ):
        latex = latex[len(opening) : -len(closing)].strip()
    if number and formula_format in _NUMBERED:
        latex = _tagged(latex, number, by_row=formula_format is FormulaFormat.ALIGN)
    before, after = _WRAPPERS[formula_format]
    return before + latex + after


def _tagged(latex: str, number: str, *, by_row: bool) -> str:
    r"""Write `\tag` behind a formula; behind each row where rows can have their own and there is a number for each."""
    numbers, rows = number.split(", "), latex.split(r"\\")
    if not by_row or r"\begin" in latex or len(numbers) != len(rows):
        numbers, rows = [number], [latex]
    tagged = (rf"{row.strip()} \tag{{{one}}}" for row, one in zip(rows, numbers, strict=True))
    return " \\\\\n".join(tagged)
