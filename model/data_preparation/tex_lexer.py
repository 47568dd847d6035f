r"""Splits a LaTeX document into TeX tokens and puts tokens together again; comments and verbatim parts are left out.

Unlike the tokeniser of formulas it keeps blanks, which count in text, and knows paragraphs, which end a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

PARAGRAPH = r"\par"
_VERBATIM = re.compile(
    r"\\begin\{(?P<name>verbatim\*?|Verbatim|lstlisting|minted|comment|filecontents\*?|alltt)\}.*?\\end\{(?P=name)\}"
    r"|\\(?:verb|lstinline)\*?(?P<fence>[^\w\s*\[{]).*?(?P=fence)",
    re.DOTALL,
)
# An escaped backslash does not escape the percent sign after it; the blanks that begin the next line go as well.
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*(?=\S))?")
# A command of letters takes the blanks after it, but not a paragraph's end.
_TOKEN = re.compile(
    r"(?P<word>\\[A-Za-z@]++)(?:[ \t]*\n?(?![ \t]*\n)[ \t]*)?|(?P<paragraph>\s*\n\s*\n\s*)"
    r"|(?P<blank>\s+)|\\.|#[1-9]|.",
    re.DOTALL,
)


def lex(source: str) -> list[str]:
    r"""Returns the tokens of a document: `\word`, `\,`, `#1`, one blank, `\par` or a single character each."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    source = _COMMENT.sub(r"\1", _VERBATIM.sub(" ", source))
    tokens: list[str] = []
    for match in _TOKEN.finditer(source):
        if match["paragraph"]:
            tokens.append(PARAGRAPH)
        elif match["blank"]:
            tokens.append(" ")
        else:
            tokens.append(match["word"] or match[0])
    return tokens


def unlex(tokens: Iterable[str]) -> str:
    """Returns source with these tokens: a blank keeps a command apart from a letter."""
    pieces: list[str] = []
    after_word = False
    for token in tokens:
        if after_word and _is_letter(token[0]):
            pieces.append(" ")
        pieces.append(token)
        after_word = token[0] == "\\" and len(token) > 1 and _is_letter(token[1])
    return "".join(pieces).strip()


def _is_letter(character: str) -> bool:
    return character == "@" or (character.isascii() and character.isalpha())
