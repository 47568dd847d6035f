r"""LaTeX text and canonical tokens: one spelling for one look.

The way in is `normalise`; what canonical form is, and why, stands in docs/decisions/002-canonical-form.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from model.latex.commands import GRAMMAR
from model.latex.formatter import format_row
from model.latex.joining import join_tokens
from model.latex.parser import Parser
from model.latex.printer import print_row
from model.latex.tokeniser import LatexError, tokenise

__all__ = ["LatexError", "format_latex", "join_tokens", "normalise", "tokenise"]


def normalise(latex: str) -> list[str]:
    """Returns the canonical tokens of a formula.

    Raises:
        LatexError: The formula is malformed or uses a command or character outside the vocabulary of mathematics.
    """
    return print_row(Parser(latex, GRAMMAR).formula())


def format_latex(tokens: Sequence[str]) -> str:
    r"""Returns what people type for canonical tokens: `\left` and `\right`, words in `\text`, line breaks."""
    return format_row(Parser(join_tokens(tokens), GRAMMAR).formula())
