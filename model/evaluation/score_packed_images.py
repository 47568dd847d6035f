"""`python -m model.evaluation.score_packed_images`: scores a recogniser on packed images, whole and by slice.

The images are read by the very recogniser that ships, decoded as it does or with a beam; all scores are over canonical
tokens.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from model.data_preparation.packed_images import PackedImagesError
from model.decoding.decoded_formula import with_beam
from model.evaluation.evaluator import EvaluatedFormula, evaluate_packed_images
from model.evaluation.slice_report import SliceReport, as_markdown, make_report
from model.recognition.recogniser import Recogniser, RecogniserError
from model.vocabulary import VocabularyError
from model.weights_file import CheckpointError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    options = _parse(arguments)
    decoding = with_beam(options.beam)
    try:
        recogniser = Recogniser.load(options.weights, options.vocabulary, device=options.device)
        formulas, seconds = evaluate_packed_images(recogniser, options.folders, limit=options.limit, options=decoding)
    except (RecogniserError, CheckpointError, VocabularyError, PackedImagesError) as error:
        print(f"score_packed_images: {error}", file=sys.stderr)
        return 1
    report = make_report(
        formulas,
        weights=options.weights.name,
        vocabulary_hash=recogniser.vocabulary.hash,
        folders=[folder.name for folder in options.folders],
        decoding=str(decoding),
        device=str(recogniser.device),
        seconds=seconds,
    )
    print(as_markdown(report))
    _write(options, report, formulas)
    return 0


def _write(options: argparse.Namespace, report: SliceReport, formulas: list[EvaluatedFormula]) -> None:
    if options.out is not None:
        options.out.write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")
        options.out.with_suffix(".md").write_text(as_markdown(report) + "\n", encoding="utf-8")
    if options.predictions is not None:
        lines = [json.dumps(asdict(formula)) + "\n" for formula in formulas]
        options.predictions.write_text("".join(lines), encoding="utf-8")


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
