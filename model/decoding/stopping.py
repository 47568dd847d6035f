"""Tells when decoding has lost its way: what it writes is improbable for many tokens in a row.

A letter that could be two is improbable for one token, and what follows is sure again. Where the network no longer sees
what it is writing, it stays unsure and often writes on for a hundred tokens without ever running into a loop.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

_STRETCH = 12
_MEAN_LOG_PROBABILITY = -1.0
"""Right readings keep well above it: docs/experiments.md (108) has the figures."""

_LONG, _BELIEVABLE = 24, -0.8
"""Of so many tokens and more the mean log-probability: of 307 lines cut from pages that were read at least half right,
and of all their beginnings, none is below -0.75; of nonsense a quarter is."""

_LIKELY = math.log(0.5)


def has_low_confidence(log_probabilities: Sequence[float]) -> bool:
    """Say whether the tokens with these log-probabilities end in a stretch of improbable ones."""
    last = log_probabilities[-_STRETCH:]
    return len(last) == _STRETCH and sum(last) < _STRETCH * _MEAN_LOG_PROBABILITY


def is_unbelievable(log_probabilities: Sequence[float]) -> bool:
    """Say whether so little of all that was written is believed that nothing of it can be right."""
    count = len(log_probabilities)
    return count >= _LONG and math.fsum(log_probabilities) < count * _BELIEVABLE


def confident_tokens(log_probabilities: Sequence[float]) -> int:
    """Return how many tokens stand before the first stretch of improbable ones; all of them where there is none."""
    for end in range(_STRETCH, len(log_probabilities) + 1):
        if has_low_confidence(log_probabilities[:end]):
            start = end - _STRETCH
            return next(place for place in range(start, end) if log_probabilities[place] < _LIKELY)
    return len(log_probabilities)
