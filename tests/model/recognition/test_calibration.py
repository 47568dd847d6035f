"""What a confidence means: the marks, the corrections measured for the weights, and files that mean nothing."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from model.recognition.calibration import (
    SUMMARY_LENGTH,
    UNCALIBRATED,
    CalibrationCurve,
    CalibrationError,
    ConfidenceLevel,
    ConfidenceStatistic,
    load_calibration,
    summary_of,
)


def written(folder: Path, content: object) -> Path:
    path = folder / "calibration.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_without_a_file_probabilities_are_taken_as_they_are(tmp_path: Path) -> None:
    calibration = load_calibration(tmp_path / "calibration.json")
    assert calibration is UNCALIBRATED
    assert calibration.token_confidence(math.log(0.4)) == pytest.approx(0.4)
    # the geometric mean: a long formula is not doubtful for its length
    assert calibration.formula_confidence([math.log(0.9)] * 50) == pytest.approx(0.9)


def test_file_sets_curves_and_thresholds(tmp_path: Path) -> None:
    content = {
        "formula": {"score": "product", "temperature": 2.0},
        "token": {"knots": [[0.0, 0.0], [0.8, 0.4], [1.0, 1.0]]},
        "thresholds": {"sure": 0.7, "check": 0.5, "token": 0.3},
        "measured on": "a remark",
    }
    calibration = load_calibration(written(tmp_path, content))
    assert calibration.score is ConfidenceStatistic.PRODUCT
    # The logit of 0.8 is ln 4; half of it is the logit of 2/3.
    assert calibration.formula_confidence([math.log(0.8), 0.0]) == pytest.approx(2 / 3)
    assert calibration.token_confidence(math.log(0.4)) == pytest.approx(0.2)
    assert calibration.token_confidence(math.log(0.9)) == pytest.approx(0.7)
    assert [calibration.confidence_level(one) for one in (0.7, 0.69, 0.5, 0.49)] == [
        ConfidenceLevel.SURE,
        ConfidenceLevel.CHECK,
        ConfidenceLevel.CHECK,
        ConfidenceLevel.DOUBTFUL,
    ]
    assert calibration.sure_token == 0.3


def test_temperature_never_turns_the_order_round() -> None:
    # A surer token stays the surer one, at both ends too.
    curve = CalibrationCurve(temperature=3.0)
    corrected = [curve(one / 100) for one in range(101)]
    assert corrected == sorted(corrected)
    assert 0.0 <= corrected[0] < corrected[-1] <= 1.0


def test_weakest_token_can_stand_for_the_formula(tmp_path: Path) -> None:
    calibration = load_calibration(written(tmp_path, {"formula": {"score": "least"}}))
    assert calibration.formula_confidence([math.log(0.9), math.log(0.2), 0.0]) == pytest.approx(0.2)


def test_summary_weighs_what_speaks_for_a_formula(tmp_path: Path) -> None:
    # Only the least certain token counts here, so its log-odds come back as the probability they stand for.
    weights = [1.0, *[0.0] * (SUMMARY_LENGTH - 1), 0.0]
    calibration = load_calibration(written(tmp_path, {"formula": {"score": "summary", "weights": weights}}))
    assert calibration.formula_confidence([math.log(0.9), math.log(0.3)]) == pytest.approx(0.3)
    # A second doubtful token, more of them, and a lower mean each leave a mark; one token alone is no trouble.
    certain, doubtful = summary_of([math.log(0.99)]), summary_of([math.log(0.6), math.log(0.4), math.log(0.2)])
    assert len(certain) == len(doubtful) == SUMMARY_LENGTH
    assert certain[1:3] == [6.0, 6.0]
    assert doubtful[:3] == pytest.approx([math.log(0.25), math.log(2 / 3), math.log(1.5)])
    assert doubtful[-3:] == pytest.approx([math.log(3), math.log(4), math.log(4)])
    assert calibration.formula_confidence([-400.0]) >= 0.0


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        [],
        {"formula": []},
        {"formula": {"score": "median"}},
        {"formula": {"score": "summary"}},
        {"formula": {"score": "summary", "weights": [1.0, 2.0]}},
        {"formula": {"score": "least", "weights": [1.0]}},
        {"token": {"temperature": 0}},
        {"token": {"knots": [[0.5, 0.4], [0.4, 0.5]]}},
        {"token": {"knots": [[0.5]]}},
        {"thresholds": {"sure": 1.2}},
        {"thresholds": {"sure": 0.5, "check": 0.6}},
    ],
)
def test_file_that_means_nothing_is_refused_in_one_sentence(tmp_path: Path, content: object) -> None:
    # A threshold of 1.2 would silently mark everything as doubtful.
    with pytest.raises(CalibrationError, match=r"calibration\.json cannot be used: .*\.$"):
        load_calibration(written(tmp_path, content))
