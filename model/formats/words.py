r"""Lines of words with formulas between dollars: told from a formula, and written as one where a form knows only those.

A line of words is copied as it stands in every form that is LaTeX or Markdown; MathML, Typst, Unicode text and
drawings get the formula that looks like it, its words in `\text`.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"(?<!\\)\$((?:[^$\\]|\\.)+)\$", re.DOTALL)
_TEXT_ARGUMENT = re.compile(r"\\(?:text|mbox|textrm|textnormal)\s*\{[^{}]*\}")
# Two words of letters with a blank between them, in what holds nothing of mathematics.
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}[,;:.)]?\s+\(?[^\W\d_]{2,}")
_MATHEMATICS = re.compile(r"\\[a-zA-Z]+|[_^&{}]")


def holds_words(latex: str) -> bool:
    r"""Say whether LaTeX is a line of words, which is text, and no formula.

    A formula has no dollar outside of `\text`, and no two words without a command beside one another.
    """
    bare = _TEXT_ARGUMENT.sub("", latex)
    if _FORMULA.search(bare):
        return True
    return _TWO_WORDS.search(bare) is not None and _MATHEMATICS.search(bare) is None


def words_as_formula(text: str) -> str:
    r"""Write a line of words as a formula, with `\text` round the words.

    Args:
        text: Plain text with its formulas between two dollars.
    """
    pieces = []
    end = 0
    for match in _FORMULA.finditer(text):
        pieces += [_in_text(text[end : match.start()]), match[1]]
        end = match.end()
    pieces.append(_in_text(text[end:]))
    return "".join(piece for piece in pieces if piece)


def _in_text(words: str) -> str:
    return rf"\text{{{words}}}" if words else ""
