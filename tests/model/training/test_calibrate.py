"""Confidence: its scores are what they are called, and a calibration makes an overconfident network honest."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from model.recognition.calibration import ConfidenceLevel, load_calibration
from model.training.calibrate import CalibrationData, calibrate, fit_isotonic, fit_temperature, main
from model.training.confidence_metrics import auroc, calibration_error, score_confidence, threshold_for_precision

RESOURCES = Path(__file__).parents[3] / "resources"


def overconfident(count: int, seed: int) -> CalibrationData:
    """CalibrationData whose product says p and which are right with p squared, tokens alike."""
    generator = np.random.default_rng(seed)
    said = generator.uniform(0.05, 0.999, size=count)
    token_said = generator.uniform(0.3, 0.999, size=5 * count)
    return CalibrationData(
        token_ids=[[5, 2]] * count,
        log_probabilities=[[float(np.log(one)) / 2] * 2 for one in said],
        rights=generator.random(count) < said**2,
        token_confidences=token_said,
        token_rights=generator.random(5 * count) < token_said**2,
    )


def test_scores_of_known_answers() -> None:
    """AUROC, calibration error, accuracy and F1 by hand."""
    confidences, rights = np.array([0.9, 0.8, 0.3, 0.2]), np.array([True, False, True, False])
    assert auroc(confidences, rights) == 0.75
    assert auroc(np.array([0.5, 0.5]), np.array([True, False])) == 0.5
    assert calibration_error(confidences, rights) == pytest.approx((0.1 + 0.8 + 0.7 + 0.2) / 4)
    scores = score_confidence(confidences, rights)
    assert (scores.accuracy, scores.f_score) == (0.5, 0.5)


def test_a_threshold_keeps_its_precision() -> None:
    """The sure ones are the most that keep the promise; equal confidences stand or fall together."""
    confidences = np.array([0.9, 0.8, 0.8, 0.7, 0.6])
    rights = np.array([True, True, False, True, True])
    assert threshold_for_precision(confidences, rights, 0.8) == 0.6
    assert threshold_for_precision(confidences, rights, 0.9) == 0.9
    assert threshold_for_precision(confidences, ~rights, 1.0) == 1.0


def test_calibrated_confidence_means_what_it_says(tmp_path: Path) -> None:
    """Fitted on some formulas, it holds on others: in error, in the promise of "sure", and through the file."""
    fit, test = overconfident(4_000, 1), overconfident(4_000, 2)
    content, report = calibrate(fit, test)
    assert content["measured"]["formula"]["calibration_error"] < 0.03
    assert content["measured"]["token"]["calibration_error"] < 0.03
    assert content["measured"]["sure_right"] > 0.95
    assert "(chosen)" in report
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    calibration = load_calibration(path)
    confidences = [calibration.formula_confidence(one) for one in test.log_probabilities]
    assert calibration_error(np.array(confidences), test.rights) < 0.03
    assert calibration.confidence_level(calibration.formula_confidence([-0.0001, -0.0001])) is ConfidenceLevel.SURE
    assert calibration.confidence_level(calibration.formula_confidence([-1.0, -1.0])) is ConfidenceLevel.DOUBTFUL


def test_both_curves_correct_overconfidence() -> None:
    """What was said with 0.6 and right in a third of the cases comes out near a third."""
    readings = overconfident(6_000, 3)
    said = np.exp([sum(one) for one in readings.log_probabilities])
    assert fit_isotonic(said, readings.rights)(0.6) == pytest.approx(0.36, abs=0.06)
    assert fit_temperature(said, readings.rights)(0.6) < 0.6


def test_the_command_writes_a_calibration(
    few_digits_folder: Path, digits_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From weights and packed images to the file that the app reads."""
    out = tmp_path / "calibration.json"
    files = [str(RESOURCES / "weights.safetensors"), str(RESOURCES / "vocabulary.json")]
    folders = ["--fit", str(digits_folder), str(few_digits_folder), "--test", str(few_digits_folder)]
    assert main([*files, *folders, "--limit", "60", "--out", str(out)]) == 0
    assert "Fitted on 72 formulas, measured on 12 others" in capsys.readouterr().out
    assert load_calibration(out).formula.temperature > 0


def test_a_folder_without_images_is_one_sentence(
    tmp_path: Path, few_digits_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(RESOURCES / "weights.safetensors"), str(RESOURCES / "vocabulary.json")]
    sets = ["--fit", str(tmp_path), "--test", str(few_digits_folder), "--out", str(tmp_path / "out.json")]
    assert main([*files, *sets]) == 1
    assert capsys.readouterr().err.startswith("calibrate: There are no packed images in")
