"""Trains one classifier with one choice of switches, and measures it."""

from __future__ import annotations

import copy
import math
import time
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.classification.classifiers import CLASSIFIERS, initialise
from model.classification.line_lists import Lines, LineSets
from model.training.threads import at_most_threads

_BATCH = 64
_MEASURED = 1_000
"""Lines measured at once."""

PATIENCE = 3
"""Epochs without a lower validation loss after which early stopping ends the training."""


@dataclass(frozen=True)
class Choice:
    """A classifier and its switches.

    Attributes:
        classifier: In `CLASSIFIERS`.
        initialisation: In `INITIALISATIONS`.
        dropout: Share of the features dropped before the last layer.
        stops_early: Whether training ends once the validation loss no longer falls, and the weights of its lowest are
            kept; otherwise all epochs are trained and the last weights are kept.
    """

    classifier: str
    initialisation: str = "Xavier"
    dropout: float = 0.5
    stops_early: bool = True

    @property
    def stopping(self) -> str:
        """How the training ends, in words."""
        return "early" if self.stops_early else "fixed epochs"


@dataclass(frozen=True)
class Epoch:
    """What a classifier does after an epoch, without dropout.

    Attributes:
        training_loss, training_accuracy: On lines that it is trained on, as many as of the validation.
        validation_loss, validation_accuracy: On the lines of the validation.
    """

    training_loss: float
    training_accuracy: float
    validation_loss: float
    validation_accuracy: float


@dataclass(frozen=True)
class Fit:
    """What became of a choice.

    Attributes:
        choice: What was trained.
        parameters: That are trained.
        seconds: Of processor time.
        kept_epoch: The epoch whose weights are measured, from 1.
        accuracy, f_score: On the test lines; the F-score is the mean of those of the two lists.
        training_accuracy: On lines that it was trained on.
        epochs: One after the other.
    """

    choice: Choice
    parameters: int
    seconds: float
    kept_epoch: int
    accuracy: float
    f_score: float
    training_accuracy: float
    epochs: tuple[Epoch, ...]

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Fit:
        """Return what `asdict` made of one."""
        epochs = tuple(Epoch(**epoch) for epoch in stored["epochs"])
        return cls(**{**stored, "choice": Choice(**stored["choice"]), "epochs": epochs})

    def stored(self) -> dict[str, Any]:
        """Return all of it as a JSON object."""
        return asdict(self)


def fit(choice: Choice, sets: LineSets, *, epochs: int, processor_seconds: float = math.inf, seed: int = 1) -> Fit:
    """Train and measure.

    Args:
        choice: What is trained.
        sets: On what.
        epochs: The most that are trained.
        processor_seconds: Of the training; the epoch that passes them is the last.
        seed: Of the first weights and the order.
    """
    generator = torch.Generator().manual_seed(seed)
    training, validation = sets.splits["train"], sets.splits["validation"]
    seen = training[torch.randperm(len(training), generator=generator)[: len(validation)]]
    started = time.process_time()
    # So small networks gain nothing from threads, and lose minutes waiting for them on a busy computer.
    with torch.random.fork_rng(), at_most_threads(1):
        torch.manual_seed(seed)
        network = CLASSIFIERS[choice.classifier](len(sets.vocabulary), choice.dropout)
        initialise(network, choice.initialisation)
        optimiser = torch.optim.Adam(network.parameters(), lr=2e-3)
        curve: list[Epoch] = []
        kept, kept_epoch = copy.deepcopy(network.state_dict()), 0
        while len(curve) < epochs and (not curve or time.process_time() - started < processor_seconds):
            _train_epoch(network, optimiser, training, generator)
            (seen_loss, seen_right), (loss, right) = (_measured(network, lines)[:2] for lines in (seen, validation))
            is_best = not curve or loss < min(epoch.validation_loss for epoch in curve)
            curve.append(Epoch(seen_loss, seen_right, loss, right))
            if is_best or not choice.stops_early:
                kept, kept_epoch = copy.deepcopy(network.state_dict()), len(curve)
            if choice.stops_early and len(curve) - kept_epoch == PATIENCE:
                break
        seconds = time.process_time() - started
        network.load_state_dict(kept)
        _, accuracy, f_score = _measured(network, sets.splits["test"])
    return Fit(
        choice,
        sum(parameter.numel() for parameter in network.parameters()),
        seconds,
        kept_epoch,
        accuracy,
        f_score,
        curve[kept_epoch - 1].training_accuracy,
        tuple(curve),
    )


def _train_epoch(network: nn.Module, optimiser: torch.optim.Adam, lines: Lines, generator: torch.Generator) -> None:
    """Go through all lines once, those of like length together."""
    network.train()
    order = torch.randperm(len(lines), generator=generator)
    order = order[torch.argsort(lines.lengths[order], stable=True)]
    batches = order.split(_BATCH)
    for number in torch.randperm(len(batches), generator=generator).tolist():
        batch = lines[batches[number]]
        optimiser.zero_grad()
        torch.autograd.backward(
            functional.binary_cross_entropy_with_logits(network(batch.token_ids, batch.lengths), batch.labels)
        )
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()


def _measured(network: nn.Module, lines: Lines) -> tuple[float, float, float]:
    """Return loss, accuracy and F-score on lines."""
    network.eval()
    with torch.inference_mode():
        parts = [lines[rows] for rows in torch.arange(len(lines)).split(_MEASURED)]
        logits = torch.cat([network(part.token_ids, part.lengths) for part in parts])
        loss = float(functional.binary_cross_entropy_with_logits(logits, lines.labels))
    guesses = logits > 0
    return loss, float((guesses == (lines.labels > 0)).float().mean()), f_score(guesses, lines.labels > 0)


def f_score(predictions: Tensor, labels: Tensor) -> float:
    """Return the mean of both lists' harmonic means of precision and recall, from booleans (lines,)."""
    scores = []
    for guessed, true in ((predictions, labels), (~predictions, ~labels)):
        hits = int((guessed & true).sum())
        scores.append(2 * hits / max(int(guessed.sum()) + int(true.sum()), 1))
    return sum(scores) / 2
