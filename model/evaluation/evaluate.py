"""Command: weights and evaluation sets -> the table of figures beside their targets, the commonest errors, examples.

    python -m model.evaluation.evaluate resources/weights.safetensors resources/vocabulary.json build/evaluation/sets

The images are read by the very recogniser that ships, from the transform on; all figures are over canonical tokens.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from model.commands import says_errors
from model.data_preparation.font_setups import HELD_OUT_FONTS
from model.decoding.decoded_formula import with_beam
from model.evaluation.accuracy_table import Row, as_markdown, make_table
from model.evaluation.error_classes import ErrorClass, classify
from model.evaluation.evaluator import EvaluatedSet, evaluate_sets, save_sets, time_one_by_one
from model.evaluation.example_sheet import choose_examples, draw_sheet
from model.evaluation.image_set import ImageSet, ImageSetError, read_set
from model.evaluation.set_names import TEX_SET
from model.recognition.recogniser import Recogniser, RecogniserError
from model.vocabulary import VocabularyError
from model.weights_file import CheckpointError

_LARGEST_CLASSES = 3

BEGIN: Final = "<!-- Written by `make evaluate`; what stands between these marks is replaced. -->"
END: Final = "<!-- End of what `make evaluate` writes. -->"
"""Marks of the one section of a document that this command writes; what people wrote round it stays."""


class DocumentError(ValueError):
    """The document can't take the section; the message is one plain sentence."""


@dataclass(frozen=True)
class AccuracyReport:
    """What `evaluate` found.

    Attributes:
        weights_hash: The first 16 digits of the SHA-256 of the weights.
        decoding: How it was decoded.
        machine: What it ran on.
        command: How to run it again.
        images, seconds: How many images were read, and how long it took.
        timed: Name of the images that were also read one at a time, and the milliseconds of each.
        rows: The table.
        errors: All classes of error, the commonest first, in the TeX sets and in all others.
        dropped: For each set what its typesetter refused.
    """

    weights_hash: str
    decoding: str
    machine: str
    command: str
    images: int
    seconds: float
    timed: tuple[str, list[float]]
    rows: list[Row]
    errors: dict[str, list[ErrorClass]]
    dropped: dict[str, dict[str, int]]

    def markdown(self) -> str:
        """Write the report in Markdown."""
        each = 1000 * self.seconds / max(self.images, 1)
        lines = [
            (
                f"Weights {self.weights_hash}, {self.decoding}; {self.images:,} images in {self.seconds:.0f} s "
                f"({each:.0f} ms each, in batches); {self.machine}."
            ),
            (
                f"One at a time, as a snip is read ({len(self.timed[1])} images of {self.timed[0]}): median "
                f"{np.median(self.timed[1]):.0f} ms, 95th percentile {np.percentile(self.timed[1], 95):.0f} ms."
            ),
            "",
            f"    {self.command}",
            "",
            "A figure short of its target, which stands behind it, is bold. Points lost are of exact match, over the",
            "same formulas: screens and fonts against TeX, scales and degradations against scale 1.",
            "",
            as_markdown(self.rows),
            "",
        ]
        for sets, errors in self.errors.items():
            lines += [
                f"The {_LARGEST_CLASSES} largest classes of error in {sets}; an image may hold several:",
                "",
                "| class | images | faults | commonest: set → read |",
                "|---|---:|---:|---|",
                *(_error_line(error) for error in errors[:_LARGEST_CLASSES]),
                "",
            ]
        dropped = [
            f"- {name}: {', '.join(f'{count} ({reason})' for reason, count in reasons.items())}"
            for name, reasons in self.dropped.items()
            if reasons
        ]
        if dropped:
            lines += ["Formulas that a set lacks, because its typesetter does not take them:", "", *dropped]
        return "\n".join(lines).rstrip()


def find_sets(folder: Path, only: Sequence[str] = ()) -> list[ImageSet]:
    """Read the list of every set in a folder, by name.

    Args:
        folder: Of the sets.
        only: Beginnings of the names of the sets to read; all of them when empty.

    Raises:
        ImageSetError: There is none.
    """
    places = sorted(path.parent for path in folder.glob("*/set.json"))
    sets = [read_set(place) for place in places if not only or place.name.startswith(tuple(only))]
    if not sets:
        raise ImageSetError(f"There are no evaluation sets in {folder}; `make evaluate` makes them.")
    return sets


def make_report(
    read: Mapping[str, EvaluatedSet], *, timed: tuple[str, list[float]], weights: Path, decoding: str, device: str,
    command: str,
    fonts_left_out_of_training: Sequence[str] = tuple(HELD_OUT_FONTS),
) -> AccuracyReport:  # fmt: skip
    """Put together what was read."""
    return AccuracyReport(
        weights_hash=hashlib.sha256(weights.read_bytes()).hexdigest()[:16],
        decoding=decoding,
        machine=_machine(device),
        command=command,
        images=sum(len(one.formulas) for one in read.values()),
        seconds=round(sum(one.seconds for one in read.values()), 1),
        timed=timed,
        rows=make_table(read, fonts_left_out_of_training=fonts_left_out_of_training),
        errors=_classes_of_errors(read),
        dropped={name: one.dropped for name, one in read.items()},
    )


@says_errors(RecogniserError, CheckpointError, VocabularyError, ImageSetError, DocumentError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    options = _parse(arguments)
    sets = find_sets(options.folder, options.only)
    recogniser = Recogniser.load(options.weights, options.vocabulary, device=options.device)
    read = evaluate_sets(recogniser, sets, options=with_beam(options.beam))
    screens = [one for one in sets if one.name.startswith("screen-")]
    report = make_report(
        read,
        timed=("the screens" if screens else "all sets", time_one_by_one(recogniser, screens or sets)),
        weights=options.weights,
        decoding=str(with_beam(options.beam)),
        device=str(recogniser.device),
        command=options.command or _command(arguments),
        fonts_left_out_of_training=options.fonts_left_out_of_training,
    )
    _write(options, report, read)
    print(report.markdown())
    return 0


def _write(options: argparse.Namespace, report: AccuracyReport, read: Mapping[str, EvaluatedSet]) -> None:
    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "report.json").write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")
        save_sets(read, options.out / "readings.json")
    if options.sheet is not None:
        draw_sheet(choose_examples(read.values()), options.folder, options.sheet)
    if options.document is not None:
        write_section(options.document, report.markdown())


def write_section(path: Path, text: str) -> None:
    """Replace the section between the marks of a document.

    Raises:
        DocumentError: The document is missing, or lacks the marks.
    """
    try:
        document = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DocumentError(f"{path} can't be read: {error}.") from error
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise DocumentError(f"{path} lacks the marks between which the report goes: {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def _classes_of_errors(read: Mapping[str, EvaluatedSet]) -> dict[str, list[ErrorClass]]:
    """Class the errors of the TeX sets, each of whose formulas is read once, apart from those of all other sets."""
    kinds = {
        "the TeX sets": [one for name, one in read.items() if name.startswith(TEX_SET)],
        "all other sets": [one for name, one in read.items() if not name.startswith(TEX_SET)],
    }
    return {kind: classify(reading for one in sets for reading in one.formulas) for kind, sets in kinds.items() if sets}


def _error_line(error: ErrorClass) -> str:
    examples = "; ".join(
        f"`{gone or 'nothing'}` → `{come or 'nothing'}` ({times})" for gone, come, times in error.examples[:3]
    )
    return f"| {error.name} | {error.formulas} | {error.faults} | {examples.replace('|', chr(92) + '|')} |"


def _machine(device: str) -> str:
    """Name what computes: the processor and how many of its cores, or another device."""
    name = platform.processor() or platform.machine()
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        models = [line for line in facts.read_text(encoding="utf-8").splitlines() if line.startswith("model name")]
        name = models[0].partition(":")[2].strip() if models else name
    return f"{os.cpu_count()} cores of {name}{'' if device == 'cpu' else f', {device}'}"


def _command(arguments: Sequence[str] | None) -> str:
    given = sys.argv[1:] if arguments is None else arguments
    return f"python -m model.evaluation.evaluate {shlex.join(given)}"


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="evaluate", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("weights", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("folder", type=Path, metavar="SETS_FOLDER", help="made by model.evaluation.make_sets")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="beginnings of the names of sets to read")
    parser.add_argument("--beam", type=int, help="hypotheses of beam search; 1 is quickest")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write report.json and readings.json there")
    parser.add_argument("--document", type=Path, metavar="FILE", help="put the report into its section of this file")
    parser.add_argument("--sheet", type=Path, metavar="PNG", help="draw examples there, right and wrong")
    parser.add_argument("--command", metavar="TEXT", help="the command that the report names")
    parser.add_argument(
        "--fonts-left-out-of-training",
        type=lambda text: tuple(text.split(",")),
        default=tuple(HELD_OUT_FONTS),
        metavar="NAME,...",
        help="font set-ups that these weights were not trained on (%(default)s)",
    )
    options = parser.parse_args(arguments)
    if options.beam is not None and options.beam < 1:
        parser.error("--beam is a number from 1 up")
    return options


if __name__ == "__main__":
    sys.exit(main())
