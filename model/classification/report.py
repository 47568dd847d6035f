"""What a comparison of classifiers found, as JSON, as Markdown and as curves."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from model.classification.classifiers import CLASSIFIERS, INITIALISATIONS
from model.classification.fit import Choice, Fit

USUAL = Choice("")
"""The switches from which one at a time is changed."""


@dataclass(frozen=True)
class Comparison:
    """What was compared, and what became of it.

    Attributes:
        lines: Of each split: train, validation and test.
        left_out: Lines that stand in both lists or twice in one.
        chance: Accuracy of always saying the more frequent list.
        kinds: Tokens of the vocabulary.
        epochs: The most that were trained.
        fits: One for each choice.
    """

    lines: dict[str, int]
    left_out: int
    chance: float
    kinds: int
    epochs: int
    fits: tuple[Fit, ...]

    def save(self, path: Path) -> None:
        """Write all of it as JSON, whole or not at all."""
        stored = {**vars(self), "fits": [one.stored() for one in self.fits]}
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(stored, indent=1), encoding="utf-8")
        partial.replace(path)

    @classmethod
    def load(cls, path: Path) -> Comparison:
        """Read what `save` wrote."""
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**stored, "fits": tuple(Fit.of(one) for one in stored["fits"])})

    def of(self, classifier: str, **switches: Any) -> Fit | None:
        """Return the fit of a classifier with the usual switches but for those given; None if it was not trained."""
        wanted = Choice(**{**vars(USUAL), "classifier": classifier, **switches})
        return next((one for one in self.fits if one.choice == wanted), None)


def choices() -> list[Choice]:
    """Return what is trained: each classifier as usual, and with each switch the other way, one at a time."""
    others: list[dict[str, Any]] = [{}]
    others += [{"initialisation": name} for name in INITIALISATIONS if name != USUAL.initialisation]
    others += [{"dropout": 0.0}, {"stops_early": False}, {"dropout": 0.0, "stops_early": False}]
    return [Choice(name, **switches) for name in CLASSIFIERS for switches in others]


def markdown(comparison: Comparison, curves: str) -> list[str]:
    """Return tables, curves and what they say, as the lines of a section without a title.

    Args:
        comparison: What was found.
        curves: Name of the image beside the document.
    """
    lines = comparison.lines
    error = 0.5 / math.sqrt(lines["test"])
    sizes = f"{lines['train']:,} lines are trained on, {lines['validation']:,} validate, {lines['test']:,} test"
    return [
        f"{sizes}; the vocabulary has {comparison.kinds:,} tokens.",
        f"Always naming the same list is right in {comparison.chance:.3f}. An accuracy has a standard error of",
        f"up to {error:.3f}; each row is one run. The F-score is the mean of both lists'.",
        "",
        *_table(comparison),
        "",
        f"![Losses over epochs]({curves})",
        "",
        *_judgement(comparison),
    ]


def _table(comparison: Comparison) -> list[str]:
    columns = (
        "classifier", "first weights", "dropout", "stopping", "epochs (kept)", "accuracy", "F-score",
        "accuracy on trained lines", "parameters", "s",
    )  # fmt: skip
    rows = ["| " + " | ".join(columns) + " |", "|---|---|---:|---|---:|---:|---:|---:|---:|---:|"]
    for one in comparison.fits:
        choice = one.choice
        cells = (
            choice.classifier,
            choice.initialisation,
            f"{choice.dropout:g}",
            choice.stopping,
            f"{len(one.epochs)} ({one.kept_epoch})",
            f"{one.accuracy:.3f}",
            f"{one.f_score:.3f}",
            f"{one.training_accuracy:.3f}",
            f"{one.parameters / 1e3:,.0f} k",
            f"{one.seconds:.0f}",
        )
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def _judgement(comparison: Comparison) -> list[str]:
    """Return in words what the table says; each sentence holds whatever the figures are."""
    best = max(comparison.fits, key=lambda one: one.accuracy)
    how = f"{best.choice.initialisation}, dropout {best.choice.dropout:g}, {best.choice.stopping}"
    said = [f"- **{best.choice.classifier}** is right most often: {best.accuracy:.3f} ({how})."]
    for name in INITIALISATIONS:
        if name != USUAL.initialisation:
            said += _change(comparison, f"First weights {name} instead of {USUAL.initialisation}", initialisation=name)
    said += _change(comparison, f"No dropout instead of {USUAL.dropout:g}", dropout=0.0)
    said += _change(comparison, "Fixed epochs instead of early stopping", stops_early=False)
    said += _change(comparison, "No dropout and fixed epochs", dropout=0.0, stops_early=False)
    fitted = [one for one in comparison.fits if not one.choice.stops_early and not one.choice.dropout]
    for one in fitted:
        losses = [epoch.validation_loss for epoch in one.epochs]
        lowest = losses.index(min(losses))
        ends = f"ends at {losses[-1]:.3f}, while on trained lines it falls to {one.epochs[-1].training_loss:.3f}"
        said.append(
            f"- {one.choice.classifier} without dropout: the validation loss is lowest, {losses[lowest]:.3f}, after"
            f" epoch {lowest + 1} and {ends}."
        )
    return said


def _change(comparison: Comparison, what: str, **switches: Any) -> list[str]:
    """Return a sentence on what a switch changes, the mean over the classifiers and the range."""
    pairs = [(comparison.of(name), comparison.of(name, **switches)) for name in CLASSIFIERS]
    changes = [other.accuracy - usual.accuracy for usual, other in pairs if usual is not None and other is not None]
    if not changes:
        return []
    mean = sum(changes) / len(changes)
    return [f"- {what}: accuracy {mean:+.3f} in the mean, {min(changes):+.3f} to {max(changes):+.3f}."]


def draw_curves(path: Path, comparison: Comparison) -> None:
    """Draw the losses of each classifier over its epochs, with and without dropout, trained for all epochs."""
    names = [name for name in CLASSIFIERS if comparison.of(name, stops_early=False) is not None]
    figure = Figure(figsize=(3.2 * max(len(names), 1), 3.4), layout="constrained")
    for place, name in enumerate(names, start=1):
        axes = figure.add_subplot(1, len(names), place)
        for dropout, colour in ((USUAL.dropout, "tab:blue"), (0.0, "tab:red")):
            one = comparison.of(name, dropout=dropout, stops_early=False)
            if one is not None:
                _draw(axes, one, f"dropout {dropout:g}", colour)
        axes.set_title(name, fontsize=10)
        axes.set_xlabel("epoch")
        axes.grid(alpha=0.3)
        if place == 1:
            axes.set_ylabel("loss")
            axes.legend(fontsize=7)
    FigureCanvasAgg(figure).print_figure(path, dpi=100)


def _draw(axes: Any, one: Fit, label: str, colour: str) -> None:
    epochs = range(1, len(one.epochs) + 1)
    validation: Sequence[float] = [epoch.validation_loss for epoch in one.epochs]
    training: Sequence[float] = [epoch.training_loss for epoch in one.epochs]
    axes.plot(epochs, validation, color=colour, marker=".", label=f"validation, {label}")
    axes.plot(epochs, training, color=colour, linestyle=":", label=f"trained lines, {label}")
