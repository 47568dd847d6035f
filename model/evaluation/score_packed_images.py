"""`python -m model.evaluation.score_packed_images`: scores a recogniser on packed images, whole and by slice.

The images are read by the very recogniser that ships, decoded as it does or with a beam; all scores are over canonical
tokens.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from model.commands import says_errors
from model.data_preparation.packed_images import PackedImagesError
from model.decoding.decoded_formula import with_beam
from model.evaluation.evaluator import EvaluatedFormula, Metrics, evaluate_packed_images, metrics_of
from model.recognition.recogniser import Recogniser, RecogniserError
from model.vocabulary import VocabularyError
from model.weights_file import CheckpointError

_LENGTHS = (10, 20, 40, 80)


@says_errors(RecogniserError, CheckpointError, VocabularyError, PackedImagesError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    options = _parse(arguments)
    decoding = with_beam(options.beam)
    recogniser = Recogniser.load(options.weights, options.vocabulary, device=options.device)
    formulas, seconds = evaluate_packed_images(recogniser, options.folders, limit=options.limit, options=decoding)
    whole, slices = metrics_of(formulas), score_slices(formulas)
    report = {
        "weights": options.weights.name,
        "vocabulary_hash": recogniser.vocabulary.hash,
        "folders": [folder.name for folder in options.folders],
        "decoding": str(decoding),
        "device": str(recogniser.device),
        "seconds": round(seconds, 3),
        "whole": asdict(whole),
        "slices": {kind: {name: asdict(one) for name, one in of_kind.items()} for kind, of_kind in slices.items()},
    }
    table = "\n".join([_heading(report), "", *_table(whole, slices)])
    print(table)
    if options.out is not None:
        options.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        options.out.with_suffix(".md").write_text(table + "\n", encoding="utf-8")
    if options.predictions is not None:
        lines = [json.dumps(asdict(formula)) + "\n" for formula in formulas]
        options.predictions.write_text("".join(lines), encoding="utf-8")
    return 0


def score_slices(formulas: Sequence[EvaluatedFormula]) -> dict[str, dict[str, Metrics]]:
    """Score formulas by source, font, length and resolution: which are read well, and which are not."""
    kinds: dict[str, Callable[[EvaluatedFormula], str]] = {
        "source": lambda formula: formula.source,
        "font": lambda formula: formula.font,
        "length": lambda formula: length_class(len(formula.reference)),
        "resolution": lambda formula: f"{formula.dpi} dpi",
    }
    scored = {}
    for kind, key in kinds.items():
        slices: defaultdict[str, list[EvaluatedFormula]] = defaultdict(list)
        for formula in formulas:
            slices[key(formula)].append(formula)
        scored[kind] = {name: metrics_of(slices[name]) for name in sorted(slices, key=_natural_order)}
    return scored


def length_class(tokens: int) -> str:
    """Return the name of the class of lengths that a number of tokens belongs to."""
    first = 1
    for last in _LENGTHS:
        if tokens <= last:
            return f"{first}-{last} tokens"
        first = last + 1
    return f"{first}+ tokens"


def _natural_order(name: str) -> tuple[int, str]:
    """Sort names that begin with a number by that number."""
    digits = name[: len(name) - len(name.lstrip("0123456789"))]
    return int(digits) if digits else 0, name


def _heading(report: dict[str, Any]) -> str:
    images, seconds = report["whole"]["images"], report["seconds"]
    return (
        f"{report['weights']} (vocabulary {report['vocabulary_hash']}) on {', '.join(report['folders'])}: "
        f"{images} images, {report['decoding']}, {report['device']}, {seconds:.1f} s "
        f"({1000 * seconds / max(images, 1):.1f} ms an image in batches)."
    )


def _table(whole: Metrics, slices: dict[str, dict[str, Metrics]]) -> list[str]:
    rows = [("all", whole)]
    rows += [(f"{kind}: {name}", metrics) for kind, of_kind in slices.items() for name, metrics in of_kind.items()]
    return [
        "| slice | images | exact match | edit similarity | BLEU-4 | cut short |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {name} | {one.images} | {one.exact_match:.4f} | {one.edit_similarity:.4f} | {one.bleu:.4f} "
            f"| {one.cut_short} |"
            for name, one in rows
        ),
    ]


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m model.evaluation.score_packed_images", description=(__doc__ or "").split(":")[1]
    )
    parser.add_argument("weights", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("folders", metavar="PACKED_FOLDER", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, help="read only this many images, drawn at random, always the same ones")
    parser.add_argument("--beam", type=int, help="hypotheses of beam search; 1 is quickest")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--out", type=Path, help="write the report there as JSON, and as Markdown beside it")
    parser.add_argument("--predictions", type=Path, help="write every formula and what was read there, as JSON lines")
    options = parser.parse_args(arguments)
    if any(number is not None and number < 1 for number in (options.beam, options.limit)):
        parser.error("--beam and --limit are numbers from 1 up")
    return options


if __name__ == "__main__":
    sys.exit(main())
