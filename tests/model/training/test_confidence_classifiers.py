"""The classifiers that plain scores are compared with must be real rivals: they learn what no plain score can know."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

from model.training.confidence_classifiers import CLASSIFIERS, TokenSequences, judge
from model.training.confidence_metrics import auroc, calibration_error

DECEITFUL = 7
"""A token that is wrong whenever it is not quite certain; all others may be as uncertain as they like."""


def deceived(count: int, seed: int) -> tuple[TokenSequences, np.ndarray]:
    """Formulas of 3 to 12 tokens, each token with a random probability, that are right unless `DECEITFUL` is unsure."""
    generator = np.random.default_rng(seed)
    token_ids, said, rights = [], [], []
    for length in generator.integers(3, 13, count):
        ids = generator.integers(4, 12, length)
        probabilities = generator.uniform(0.5, 1.0, length)
        token_ids.append(ids.tolist())
        said.append(np.log(probabilities).tolist())
        rights.append(not bool(((ids == DECEITFUL) & (probabilities < 0.8)).any()))
    return TokenSequences.of(token_ids, said), np.array(rights)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_classifier_learns_which_tokens_to_doubt(name: str) -> None:
    make: Callable[[int], nn.Module] = CLASSIFIERS[name]
    (fit, rights), (test, truth) = deceived(1500, 1), deceived(600, 2)
    judged = judge(make, fit, rights, test)
    plain = test.log_probabilities.masked_fill(~test.mask, 0.0).min(1).values.numpy()
    assert auroc(judged, truth) > auroc(plain, truth) + 0.05
    assert calibration_error(judged, truth) < 0.1
    assert judged.min() >= 0.0
    assert judged.max() <= 1.0


def test_padding_changes_nothing() -> None:
    # Formulas are judged in batches of unequal lengths.
    sequences, _ = deceived(20, 3)
    for make in CLASSIFIERS.values():
        torch.manual_seed(0)
        network = make(12).eval()
        together = network(sequences)
        alone = torch.cat([network(sequences[torch.tensor([row])]) for row in range(len(sequences))])
        assert torch.allclose(together, alone, atol=1e-5)
