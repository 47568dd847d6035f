"""What the bundled weights read must stay what it is, token for token, however the code that reads it changes."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from model.recognition.recogniser import Recogniser
from tests.model.golden.record import (
    RECORD,
    VOCABULARY,
    WEIGHTS,
    Readings,
    read_samples,
    reference_recogniser,
    weights_digest,
)

ROUNDING = 1e-3
"""Of a log-probability: the order of additions differs between processors."""

QUANTISED = 0.35
"""Of a log-probability, where weights are integers of 8 bits, or of 7 on processors whose sums would overflow."""

FEW = 5
"""Of the 80 images, those that may be read with other probabilities where weights are integers, in whatever way."""

TIE = 0.65
"""Where float32 gives a token more than this, integers must choose it too."""


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    """The record, which must be of the bundled weights."""
    written: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    assert written.pop("weights") == weights_digest(), "python -m tests.model.golden.record records other weights"
    return written


def differences(readings: Readings, record: Readings, rounding: float) -> list[tuple[int, str]]:
    """Return the formulas that are not as they were, or not as probable, each with the number of its image."""
    assert readings.keys() == record.keys()
    images = max(len(expected) for expected in record.values())
    return [
        (place * (images // len(expected)), f"{name}: {tokens} became {actual}")
        for name, expected in record.items()
        for place, ((actual, now), (tokens, before)) in enumerate(zip(readings[name], expected, strict=True))
        if actual != tokens or now != pytest.approx(before, abs=rounding)
    ]


def sure_tokens_lost(readings: Readings, record: Readings) -> list[str]:
    """Return the formulas whose first other token stands for one that was no tie."""
    lost = []
    for name, expected in record.items():
        for (actual, _), (tokens, log_probabilities) in zip(readings[name], expected, strict=True):
            pairs = zip(actual.split(" "), tokens.split(" "), log_probabilities, strict=False)
            before = next((log_probability for now, then, log_probability in pairs if now != then), -math.inf)
            if math.exp(before) > TIE:
                lost.append(f"{name}: {tokens} became {actual}")
    return lost


def test_pytorch_reads_the_samples_as_they_were_read(record: Readings) -> None:
    assert differences(read_samples(reference_recogniser()), record, ROUNDING) == []


def test_onnx_runtime_reads_the_samples_as_they_were_read(record: Readings) -> None:
    recogniser = Recogniser.load(WEIGHTS, VOCABULARY, device="cpu")
    recogniser.layout_finder = None  # the record is of the network, which reads each sample as one
    readings = read_samples(recogniser)
    assert sure_tokens_lost(readings, record) == []
    different = differences(readings, record, QUANTISED)
    assert len({image for image, _ in different}) <= FEW, different
