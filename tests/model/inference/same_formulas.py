"""Helpers of the tests of decoding."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from model.inference.decoding import DecodedFormula
from model.networks.decoder import Decoder


def assert_same(first: list[DecodedFormula], second: list[DecodedFormula]) -> None:
    assert [formula.tokens for formula in first] == [formula.tokens for formula in second]
    assert [formula.ending for formula in first] == [formula.ending for formula in second]
    for one, other in zip(first, second, strict=True):
        assert one.token_log_probabilities == pytest.approx(other.token_log_probabilities, abs=1e-3)


def with_unclear_ones(images: Tensor, sizes: Tensor) -> tuple[Tensor, Tensor]:
    """Add the mean of each image and its neighbour, in which two formulas lie over each other."""
    return torch.cat([images, (images + images.roll(1, dims=0)) / 2]), sizes.repeat(2, 1)


def count_steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that holds, from now on, how many tokens each step showed to the decoder."""
    advance = Decoder.advance
    steps: list[int] = []

    def counted(decoder: Decoder, token_ids: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        steps.append(token_ids.shape[1])
        return advance(decoder, token_ids, *args, **kwargs)

    monkeypatch.setattr(Decoder, "advance", counted)
    return steps
