"""What the bundled weights read must stay what it is, token for token, however the code that reads it changes."""

from __future__ import annotations

import json

import pytest

from model.inference.recogniser import Recogniser
from tests.model.golden.record import RECORD, VOCABULARY, WEIGHTS, read_samples, weights_digest

ROUNDING = 1e-3  # of a log-probability: the order of additions differs between processors


def test_samples_are_read_as_they_were() -> None:
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    assert record.pop("weights") == weights_digest(), "python -m tests.model.golden.record records other weights"
    readings = read_samples(Recogniser.load(WEIGHTS, VOCABULARY, device="cpu"))
    assert readings.keys() == record.keys()
    for name, expected in record.items():
        assert [tokens for tokens, _ in readings[name]] == [tokens for tokens, _ in expected], name
        for (_, actual), (tokens, log_probabilities) in zip(readings[name], expected, strict=True):
            assert actual == pytest.approx(log_probabilities, abs=ROUNDING), f"{name}: {tokens}"
