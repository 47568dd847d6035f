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
from time import perf_counter

import numpy as np
from tqdm import tqdm

from model.checkpoint import CheckpointError
from model.data_preparation.packed_images import PackedImages, PackedImagesError
from model.evaluation.slice_report import EvaluatedFormula, EvaluationReport, as_markdown, make_report
from model.inference.decoded_formula import AS_SHIPPED, DecodingOptions, with_beam
from model.inference.recogniser import Recogniser, RecogniserError
from model.vocabulary import VocabularyError

_IMAGES_AT_A_TIME = 512


def evaluate(
    recogniser: Recogniser, folders: Sequence[Path], *, limit: int | None = None, options: DecodingOptions = AS_SHIPPED
) -> tuple[list[EvaluatedFormula], float]:
    """Read the images of packed folders.

    Args:
        recogniser: What is scored.
        folders: Packed images.
        limit: Most images to read; they are drawn at random, always the same ones. None reads all.
        options: How formulas are decoded.

    Returns:
        Every image's formula beside what was read, and the seconds that reading took.

    Raises:
        PackedImagesError: A folder holds no packed images, or damaged ones.
    """
    packs = [PackedImages(folder) for folder in folders]
    places = [(pack, index) for pack in packs for index in range(len(pack))]
    if limit is not None and limit < len(places):
        chosen = np.random.default_rng(0).choice(len(places), size=limit, replace=False)
        places = [places[index] for index in sorted(chosen)]
    formulas: list[EvaluatedFormula] = []
    seconds = 0.0
    with tqdm(total=len(places), unit="image", disable=not sys.stderr.isatty()) as progress:
        for start in range(0, len(places), _IMAGES_AT_A_TIME):
            part = places[start : start + _IMAGES_AT_A_TIME]
            inputs = [pack.image(index).astype(np.float32) / 255.0 for pack, index in part]
            started = perf_counter()
            recognitions = recogniser.recognise_inputs(inputs, options=options)
            seconds += perf_counter() - started
            for (pack, index), recognition in zip(part, recognitions, strict=True):
                formulas.append(EvaluatedFormula.of(pack.record(index), recognition))
            progress.update(len(part))
    return formulas, seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    options = _parse(arguments)
    decoding = with_beam(options.beam)
    try:
        recogniser = Recogniser.load(options.weights, options.vocabulary, device=options.device)
        formulas, seconds = evaluate(recogniser, options.folders, limit=options.limit, options=decoding)
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


def _write(options: argparse.Namespace, report: EvaluationReport, formulas: list[EvaluatedFormula]) -> None:
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
