r"""Where the recogniser's tokens are in a text that a user may have changed.

What was changed is found by comparing the text with the one that was read, piece by piece: a piece that is still there
keeps its token, and one that was written over loses it. `\alpha` with an x behind it is another piece.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

Span = tuple[int, int]
"""Start and end of a piece of text, in characters."""

_PIECE = re.compile(r"\\(?:[A-Za-z]+|.)|\S", re.DOTALL)


def spans_in(text: str, read: str, spans: Sequence[Span | None]) -> list[Span | None]:
    """The spans of tokens in a text, given those in the text that was read; none for what is gone."""
    if text == read:
        return list(spans)
    before, after = _pieces(read), _pieces(text)
    partner = _partners([read[start:end] for start, end in before], [text[start:end] for start, end in after])
    first = {start: index for index, (start, _) in enumerate(before)}
    last = {end: index for index, (_, end) in enumerate(before)}
    moved: list[Span | None] = []
    for span in spans:
        new = None
        if span is not None and span[0] in first and span[1] in last:
            # A token of several pieces, such as \begin{matrix}, has to be whole.
            run = [partner.get(index) for index in range(first[span[0]], last[span[1]] + 1)]
            start, end = run[0], run[-1]
            if start is not None and end is not None and run == list(range(start, start + len(run))):
                new = after[start][0], after[end][1]
        moved.append(new)
    return moved


def with_rest(text: str, read: str, read_on: str, start: int) -> str | None:
    """A text with what was read on from a position of the text that was read; corrections before it are kept.

    None where they can't be: the user wrote behind it as well, or the reading changed before it.
    """
    if text == read:
        return read_on
    shift = len(text) - len(read)
    if start + shift >= 0 and text[start + shift :] == read[start:] and read_on[:start] == read[:start]:
        return text[: start + shift] + read_on[start:]
    return None


def with_token(text: str, read: str, span: Span, token: str) -> str:
    """A text with another token in the place of one that was read; as it is where that one is gone."""
    now = spans_in(text, read, [span])[0]
    if now is None:
        return text
    gap = " " if token[-1:].isalpha() and token.startswith("\\") and text[now[1] : now[1] + 1].isalpha() else ""
    return text[: now[0]] + token + gap + text[now[1] :]


def _pieces(text: str) -> list[Span]:
    return [match.span() for match in _PIECE.finditer(text)]


def _partners(before: list[str], after: list[str]) -> dict[int, int]:
    """For each piece that is still there, where it is now."""
    shorter = min(len(before), len(after))
    head = 0
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    partner = {index: index for index in range(head)}
    partner |= {len(before) - 1 - index: len(after) - 1 - index for index in range(tail)}
    middle = SequenceMatcher(a=before[head : len(before) - tail], b=after[head : len(after) - tail], autojunk=False)
    for block in middle.get_matching_blocks():
        partner |= {head + block.a + offset: head + block.b + offset for offset in range(block.size)}
    return partner
