"""Command: measure how far the recogniser's probabilities can be trusted, and write the calibration that ships.

    python -m model.training.calibrate resources/weights.safetensors resources/vocabulary.json \
        --fit images/validation --test images/test --out resources/calibration.json

Formulas that training never saw are read; a curve from what the network said to how often that was right is fitted on
one set, and judged on the other. The candidates are each way to make one number of a formula's probabilities, bare,
with a temperature (Guo et al. 2017), and by isotonic regression (Zadrozny and Elkan 2002). Beside them stand small
networks over the tokens and their probabilities (`confidence_classifiers`), which are measured and not bundled:
docs/experiments.md (097) says why.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
from scipy import optimize

from model.checksums import renew_checksum
from model.commands import says_errors
from model.data_preparation.packed_images import PackedImages, PackedImagesError
from model.decoding.decode import decode
from model.decoding.decoded_formula import DEFAULT_DECODING, DecodedFormula, StopReason
from model.latex.as_seen import as_seen
from model.recognition.batching import group_by_size
from model.recognition.calibration import Calibration, CalibrationCurve, ConfidenceStatistic, summary_of
from model.recognition.recogniser import Recogniser, RecogniserError
from model.training.confidence_classifiers import CLASSIFIERS, TokenSequences, judge
from model.training.confidence_metrics import (
    Confidences,
    ConfidenceScores,
    Rights,
    score_confidence,
    threshold_for_precision,
)
from model.vocabulary import EOS, VocabularyError
from model.weights_file import CheckpointError

SURE_PRECISION = 0.972
"""Share of "sure" formulas of the fitting set that must be right; of others it is a little less, and is to be 0.97."""

CHECK_CONFIDENCE = 0.6
"""Below this a formula is more likely to be wrong than worth a look: doubtful."""

_IMPOSSIBLE = -30.0  # A log-probability as good as none.
_PULL = 0.01
_KNOTS = 24  # More follow the noise of the fitting set.


@dataclass(frozen=True)
class CalibrationData:
    """What was read of a set of formulas.

    Attributes:
        token_ids: Of each formula, its tokens and its end.
        log_probabilities: Of each formula, those of its tokens and of its end.
        rights: Whether each formula was read without a mistake that is seen, (formulas,): the mark is about what a
            user compares with the image, and no probability tells how its author wrote a space.
        token_confidences: Bare probability of every token of all formulas, (tokens,).
        token_rights: Whether each of them stands in the true formula too, (tokens,).
    """

    token_ids: list[list[int]]
    log_probabilities: list[list[float]]
    rights: Rights
    token_confidences: Confidences
    token_rights: Rights

    @property
    def sequences(self) -> TokenSequences:
        """What the classifiers see."""
        return TokenSequences.of(self.token_ids, self.log_probabilities)

    def statistic(self, score: ConfidenceStatistic, weights: tuple[float, ...] = ()) -> Confidences:
        """Return the bare confidence of each formula."""
        bare = Calibration(score=score, weights=weights)
        return np.array([bare.formula_confidence(one) for one in self.log_probabilities])


@dataclass(frozen=True)
class Candidate:
    """One way to a formula's confidence, and how good it is on the test set."""

    name: str
    score: ConfidenceStatistic
    weights: tuple[float, ...]
    curve: CalibrationCurve
    scores: ConfidenceScores


def read_sets(recogniser: Recogniser, folders: Sequence[Path], limit: int | None) -> CalibrationData:
    """Read packed images as the app does, of each folder at most so many.

    Raises:
        PackedImagesError: A folder holds none.
    """
    parts = [_read_set(recogniser, PackedImages(folder), limit) for folder in folders]
    return CalibrationData(
        [one for part in parts for one in part.token_ids],
        [one for part in parts for one in part.log_probabilities],
        np.concatenate([part.rights for part in parts]),
        np.concatenate([part.token_confidences for part in parts]),
        np.concatenate([part.token_rights for part in parts]),
    )


def _read_set(recogniser: Recogniser, pack: PackedImages, limit: int | None) -> CalibrationData:
    rows = np.random.default_rng(0).permutation(len(pack))[:limit]
    images = [pack.image(int(row)).astype(np.float32) / 255.0 for row in rows]
    formulas: dict[int, DecodedFormula] = {}
    for group in group_by_size(images):
        decoded = decode(
            recogniser.engine, [images[index] for index in group], recogniser.vocabulary, options=DEFAULT_DECODING
        )
        formulas.update(zip(group, decoded, strict=True))
    token_ids, log_probabilities, rights = [], [], []
    token_confidences: list[float] = []
    token_rights: list[bool] = []
    for index, row in enumerate(rows):
        formula, truth = formulas[index], pack.tokens(int(row))
        token_confidences += np.exp(formula.token_log_probabilities).tolist()
        token_rights += _right_tokens(formula.tokens, truth)
        complete = formula.stop_reason is StopReason.COMPLETE
        # What was cut short is known to be wrong: the app gives it the confidence 0.
        tokens_and_end = [*formula.token_log_probabilities, formula.end_log_probability]
        log_probabilities.append(tokens_and_end if complete else [_IMPOSSIBLE])
        token_ids.append([*(recogniser.vocabulary.ids(formula.tokens) if complete else ()), EOS])
        rights.append(as_seen(formula.tokens) == as_seen(truth))
    return CalibrationData(
        token_ids, log_probabilities, np.array(rights), np.array(token_confidences), np.array(token_rights)
    )


def _right_tokens(tokens: Sequence[str], truth: Sequence[str]) -> list[bool]:
    """Say of each token whether it has its counterpart in the true formula."""
    rights = [False] * len(tokens)
    for start, _, length in SequenceMatcher(a=tokens, b=truth, autojunk=False).get_matching_blocks():
        rights[start : start + length] = [True] * length
    return rights


def fit_temperature(scores: Confidences, rights: Rights) -> CalibrationCurve:
    """Return the temperature under which the answers are likeliest."""
    logits = _logits(scores)

    def surprise(log_temperature: float) -> float:
        signed = np.where(rights, logits, -logits) / math.exp(log_temperature)
        return float(np.logaddexp(0.0, -signed).mean())

    best = optimize.minimize_scalar(surprise, bounds=(-3.0, 3.0), method="bounded")
    return CalibrationCurve(temperature=round(math.exp(float(best.x)), 4))


def fit_isotonic(scores: Confidences, rights: Rights) -> CalibrationCurve:
    """Return the rising curve nearest to the answers, thinned to few knots of equal weight.

    Each knot stands for a part of the answers: their mean confidence and the mean of the isotonic fit there. Where none
    is right it is what one right answer more, and one wrong, would make of it (Laplace's rule): that proves no nought.
    The curve begins so low at 0, or all below the first knot would be believed alike.
    """
    order = np.argsort(scores, kind="stable")
    fitted = optimize.isotonic_regression(rights[order].astype(float)).x
    parts = np.array_split(np.arange(len(order)), min(_KNOTS, len(order)))
    knots = [(0.0, round(1 / (len(parts[0]) + 2), 5))]
    for part in parts:
        least = 1 / (len(part) + 2)
        place, share = round(float(scores[order[part]].mean()), 5), round(max(float(fitted[part].mean()), least), 5)
        if place > knots[-1][0]:
            knots.append((place, share))
    return CalibrationCurve(knots=tuple(knots))


def fit_weights(readings: CalibrationData) -> tuple[float, ...]:
    """Return the weights of the summary, and the constant: logistic regression with a light pull towards zero."""
    parts = np.array([summary_of(one) for one in readings.log_probabilities])
    mean, spread = parts.mean(axis=0), parts.std(axis=0) + 1e-9
    columns = np.column_stack([(parts - mean) / spread, np.ones(len(parts))])
    signs = np.where(readings.rights, -1.0, 1.0)

    def surprise(weights: Confidences) -> float:
        return float(np.logaddexp(0.0, signs * (columns @ weights)).mean() + _PULL * (weights[:-1] ** 2).sum())

    best = optimize.minimize(surprise, np.zeros(columns.shape[1])).x
    weights = best[:-1] / spread
    return tuple(round(float(one), 5) for one in (*weights, best[-1] - weights @ mean))


def formula_candidates(fit: CalibrationData, test: CalibrationData) -> list[Candidate]:
    """Fit every candidate on one set and judge it on the other."""
    candidates = []
    for score in ConfidenceStatistic:
        weights = fit_weights(fit) if score is ConfidenceStatistic.SUMMARY else ()
        fit_scores, test_scores = fit.statistic(score, weights), test.statistic(score, weights)
        curves = {
            "bare": CalibrationCurve(),
            "temperature": fit_temperature(fit_scores, fit.rights),
            "isotonic": fit_isotonic(fit_scores, fit.rights),
        }
        for name, curve in curves.items():
            confidences = np.array([curve(one) for one in test_scores])
            scores = score_confidence(confidences, test.rights)
            candidates.append(Candidate(f"{score.value}, {name}", score, weights, curve, scores))
    return candidates


def classifier_scores(fit: CalibrationData, test: CalibrationData) -> dict[str, ConfidenceScores]:
    """Train every classifier on one set and judge it on the other."""
    seen, unseen = fit.sequences, test.sequences
    return {
        name: score_confidence(judge(make, seen, fit.rights, unseen), test.rights) for name, make in CLASSIFIERS.items()
    }


def token_threshold(confidences: Confidences, rights: Rights) -> float:
    """Return the confidence below which a mark finds wrong tokens best (F1)."""
    thresholds = np.round(np.arange(0.3, 0.991, 0.01), 2)
    wrong = int((~rights).sum())

    def f_score(threshold: float) -> float:
        marked = confidences < threshold
        return 2 * int((marked & ~rights).sum()) / max(1, int(marked.sum()) + wrong)

    return float(max(thresholds, key=f_score))


def calibrate(fit: CalibrationData, test: CalibrationData) -> tuple[dict[str, Any], str]:
    """Return the calibration file's content and a report in Markdown."""
    candidates = formula_candidates(fit, test)
    # All scores of one number rank alike whatever the curve, so the number is chosen first, then the curve.
    best = min(candidates, key=lambda one: (-round(one.scores.auroc, 2), one.scores.calibration_error))
    fit_confidences = np.array([best.curve(one) for one in fit.statistic(best.score, best.weights)])
    sure = threshold_for_precision(fit_confidences, fit.rights, SURE_PRECISION)
    test_confidences = np.array([best.curve(one) for one in test.statistic(best.score, best.weights)])
    are_sure = test_confidences >= sure
    token_curve = fit_isotonic(fit.token_confidences, fit.token_rights)
    tokens = np.array([token_curve(one) for one in fit.token_confidences])
    marked_below = token_threshold(tokens, fit.token_rights)
    test_tokens = np.array([token_curve(one) for one in test.token_confidences])
    marked = test_tokens < marked_below
    measured = {
        "formula": asdict(best.scores),
        "sure_share": round(float(are_sure.mean()), 4),
        "sure_right": round(float(test.rights[are_sure].mean()), 4) if are_sure.any() else 0.0,
        "token": asdict(score_confidence(test_tokens, test.token_rights)),
        "marked_share": round(float(marked.mean()), 4),
        "marked_wrong": round(float((~test.token_rights[marked]).mean()), 4) if marked.any() else 0.0,
        "wrong_found": round(float(marked[~test.token_rights].mean()), 4) if not test.token_rights.all() else 1.0,
        "formulas": len(test.rights),
    }
    content = {
        "formula": {"score": best.score.value, "weights": list(best.weights), **_written(best.curve)},
        "token": _written(token_curve),
        "thresholds": {"sure": round(sure, 5), "check": min(CHECK_CONFIDENCE, round(sure, 5)), "token": marked_below},
        "measured": measured,
    }
    compared = {f"{one.name}{' (chosen)' if one is best else ''}": one.scores for one in candidates}
    compared |= classifier_scores(fit, test)
    lines = [
        (
            f"Fitted on {len(fit.rights):,} formulas, measured on {len(test.rights):,} others, "
            f"{test.rights.mean():.3f} of which were read right."
        ),
        "",
        "| confidence | AUROC | calibration error | accuracy | F1 |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {name} | {scores.auroc:.3f} | {scores.calibration_error:.3f} | {scores.accuracy:.3f} | "
            f"{scores.f_score:.3f} |"
            for name, scores in compared.items()
        ),
        "",
        f"Sure: {measured['sure_share']:.3f} of the formulas, of which {measured['sure_right']:.3f} are right.",
        (
            f"Marked tokens: {measured['marked_share']:.3f} of all, of which {measured['marked_wrong']:.3f} are wrong; "
            f"they are {measured['wrong_found']:.3f} of the wrong ones."
        ),
    ]
    return content, "\n".join(lines)


def _written(curve: CalibrationCurve) -> dict[str, Any]:
    return {"knots": [list(knot) for knot in curve.knots]} if curve.knots else {"temperature": curve.temperature}


def _logits(scores: Confidences) -> Confidences:
    bounded = np.clip(scores, 1e-6, 1.0 - 1e-6)
    logits: Confidences = np.log(bounded / (1.0 - bounded))
    return logits


@says_errors(RecogniserError, CheckpointError, VocabularyError, PackedImagesError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="calibrate", description=__doc__.splitlines()[0])
    parser.add_argument("weights", type=Path)
    parser.add_argument("vocabulary", type=Path)
    folders: dict[str, Any] = {"type": Path, "nargs": "+", "required": True, "metavar": "FOLDER"}
    parser.add_argument("--fit", **folders, help="packed images to fit on, never trained on")
    parser.add_argument("--test", **folders, help="other packed images to measure on")
    parser.add_argument("--limit", type=int, help="most images of each folder, drawn at random, always the same ones")
    parser.add_argument("--out", type=Path, required=True, help="the calibration file to write")
    options = parser.parse_args(arguments)
    recogniser = Recogniser.load(options.weights, options.vocabulary)
    fit, test = (read_sets(recogniser, folders, options.limit) for folders in (options.fit, options.test))
    content, report = calibrate(fit, test)
    options.out.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8", newline="\n")
    renew_checksum(options.out)
    print(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
