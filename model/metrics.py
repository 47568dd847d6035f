"""How well predicted formulas match their references: exact match, edit similarity and corpus BLEU-4, over tokens.

All are corpus figures in [0, 1] over canonical tokens; a missing prediction is an empty list and counts as one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

Tokens = Sequence[str]
_LONGEST_NGRAM = 4


def exact_match(references: Sequence[Tokens], predictions: Sequence[Tokens]) -> float:
    """Returns the share of predictions equal to their references, token by token."""
    _check_lengths(references, predictions)
    if not references:
        return 0.0
    pairs = zip(references, predictions, strict=True)
    return sum(list(reference) == list(prediction) for reference, prediction in pairs) / len(references)


def edit_distance(first: Tokens, second: Tokens) -> int:
    """Returns the least number of insertions, deletions and replacements of tokens that turn one into the other.

    Bit-parallel (Myers 1999, Hyyrö 2003): the table's column of vertical steps is two integers, one bit a row.
    """
    if not first or not second:
        return len(first) + len(second)
    rows_of: dict[str, int] = {}
    for row, token in enumerate(first):
        rows_of[token] = rows_of.get(token, 0) | 1 << row
    every_row = (1 << len(first)) - 1
    last_row = 1 << (len(first) - 1)
    distance = len(first)
    # Bit i of rises (falls): the cell of row i is one more (less) than the cell above it.
    rises, falls = every_row, 0
    for token in second:
        equal = rows_of.get(token, 0) | falls
        # Bits where the step along the diagonal costs nothing; the sum carries it down runs of rises.
        diagonal = (((equal & rises) + rises) ^ rises) | equal
        right_rises = falls | (every_row & ~(rises | diagonal))
        right_falls = rises & diagonal
        distance += bool(right_rises & last_row) - bool(right_falls & last_row)
        # The row above the table rises by one at each token: hence the one shifted in.
        right_rises = (right_rises << 1) | 1
        right_falls <<= 1
        rises = every_row & (right_falls | ~(right_rises | diagonal))
        falls = every_row & right_rises & diagonal
    return distance


def edit_similarity(references: Sequence[Tokens], predictions: Sequence[Tokens]) -> float:
    """Returns 1 - sum of edit distances / sum of the longer lengths: a corpus ratio, no mean of ratios."""
    _check_lengths(references, predictions)
    distance = longest = 0
    for reference, prediction in zip(references, predictions, strict=True):
        distance += edit_distance(reference, prediction)
        longest += max(len(reference), len(prediction))
    return 1.0 - distance / longest if longest else float(len(references) > 0)


def bleu(references: Sequence[Tokens], predictions: Sequence[Tokens]) -> float:
    """Returns corpus BLEU-4 as `multi-bleu.perl` defines it, in [0, 1].

    Clipped counts are summed over the corpus, nothing is smoothed, and the brevity penalty is
    exp(1 - reference length / prediction length) for predictions shorter in all.
    """
    _check_lengths(references, predictions)
    matched = [0] * _LONGEST_NGRAM
    predicted = [0] * _LONGEST_NGRAM
    reference_length = prediction_length = 0
    for reference, prediction in zip(references, predictions, strict=True):
        reference_length += len(reference)
        prediction_length += len(prediction)
        for index in range(_LONGEST_NGRAM):
            ngrams = _count_ngrams(prediction, index + 1)
            predicted[index] += ngrams.total()
            matched[index] += (ngrams & _count_ngrams(reference, index + 1)).total()
    if not all(matched):
        return 0.0
    log_precision = math.fsum(math.log(m / p) for m, p in zip(matched, predicted, strict=True)) / _LONGEST_NGRAM
    log_brevity = min(0.0, 1.0 - reference_length / prediction_length)
    return math.exp(log_precision + log_brevity)


def _count_ngrams(tokens: Tokens, length: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(tokens[start:] for start in range(length)), strict=False))


def _check_lengths(references: Sequence[Tokens], predictions: Sequence[Tokens]) -> None:
    if len(references) != len(predictions):
        raise ValueError(f"{len(references)} references but {len(predictions)} predictions")
