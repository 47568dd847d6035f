"""How well predicted formulas match their references: exact match, edit similarity and corpus BLEU-4, over tokens.

All are corpus figures in [0, 1] over canonical tokens; a missing prediction is an empty list and counts as one.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein
from sacrebleu.metrics.bleu import BLEU

Tokens = Sequence[str]
_BLEU = BLEU(tokenize="none", smooth_method="none", force=True)  # what it gets is tokenised


def exact_match(references: Sequence[Tokens], predictions: Sequence[Tokens]) -> float:
    """Returns the share of predictions equal to their references, token by token."""
    _check_lengths(references, predictions)
    if not references:
        return 0.0
    pairs = zip(references, predictions, strict=True)
    return sum(list(reference) == list(prediction) for reference, prediction in pairs) / len(references)


def edit_distance(first: Tokens, second: Tokens) -> int:
    """Returns the least number of insertions, deletions and replacements of tokens that turn one into the other."""
    return Levenshtein.distance(first, second)


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
    if not references:
        return 0.0
    score = _BLEU.corpus_score([" ".join(one) for one in predictions], [[" ".join(one) for one in references]])
    return min(1.0, float(score.score) / 100)


def _check_lengths(references: Sequence[Tokens], predictions: Sequence[Tokens]) -> None:
    if len(references) != len(predictions):
        raise ValueError(f"{len(references)} references but {len(predictions)} predictions")
