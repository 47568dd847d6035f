"""How far a formula can be trusted: the network's own probabilities, corrected, in three steps.

A network is surer of itself than it is right, so its probabilities are corrected by what was measured on formulas that
it had not seen, where a calibration file lies beside the weights. Without one they are taken as they are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any

CALIBRATION_NAME = "calibration.json"
"""Name of the calibration file, beside the weights it was measured for."""

_SMALLEST = 1e-6  # Keeps the logit of a probability of 0 or 1 finite.


class CalibrationError(ValueError):
    """The calibration file is damaged; the message is one plain sentence."""


class ConfidenceLevel(Enum):
    """What to do with a formula: use it, look it over, or expect mistakes."""

    SURE = "sure"
    CHECK = "check"
    DOUBTFUL = "doubtful"


class ConfidenceStatistic(Enum):
    """The one number that stands for the probabilities of a formula's tokens and of its end."""

    MEAN = "mean"  # geometric mean: the length does not matter
    PRODUCT = "product"  # what the network says of the whole formula
    LEAST = "least"  # the weakest token
    SUMMARY = "summary"  # logistic regression over what `summary_of` gives


_LEAST_TOKENS = 3
_MOST_LOG_ODDS = 6.0
_UNSURE_LEVELS = (0.5, 0.7, 0.9)
SUMMARY_LENGTH = _LEAST_TOKENS + 2 + len(_UNSURE_LEVELS)


def summary_of(log_probabilities: Sequence[float]) -> list[float]:
    """Return what tells a formula that is right from one that is not, (SUMMARY_LENGTH,).

    The log-odds of its least certain tokens, the mean log-probability, the logarithm of the length, and of one more
    than how many tokens lie below each level.
    """
    probabilities = sorted(math.exp(one) for one in log_probabilities)
    odds = [math.log(max(one, _SMALLEST) / max(1.0 - one, _SMALLEST)) for one in probabilities[:_LEAST_TOKENS]]
    odds += [_MOST_LOG_ODDS] * (_LEAST_TOKENS - len(odds))  # a formula of one token has no second least certain one
    count = len(probabilities)
    unsure = [math.log1p(sum(one < level for one in probabilities)) for level in _UNSURE_LEVELS]
    bounded = [min(max(one, -_MOST_LOG_ODDS), _MOST_LOG_ODDS) for one in odds]
    return [*bounded, math.fsum(log_probabilities) / count, math.log(count), *unsure]


@dataclass(frozen=True)
class CalibrationCurve:
    """From a probability as the network says it to how often that is right.

    Attributes:
        temperature: Divides the logit (Guo et al., On Calibration of Modern Neural Networks, 2017).
        knots: Points (said, right), both rising, joined by straight lines, as isotonic regression gives them; used
            in place of the temperature where there are any.
    """

    temperature: float = 1.0
    knots: tuple[tuple[float, float], ...] = ()

    def __call__(self, said: float) -> float:
        """Return the corrected probability."""
        if self.knots:
            return _interpolate(self.knots, said)
        if self.temperature == 1.0:
            return said
        bounded = min(max(said, _SMALLEST), 1.0 - _SMALLEST)
        return _probability(math.log(bounded / (1.0 - bounded)) / self.temperature)


@dataclass(frozen=True)
class Calibration:
    """The curves and the thresholds; those here hold where there is no calibration file.

    They were chosen on the 80 sample images of the tests with the first bundled weights, whose training smoothed the
    labels, so that hardly any probability passes 0.9. Of the tokens below 0.6, one in thirteen, 38% were wrong, and
    these were nearly half of all mistakes; of the formulas from 0.88, 22 of 24 were right, from 0.84, 11 of 25, and
    below none of 31.

    Attributes:
        formula, token: The curve of a whole formula's score, and of a single token.
        score: What the formula's curve is applied to.
        weights: Of the summary's parts, and the constant; empty for the other scores.
        sure, check: Least confidence of a formula at each mark; below `check` it is doubtful.
        sure_token: Least confidence of a token that is not marked.
    """

    formula: CalibrationCurve = field(default_factory=CalibrationCurve)
    token: CalibrationCurve = field(default_factory=CalibrationCurve)
    score: ConfidenceStatistic = ConfidenceStatistic.MEAN
    weights: tuple[float, ...] = ()
    sure: float = 0.88
    check: float = 0.84
    sure_token: float = 0.6

    def __post_init__(self) -> None:
        """Refuse thresholds in the wrong order, and weights that do not belong to the score.

        Raises:
            ValueError: A formula would be sure before it is worth a check, or weights are missing or too many.
        """
        if len(self.weights) != (SUMMARY_LENGTH + 1 if self.score is ConfidenceStatistic.SUMMARY else 0):
            raise ValueError(f"{len(self.weights)} weights do not fit the score '{self.score.value}'")
        if self.check > self.sure:
            raise ValueError("'check' is above 'sure'")

    def formula_confidence(self, log_probabilities: Sequence[float]) -> float:
        """Return how probably a formula is right, from the log-probabilities of its tokens and of its end."""
        if not log_probabilities:
            return 0.0
        if self.score is ConfidenceStatistic.SUMMARY:
            *weights, constant = self.weights
            parts = zip(weights, summary_of(log_probabilities), strict=True)
            return self.formula(_probability(constant + math.fsum(one * part for one, part in parts)))
        total = math.fsum(log_probabilities)
        log_score = {
            ConfidenceStatistic.MEAN: total / len(log_probabilities),
            ConfidenceStatistic.PRODUCT: total,
            ConfidenceStatistic.LEAST: min(log_probabilities),
        }[self.score]
        return self.formula(math.exp(log_score))

    def token_confidence(self, log_probability: float) -> float:
        """Return how probably a token is right."""
        return self.token(math.exp(log_probability))

    def confidence_level(self, confidence: float) -> ConfidenceLevel:
        """Return the mark of a formula of this confidence."""
        if confidence >= self.sure:
            return ConfidenceLevel.SURE
        return ConfidenceLevel.CHECK if confidence >= self.check else ConfidenceLevel.DOUBTFUL


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(min(-log_odds, 700.0)))  # beyond 700 is no float


UNCALIBRATED = Calibration()


def load_calibration(path: Path) -> Calibration:
    """Read a calibration file; where there is none, return the thresholds for bare probabilities.

    The file is one JSON object; every part may be left out::

        {
            "formula": {"score": "mean", "temperature": 1.6},
            "token": {"knots": [[0.0, 0.0], [0.9, 0.6], [1.0, 0.99]]},
            "thresholds": {"sure": 0.95, "check": 0.7, "token": 0.8},
        }

    `score` is "mean", "product", "least", or "summary" with its "weights"; a curve has a "temperature" or "knots".
    Other keys, such as a remark on what was measured, are passed over.

    Raises:
        CalibrationError: The file cannot be read, or means nothing.
    """
    if not path.is_file():
        return UNCALIBRATED
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        formula, token, thresholds = (_part(content, name) for name in ("formula", "token", "thresholds"))
        return Calibration(
            formula=_curve(formula),
            token=_curve(token),
            score=ConfidenceStatistic(formula.get("score", ConfidenceStatistic.MEAN.value)),
            weights=tuple(_finite(one) for one in formula.get("weights", ())),
            sure=_share(thresholds.get("sure", UNCALIBRATED.sure)),
            check=_share(thresholds.get("check", UNCALIBRATED.check)),
            sure_token=_share(thresholds.get("token", UNCALIBRATED.sure_token)),
        )
    except (OSError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise CalibrationError(f"The calibration {path} cannot be used: {error}.") from error


def _part(content: object, name: str) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise TypeError("it is no JSON object")
    part = content.get(name, {})
    if not isinstance(part, dict):
        raise TypeError(f"'{name}' is no JSON object")
    return part


def _curve(part: Mapping[str, Any]) -> CalibrationCurve:
    temperature = float(part.get("temperature", 1.0))
    if not (temperature > 0 and math.isfinite(temperature)):
        raise ValueError(f"the temperature {temperature} is not above 0")
    knots = tuple((_share(said), _share(right)) for said, right in part.get("knots", ()))
    for (said, right), (next_said, next_right) in pairwise(knots):
        if next_said <= said or next_right < right:
            raise ValueError("the knots do not rise")
    return CalibrationCurve(temperature, knots)


def _finite(value: object) -> float:
    number = float(value)  # type: ignore[arg-type]  # anything else is a TypeError or ValueError
    if not math.isfinite(number):
        raise ValueError(f"{value} is no number")
    return number


def _share(value: object) -> float:
    share = _finite(value)
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"{value} does not lie between 0 and 1")
    return share


def _interpolate(knots: Sequence[tuple[float, float]], said: float) -> float:
    if said <= knots[0][0]:
        return knots[0][1]
    for (left, low), (right, high) in pairwise(knots):
        if said <= right:
            return low + (high - low) * (said - left) / (right - left)
    return knots[-1][1]
