r"""Which characters of a printed formula came from which canonical token.

Printing keeps the order of everything that is seen. It adds `\left` and `\right`, sizes, blanks and braces, takes
braces away, and spells some tokens otherwise; so both are walked side by side, and what was added is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from model.latex.tokeniser import token_spans

Range = tuple[int, int]
"""Start and end of a piece of text, in characters."""

_BRACES = frozenset("{}")
_SIZES = frozenset({r"\left", r"\right", r"\middle", r"\Biggl", r"\Biggr"})
# A word of text or of an operator is spelt in one of these, whichever canonical form has.
_WORDS = frozenset({r"\mathrm", r"\text", r"\operatorname"})
_SAME = {**dict.fromkeys(_WORDS, r"\mathrm"), r"\mid": "|", r"\parallel": r"\|", r"\pmod": r"\bmod"}


def token_ranges(tokens: Sequence[str], latex: str) -> list[Range | None]:
    """Return the characters of each canonical token in what `format_latex` printed; None where none are its own."""
    spans = _spans(latex)
    printed = [latex[start:end] for start, end in spans]
    ranges: list[Range | None] = [None] * len(tokens)
    seen = [index for index, token in enumerate(tokens) if token not in _BRACES]
    shown = [index for index, piece in enumerate(printed) if piece not in _BRACES]
    matcher = SequenceMatcher(
        a=[_spelling(tokens[index]) for index in seen], b=[_spelling(printed[index]) for index in shown], autojunk=False
    )
    after, after_printed = 0, 0
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            index, place = seen[block.a + offset], shown[block.b + offset]
            _match_braces(tokens[after:index], after, printed[after_printed:place], spans[after_printed:place], ranges)
            ranges[index] = spans[place]
            after, after_printed = index + 1, place + 1
    _match_braces(tokens[after:], after, printed[after_printed:], spans[after_printed:], ranges)
    return ranges


def _spans(latex: str) -> list[Range]:
    r"""Return the pieces of the source, without the sizes of delimiters and the empty ones, and `\begin` in one."""
    spans: list[Range] = []
    after_size = False
    for start, end in token_spans(latex):
        piece = latex[start:end]
        is_size = piece in _SIZES
        if not is_size and not (after_size and piece == "."):
            spans.append((start, end))
        after_size = is_size
    return spans


def _spelling(token: str) -> str:
    return _SAME.get(token, token)


def _match_braces(
    tokens: Sequence[str], offset: int, printed: Sequence[str], spans: Sequence[Range], ranges: list[Range | None]
) -> None:
    """Give braces that stand between two neighbours in both, in the same order, their characters."""
    place = 0
    for index, token in enumerate(tokens):
        if token in _BRACES and token in printed[place:]:
            place = printed.index(token, place)
            ranges[offset + index] = spans[place]
            place += 1
