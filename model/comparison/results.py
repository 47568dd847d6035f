"""What became of one system, read from the files that its steps left."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from model.training.training_log import TrainingLog
from model.weights_file import read_arrays


@dataclass(frozen=True)
class Result:
    """What became of one system.

    Attributes:
        folder: Where its files are.
        parameters: That are trained.
        images_seen: In training, one as often as it came.
        steps: Of the optimiser.
        seconds_a_step: Of processor time.
        tested: Images that were read in the end.
        exact_match, edit_similarity, bleu: Of these.
        seconds_a_formula: Of processor time to read one, the median.
        peak_mebibytes: The most memory while reading; None where the system does not say.
        numbers: Of the images that were read.
        truths, readings: Their formulas, as they are and as read.
        curve: Pairs of minutes of processor time, those for a part that was trained first among them, and edit
            similarity of the validation images.
    """

    folder: Path
    parameters: int
    images_seen: int
    steps: int
    seconds_a_step: float
    tested: int
    exact_match: float
    edit_similarity: float
    bleu: float
    seconds_a_formula: float
    peak_mebibytes: float | None
    numbers: list[int]
    truths: list[list[str]]
    readings: list[list[str]]
    curve: list[tuple[float, float]]

    @property
    def exported(self) -> Path:
        """The folder of weights, vocabulary and graphs."""
        return self.folder / "exported"

    def exact_match_of(self, fewest: int, most: int) -> float | None:
        """Return the exact match of the formulas of `fewest` to `most` tokens; None where there is none."""
        pairs = zip(self.truths, self.readings, strict=True)
        right = [reading == truth for truth, reading in pairs if fewest <= len(truth) <= most]
        return sum(right) / len(right) if right else None

    @property
    def written_share(self) -> float:
        """How many tokens were written for each that there is."""
        return sum(map(len, self.readings)) / max(sum(map(len, self.truths)), 1)


def read_result(folder: Path) -> Result:
    """Read the files of a system that was measured."""
    stored = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    arrays, _ = read_arrays(folder / "exported" / "weights.safetensors")
    validations = [event for event in TrainingLog(folder / "run").read() if event["event"] == "validation"]
    last = validations[-1]
    budget = json.loads((folder / "budget.json").read_text(encoding="utf-8"))["seconds"]
    options = json.loads((folder / "run" / "options.json").read_text(encoding="utf-8"))
    before = budget - options["processor_seconds"]  # what a part was trained for, before the whole of it
    return Result(
        folder=folder,
        parameters=sum(array.size for name, array in arrays.items() if not _is_statistic(name)),
        images_seen=last["images"],
        steps=last["step"],
        seconds_a_step=last["processor_seconds"] / last["step"],
        tested=stored["images"],
        exact_match=stored["exact_match"],
        edit_similarity=stored["edit_similarity"],
        bleu=stored["bleu"],
        seconds_a_formula=stored["seconds"],
        peak_mebibytes=stored["peak_mebibytes"],
        numbers=stored["numbers"],
        truths=stored["truths"],
        readings=stored["readings"],
        curve=[((before + event["processor_seconds"]) / 60, event["edit_similarity"]) for event in validations],
    )


def _is_statistic(name: str) -> bool:
    return name.endswith(("running_mean", "running_var", "num_batches_tracked"))
