"""What is pasted, in each format."""

import pytest

from desktop_app.copy_format import CopyFormat, wrap_formula


@pytest.mark.parametrize(
    ("copy_format", "text"),
    [
        (CopyFormat.LATEX, r"\frac{a}{b}"),
        (CopyFormat.INLINE, r"$\frac{a}{b}$"),
        (CopyFormat.DISPLAY, "\\[\n\\frac{a}{b}\n\\]"),
        (CopyFormat.EQUATION, "\\begin{equation}\n\\frac{a}{b}\n\\end{equation}"),
    ],
)
def test_formula_is_wrapped(copy_format: CopyFormat, text: str) -> None:
    # The braces of the formula are not those of a template; a space beside a $ breaks Markdown.
    assert wrap_formula("  \\frac{a}{b}\n", copy_format) == text


def test_every_format_has_a_title() -> None:
    # A format without one would be an empty line in the choice.
    assert len({copy_format.title for copy_format in CopyFormat}) == len(CopyFormat)
