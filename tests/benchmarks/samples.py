"""The sample images of the tests, and the formulas in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from model.latex import normalise

SAMPLES = Path(__file__).parents[1] / "model" / "recognition" / "samples"


@dataclass(frozen=True)
class Sample:
    """One image.

    Attributes:
        path: The image.
        tokens: Canonical tokens of the formula in it.
        kind: Name of the set of samples it belongs to; those of "im2latex_val" lie at even steps of that set's lengths.
    """

    path: Path
    tokens: list[str]
    kind: str


def read_samples(folder: Path = SAMPLES) -> list[Sample]:
    """Read the list of sample images; their formulas are normalised here, as the canonical form is today's."""
    lines = (folder / "formulas.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [Sample(folder / record["file"], normalise(record["latex"]), record["set"]) for record in records]
