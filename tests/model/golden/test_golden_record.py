"""What the bundled weights read must stay what it is, token for token, however the code that reads it changes."""

from __future__ import annotations

import json
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

FEW = 3
"""Of the 400 readings, those that may differ where weights are integers: on one processor none does, on another the
integers have a bit less."""


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    """The record, which must be of the bundled weights."""
    written: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    assert written.pop("weights") == weights_digest(), "python -m tests.model.golden.record records other weights"
    return written


def differences(readings: Readings, record: Readings, rounding: float) -> list[str]:
    """Return the formulas that are not as they were, or not as probable."""
    assert readings.keys() == record.keys()
    return [
        f"{name}: {tokens} became {actual}"
        for name, expected in record.items()
        for (actual, now), (tokens, before) in zip(readings[name], expected, strict=True)
        if actual != tokens or now != pytest.approx(before, abs=rounding)
    ]


def test_pytorch_reads_the_samples_as_they_were_read(record: Readings) -> None:
    assert differences(read_samples(reference_recogniser()), record, ROUNDING) == []


def test_onnx_runtime_reads_the_samples_as_they_were_read(record: Readings) -> None:
    recogniser = Recogniser.load(WEIGHTS, VOCABULARY, device="cpu")
    recogniser.layout_finder = None  # the record is of the network, which reads each sample as one
    assert len(differences(read_samples(recogniser), record, QUANTISED)) <= FEW
