r"""Joins canonical tokens into LaTeX source that TeX accepts.

TeX would take a bracket after `\\` or `\begin{..}` for an option, so that one is put in braces. A blank after
`\begin{..}` keeps mathtools from stumbling over a cell that begins there.
"""

from __future__ import annotations

from collections.abc import Sequence


def join_tokens(tokens: Sequence[str]) -> str:
    """Returns compact source whose canonical tokens are the ones given."""
    pieces: list[str] = []
    previous = ""
    depth = 0  # of braces, and the depth at which the text we are in began
    text_depth = 0
    for index, token in enumerate(tokens):
        if token == "{":
            depth += 1
            if previous == r"\text":
                text_depth = depth
        elif token == "}":
            if depth == text_depth:
                text_depth = 0
            depth -= 1
        if text_depth:
            pieces.append(" " if token == "~" else token)
        elif (token[0] == "\\" and previous in {"_", "^"}) or _is_option_by_mistake(tokens, index):
            pieces.append(f"{{{token}}}")
        elif token[0].isalpha() and previous[-1:].isalpha() and previous[0] == "\\" and pieces[-1] == previous:
            pieces.append(f" {token}")
        elif token.startswith(r"\begin") and token != r"\begin{array}":
            pieces.append(f"{token} ")
        else:
            pieces.append(token)
        previous = token
    return "".join(pieces)


def _is_option_by_mistake(tokens: Sequence[str], index: int) -> bool:
    if tokens[index] not in {"[", "*"} or not index:
        return False
    previous = tokens[index - 1]
    if previous in {r"\\", r"\hline"} or previous.startswith(r"\begin"):
        return True
    # the columns of an array
    return previous == "}" and index >= 2 and _ends_columns(tokens, index - 1)


def _ends_columns(tokens: Sequence[str], index: int) -> bool:
    while index and tokens[index] != "{":
        index -= 1
    return index > 0 and tokens[index - 1] == r"\begin{array}"
