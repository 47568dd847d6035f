"""How a formula is wrapped for the clipboard."""

from enum import Enum


class CopyFormat(Enum):
    """A way to wrap LaTeX; the value is what the settings file keeps."""

    LATEX = "latex"
    INLINE = "inline"
    DISPLAY = "display"
    EQUATION = "equation"

    @property
    def title(self) -> str:
        """What a person chooses it by."""
        return _TITLES[self]


_TITLES = {
    CopyFormat.LATEX: "LaTeX",
    CopyFormat.INLINE: "$…$",
    CopyFormat.DISPLAY: r"\[…\]",
    CopyFormat.EQUATION: "equation",
}

_WRAPPERS = {
    CopyFormat.LATEX: "{}",
    CopyFormat.INLINE: "${}$",
    CopyFormat.DISPLAY: "\\[\n{}\n\\]",
    CopyFormat.EQUATION: "\\begin{{equation}}\n{}\n\\end{{equation}}",
}


def wrap_formula(latex: str, copy_format: CopyFormat) -> str:
    """The text that goes to the clipboard.

    An inline formula keeps no space beside its dollar signs: Markdown editors refuse it there.
    """
    return _WRAPPERS[copy_format].format(latex.strip())
