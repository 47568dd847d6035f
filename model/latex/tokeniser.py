r"""Splits LaTeX source into raw TeX tokens; blanks and comments are no tokens.

`\begin{name}` and `\end{name}` come out as one token each, as they do in canonical form.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\(?:(?:begin|end)\s*\{[^{}\\]*\}|[a-zA-Z]+|.|$)|[^\s%]", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")


class LatexError(ValueError):
    """A formula that cannot be read.

    Attributes:
        position: Offset of the offending character in the source.
        cause: What is wrong there, in words.
    """

    def __init__(self, cause: str, position: int) -> None:
        super().__init__(f"{cause} (at character {position})")
        self.cause = cause
        self.position = position


def tokenise(latex: str) -> list[str]:
    """Returns the raw TeX tokens of a piece of source."""
    tokens = _TOKEN.findall(blank_comments(latex))
    if r"\begin" in latex or r"\end" in latex:
        tokens = [_tidy_environment(token) for token in tokens]
    return tokens


def token_spans(latex: str) -> list[tuple[int, int]]:
    """Returns start and end of each token of `tokenise`; asked for only in text and on errors, as it is slow."""
    return [match.span() for match in _TOKEN.finditer(blank_comments(latex))]


def blank_comments(latex: str) -> str:
    """Replaces comments with blanks of the same length, so that offsets stay true."""
    if "%" not in latex:
        return latex
    return _COMMENT.sub(lambda match: match[1] + " " * (len(match[0]) - len(match[1])), latex)


def _tidy_environment(token: str) -> str:
    if token.startswith((r"\begin", r"\end")) and token.endswith("}"):
        return "".join(token.split())
    return token
