"""How good a confidence is: whether it tells right from wrong, and whether it means what it says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

_BINS = 15

Confidences = NDArray[np.float64]
Rights = NDArray[np.bool_]


@dataclass(frozen=True)
class ConfidenceScores:
    """The quality of a confidence over a set of answers, of which some are right.

    Attributes:
        auroc: Chance that a right answer has a higher confidence than a wrong one; ties count half.
        calibration_error: Expected calibration error over bins of equal count (Naeini et al. 2015, Nixon et al. 2019).
        accuracy: Share of answers for which "confidence of at least one half" says whether they are right.
        f_score: F1 of finding the right answers by that rule.
    """

    auroc: float
    calibration_error: float
    accuracy: float
    f_score: float


def score_confidence(confidences: Confidences, rights: Rights) -> ConfidenceScores:
    """Score confidences (answers,) in [0, 1] against whether each answer is right (answers,)."""
    said_right = confidences >= 0.5
    found = int((said_right & rights).sum())
    return ConfidenceScores(
        auroc=round(auroc(confidences, rights), 4),
        calibration_error=round(calibration_error(confidences, rights), 4),
        accuracy=round(float((said_right == rights).mean()), 4),
        f_score=round(2 * found / max(1, int(said_right.sum()) + int(rights.sum())), 4),
    )


def auroc(confidences: Confidences, rights: Rights) -> float:
    """Return the area under the ROC curve, 0.5 when all answers are right or all are wrong."""
    right, wrong = int(rights.sum()), int((~rights).sum())
    if right == 0 or wrong == 0:
        return 0.5
    ranks = stats.rankdata(confidences)
    return float((ranks[rights].sum() - right * (right + 1) / 2) / (right * wrong))


def calibration_error(confidences: Confidences, rights: Rights) -> float:
    """Return the mean distance between confidence and share of right answers, bin by bin."""
    order = np.argsort(confidences, kind="stable")
    distances = [
        len(part) * abs(float(confidences[part].mean()) - float(rights[part].mean()))
        for part in np.array_split(order, _BINS)
        if len(part)
    ]
    return sum(distances) / len(confidences)


def threshold_for_precision(confidences: Confidences, rights: Rights, precision: float) -> float:
    """Return the lowest confidence from which on at least this share of the answers is right; 1 when there is none."""
    order = np.argsort(-confidences, kind="stable")
    ranked, count = confidences[order], np.arange(1, len(order) + 1)
    good = np.cumsum(rights[order]) / count >= precision
    # A threshold takes all answers of its confidence, so only the last of equal ones may end the list.
    last_of_equals = np.append(ranked[1:] < ranked[:-1], True)
    ends = np.flatnonzero(good & last_of_equals)
    return float(ranked[ends[-1]]) if len(ends) else 1.0
