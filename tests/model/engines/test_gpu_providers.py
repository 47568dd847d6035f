"""The choice of what encodes images, on a computer that has none of the providers: real sessions stand in for them."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pytest

from model.engines.gpu_providers import OneAtATime, Session, encoder_session
from model.engines.onnx_runner import OnnxRunner
from tests.model.conftest import RecogniserFiles

AVAILABLE = ["DmlExecutionProvider", "CPUExecutionProvider"]


@pytest.fixture
def on_processor(recogniser_files: RecogniserFiles) -> Session:
    """The encoder of a small network."""
    runner = OnnxRunner(recogniser_files.weights.with_name("graphs.zip"), recogniser_files.weights)
    encoder: Session = runner.sessions["encoder"]
    return encoder


class Altered:
    """A session whose numbers are off by a share of the largest."""

    def __init__(self, session: Session, share: float) -> None:
        self._session, self._share = session, share

    def run(self, *arguments: Any) -> list[np.ndarray]:
        """Run the graph."""
        outputs = self._session.run(*arguments)
        return [one + (self._share * np.abs(one).max()).astype(one.dtype) for one in outputs]


def test_without_a_provider_nothing_is_tried(on_processor: Session) -> None:
    # Most computers: loading must not take a moment longer.
    session, name = encoder_session(on_processor, _never, ["AzureExecutionProvider", "CPUExecutionProvider"])
    assert (session, name) == (on_processor, "")


@pytest.mark.parametrize(("on_card", "expected"), [(1.0, "DirectML"), (3.0, "")])
def test_the_faster_one_encodes(on_processor: Session, on_card: float, expected: str) -> None:
    session, name = encoder_session(
        on_processor,
        lambda _: Altered(on_processor, 0.0),
        AVAILABLE,
        seconds=lambda one, _: 2.0 if one is on_processor else on_card,
    )
    assert name == expected
    assert isinstance(session, OneAtATime) == bool(expected)


def test_a_provider_that_computes_something_else_is_not_used(
    on_processor: Session, caplog: pytest.LogCaptureFixture
) -> None:
    # However fast it is: formulas would be read wrongly, and nobody would know why.
    with caplog.at_level(logging.WARNING):
        session, name = encoder_session(
            on_processor,
            lambda _: Altered(on_processor, 0.1),
            ["CoreMLExecutionProvider"],
            seconds=lambda one, _: 2.0 if one is on_processor else 1.0,
        )
    assert (session, name) == (on_processor, "")
    assert "CoreML computes something else" in caplog.text


def test_a_provider_that_fails_leaves_the_processor(on_processor: Session, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert encoder_session(on_processor, _never, AVAILABLE) == (on_processor, "")
    assert "DirectML cannot be used" in caplog.text


def _never(provider: str) -> Session:
    raise RuntimeError(f"no card for {provider}")
