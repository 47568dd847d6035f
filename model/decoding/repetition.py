r"""Tells when decoding has run into a loop, as it does on images that hold no formula.

A matrix of zeros and a row of dots repeat as well, so tokens that people do repeat have higher limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from model.vocabulary import PIECE_SPACE

_EQUAL_TOKENS = 8
_PATTERN_REPEATS = 6
_LONGEST_PATTERN = 24

_TAIL = 48
_FEWEST_KINDS = 4
"""In so many tokens people use more than four kinds: a loop that stumbles on its way is known by this."""

# Cells of a matrix are equal on purpose, and digits of a number; dots stand for more of the same.
_CELLS = frozenset({"&", r"\\"})
_NUMBERS_AND_DOTS = frozenset({*"0123456789.,", r"\cdot", r"\cdots", r"\vdots", r"\ddots", r"\ldots"})
_PATIENCE = 5  # How many times the limit such a repetition may reach.


class RepetitionGuard:
    """Looks at the end of a token sequence for a pattern that has come too often."""

    def __init__(self, tokens: Sequence[str]) -> None:
        parts = [set(token.split(PIECE_SPACE)) for token in tokens]
        self._cells = {token_id for token_id, part in enumerate(parts) if part & _CELLS}
        self._numbers = {token_id for token_id, part in enumerate(parts) if part <= _NUMBERS_AND_DOTS}

    def is_repeating(self, token_ids: Sequence[int]) -> bool:
        """Say whether the sequence ends in one token eight times, in a pattern six times, or in hardly any tokens."""
        length = len(token_ids)
        if length < _EQUAL_TOKENS:
            return False
        last = token_ids[-1]
        for period in range(1, min(_LONGEST_PATTERN, length // _PATTERN_REPEATS) + 1):
            if token_ids[-1 - period] != last:
                continue
            limit = _EQUAL_TOKENS if period == 1 else _PATTERN_REPEATS
            if self._is_on_purpose(set(token_ids[length - period :])):
                limit *= _PATIENCE
            if _repeats(token_ids, period, limit):
                return True
        kinds = set(token_ids[-_TAIL:])
        return length >= _TAIL and len(kinds) <= _FEWEST_KINDS and not self._is_on_purpose(kinds)

    def _is_on_purpose(self, kinds: set[int]) -> bool:
        return not self._cells.isdisjoint(kinds) or kinds <= self._numbers


@lru_cache(maxsize=4)
def guard_of(tokens: tuple[str, ...]) -> RepetitionGuard:
    """Return the guard of a vocabulary; it is made once."""
    return RepetitionGuard(tokens)


def _repeats(token_ids: Sequence[int], period: int, times: int) -> bool:
    """Say whether the sequence ends in a pattern of this length, this many times."""
    start = len(token_ids) - period * times
    if start < 0:
        return False
    return all(token_ids[index] == token_ids[index + period] for index in range(start, len(token_ids) - period))
