"""The forms in which a formula is copied, and how its LaTeX is wrapped; formula_conversion.py makes the others."""

from enum import Enum


class CopyFormat(Enum):
    """A form of a formula; the value is what the settings file keeps."""

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
    PNG = "png"

    @property
    def title(self) -> str:
        """What a person chooses it by."""
        return _TITLES[self]

    @property
    def is_latex(self) -> bool:
        """Whether it is LaTeX with something round it."""
        return self in _WRAPPERS


_TITLES = {
    CopyFormat.LATEX: "LaTeX",
    CopyFormat.INLINE: "$…$",
    CopyFormat.DOLLARS: "$$…$$",
    CopyFormat.PARENTHESES: r"\(…\)",
    CopyFormat.DISPLAY: r"\[…\]",
    CopyFormat.EQUATION: "equation",
    CopyFormat.ALIGN: "align",
    CopyFormat.MARKDOWN: "Markdown",
    CopyFormat.MATHML: "MathML (Word)",
    CopyFormat.TYPST: "Typst",
    CopyFormat.UNICODE: "Unicode text",
    CopyFormat.SVG: "SVG picture",
    CopyFormat.PNG: "PNG picture",
}

_WRAPPERS = {
    CopyFormat.LATEX: ("", ""),
    CopyFormat.INLINE: ("$", "$"),
    CopyFormat.DOLLARS: ("$$", "$$"),
    CopyFormat.PARENTHESES: (r"\(", r"\)"),
    CopyFormat.DISPLAY: ("\\[\n", "\n\\]"),
    CopyFormat.EQUATION: ("\\begin{equation}\n", "\n\\end{equation}"),
    CopyFormat.ALIGN: ("\\begin{align}\n", "\n\\end{align}"),
    CopyFormat.MARKDOWN: ("$$\n", "\n$$\n"),  # on lines of their own, as Jupyter, GitHub and Obsidian want them
}

_ALIGNED = ("\\begin{aligned}", "\\end{aligned}")


def wrap_formula(latex: str, copy_format: CopyFormat) -> str:
    """The LaTeX as it goes to the clipboard, in one of the formats that are LaTeX.

    An inline formula keeps no space beside its dollar signs: Markdown editors refuse it there. `align` takes the lines
    of an `aligned` as its own, because that is what people number.
    """
    latex = latex.strip()
    opening, closing = _ALIGNED
    if (
        copy_format is CopyFormat.ALIGN
        and latex.startswith(opening)
        and latex.endswith(closing)
        and latex.count(opening) == 1
    ):
        latex = latex[len(opening) : -len(closing)].strip()
    before, after = _WRAPPERS[copy_format]
    return before + latex + after
