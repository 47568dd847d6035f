"""Command: raw sources -> one file of formulas as typed, for `build_dataset`.

    python -m model.data_preparation.collect_formulas papers/ im2latex/ school.txt --out formulas.jsonl

An input is a file of one formula a line, `.jsonl` or `.tex`, or a folder of LaTeX documents, of the im2latex-100k
lists, or of images with labels of the same stem. Lines of the result are `{"latex", "source", "image"}`, the image
where there is one. Empty formulas and the error messages of labelling services are left out; everything lost on the way
is counted by reason. What is a fit formula is for `build_dataset` to say.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from model.commands import says_errors
from model.data_preparation.formula import Formula, Losses, SourceError
from model.data_preparation.formula_filter import DropReason, is_service_error
from model.data_preparation.formula_sources import as_json, read_formulas, write_json_lines


def collect_formulas(
    inputs: Iterable[Path], losses: Losses, *, limit: int | None = None, source: str | None = None
) -> Iterator[Formula]:
    """Yields the formulas of raw sources.

    Args:
        inputs: Files and folders.
        losses: Counts what is lost, by reason.
        limit: Formulas to stop after.
        source: Name for all of them; otherwise that of the file or folder.

    Raises:
        SourceError: An input cannot be read at all.
    """
    formulas = (formula for path in inputs for formula in read_formulas(path, losses) if _is_formula(formula, losses))
    for formula in islice(formulas, limit):
        yield formula if source is None else replace(formula, source=source)


def _is_formula(formula: Formula, losses: Losses) -> bool:
    if not formula.latex.strip():
        losses[DropReason.EMPTY] += 1
    elif is_service_error(formula.latex):
        losses[DropReason.SERVICE_ERROR] += 1
    else:
        return True
    return False


@says_errors(SourceError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="collect_formulas", description="Raw sources -> one file of formulas.")
    parser.add_argument("inputs", nargs="+", type=Path, metavar="INPUT")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--limit", type=int, metavar="N", help="stop after N formulas: a small data set")
    parser.add_argument("--source", metavar="NAME", help="name of the collection, otherwise that of the file or folder")
    asked = parser.parse_args(arguments)
    if asked.limit is not None and asked.limit < 1:
        parser.error("--limit must be at least 1")
    losses = Losses()
    formulas = collect_formulas(asked.inputs, losses, limit=asked.limit, source=asked.source)
    progress = tqdm(map(as_json, formulas), desc="collect", unit="formula", disable=None)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    count = write_json_lines(asked.out, progress)
    print(f"{count:,} formulas in {asked.out}")
    for reason, count in losses.most_common():
        print(f"{count:,} lost: {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
