"""Helpers of the tests of decoding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from model.decoding.decoded_formula import DecodedFormula
from model.engines.graph_engine import GraphEngine
from model.engines.interface import IntArray, StepOutput


def assert_same(first: list[DecodedFormula], second: list[DecodedFormula]) -> None:
    assert [formula.tokens for formula in first] == [formula.tokens for formula in second]
    assert [formula.stop_reason for formula in first] == [formula.stop_reason for formula in second]
    for one, other in zip(first, second, strict=True):
        assert one.token_log_probabilities == pytest.approx(other.token_log_probabilities, abs=1e-3)


def with_unclear_ones(images: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Add the mean of each image and its neighbour, in which two formulas lie over each other."""
    return [*images, *(laid_over(images, row, 1) for row in range(len(images)))]


def laid_over(images: Sequence[np.ndarray], row: int, shift: int) -> np.ndarray:
    """Return the mean of an image and another one, in the size of the first."""
    first, other = images[row], images[(row - shift) % len(images)]
    height, width = (min(sizes) for sizes in zip(first.shape, other.shape, strict=True))
    mixed = first / 2
    mixed[:height, :width] += other[:height, :width] / 2
    return mixed


def count_steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that holds, from now on, how many tokens each step showed to the decoder."""
    extend = GraphEngine.extend
    steps: list[int] = []

    def counted(engine: GraphEngine, tokens: IntArray, *args: Any, **kwargs: Any) -> StepOutput:
        steps.append(tokens.shape[1])
        return extend(engine, tokens, *args, **kwargs)

    monkeypatch.setattr(GraphEngine, "extend", counted)
    return steps
