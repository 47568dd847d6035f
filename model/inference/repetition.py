r"""Tells when decoding has run into a loop, as it does on pictures that hold no formula.

A matrix of zeros and a row of dots repeat as well, so tokens that people do repeat have higher limits.
"""

from __future__ import annotations

from collections.abc import Sequence

_EQUAL_TOKENS = 8
_PATTERN_REPEATS = 6
_LONGEST_PATTERN = 24

# What is repeated on purpose: digits of a long number, empty cells and dots of a large matrix.
_REPEATED_ON_PURPOSE = frozenset({*"0123456789&.-+,", r"\\", r"\cdot", r"\cdots", r"\vdots", r"\ddots", r"\ldots", "'"})
_PATIENCE = 5  # How many times the limit such a repetition may reach.


class RepetitionGuard:
    """Looks at the end of a token sequence for a pattern that has come too often.

    Attributes:
        on_purpose: Ids of tokens that people repeat.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        self.on_purpose = {token_id for token_id, token in enumerate(tokens) if token in _REPEATED_ON_PURPOSE}

    def is_repeating(self, token_ids: Sequence[int]) -> bool:
        """Say whether the sequence ends in one token eight times, or in a pattern six times."""
        length = len(token_ids)
        if length < _PATTERN_REPEATS:
            return False
        last = token_ids[-1]
        for period in range(1, min(_LONGEST_PATTERN, length // _PATTERN_REPEATS) + 1):
            if token_ids[-1 - period] != last:
                continue
            limit = _EQUAL_TOKENS if period == 1 else _PATTERN_REPEATS
            if not self.on_purpose.isdisjoint(token_ids[length - period :]):
                limit *= _PATIENCE
            if _repeats(token_ids, period, limit):
                return True
        return False


def _repeats(token_ids: Sequence[int], period: int, times: int) -> bool:
    """Say whether the sequence ends in a pattern of this length, this many times."""
    start = len(token_ids) - period * times
    if start < 0:
        return False
    return all(token_ids[index] == token_ids[index + period] for index in range(start, len(token_ids) - period))
