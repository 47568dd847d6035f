"""Command: formulas -> canonical formulas in train, validation and test, and the vocabulary.

    python -m model.data_preparation.build_dataset k12.txt arxiv.txt --validation-only im2latex_val.txt --out dataset

Writes `train.jsonl`, `validation.jsonl`, `test.jsonl`, one `<stem>.jsonl` for each validation-only file (lines of
`{"latex", "tokens", "source"}`, tokens joined by one space), `vocabulary.json`, `dropped.jsonl` (each formula left out,
with the reason) and `report.json`. The vocabulary comes from the training split alone.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from model.commands import options_of, says_errors
from model.data_preparation.dataset_report import DatasetReport
from model.data_preparation.dataset_split import (
    SplitOptions,
    VocabularyChoice,
    choose_vocabulary,
    split_formulas,
    stable_hash,
)
from model.data_preparation.formula import Formula, SourceError
from model.data_preparation.formula_filter import MAXIMUM_TOKENS, DropReason, Rejection, check
from model.data_preparation.formula_sources import as_json, read_formulas, write_json_lines

Item = TypeVar("Item")
_CHUNK = 500
_RESERVED = frozenset({"train", "validation", "test", "dropped"})


@dataclass(frozen=True)
class DatasetOptions:
    """What `build_dataset` is asked to do.

    Attributes:
        sources: Files to share out among the splits.
        out: Folder to write.
        validation_only: Files that are never trained on.
        split: How much of each source is held out.
        limit: Formulas to draw from all files together; all of them unless told.
        maximum_tokens: Longer formulas are dropped.
        vocabulary_size: Tokens that the vocabulary may hold.
        minimum_count: Occurrences in train that a token needs.
        workers: Processes that normalise.
    """

    sources: tuple[Path, ...]
    out: Path
    validation_only: tuple[Path, ...] = ()
    split: SplitOptions = field(default_factory=SplitOptions)
    limit: int | None = None
    maximum_tokens: int = MAXIMUM_TOKENS
    vocabulary_size: int = 600
    minimum_count: int = 3
    workers: int = 1


def build_dataset(options: DatasetOptions) -> DatasetReport:
    """Builds the data set in its folder and returns what it counted.

    Raises:
        SourceError: A source cannot be read, or no formula is left to train on.
    """
    held_out_names = [path.stem for path in options.validation_only]
    if clashes := sorted(_RESERVED.intersection(held_out_names)):
        raise SourceError(f"a validation-only file cannot be called '{clashes[0]}'")
    report = DatasetReport()
    # Validation-only files go first, and the first to come keeps a formula: it is then in no other split.
    files = [*((path, path.stem) for path in options.validation_only), *((path, "") for path in options.sources)]
    read = [(formula, held_out_name) for path, held_out_name in files for formula in read_formulas(path, report.losses)]
    formulas, splits = _keep(sample_formulas(read, options.limit, options.split.seed), report, options)
    by_source: dict[str, list[str]] = {}
    for canonical, formula in formulas.items():
        if canonical not in splits:
            by_source.setdefault(formula.source, []).append(canonical)
    splits |= split_formulas(by_source, options.split)
    choice = choose_vocabulary(
        (canonical for canonical, split in splits.items() if split == "train"),
        maximum_size=options.vocabulary_size,
        minimum_count=options.minimum_count,
    )
    if not choice.train:
        raise SourceError("no formula is left to train on")
    _drop_rare_tokens(formulas, splits, choice, report)
    options.out.mkdir(parents=True, exist_ok=True)
    names = ("train", "validation", "test", *held_out_names)
    _write(options.out, formulas, splits, names, options.split.seed)
    choice.vocabulary.save(options.out / "vocabulary.json")
    report.finish(formulas, splits, names, choice)
    report.save(options.out)
    return report


def sample_formulas(items: Sequence[Item], count: int | None, seed: int) -> list[Item]:
    """Returns a random part of the items, in their order."""
    if count is None or count >= len(items):
        return list(items)
    return [items[index] for index in sorted(random.Random(seed).sample(range(len(items)), count))]


def _keep(
    read: Sequence[tuple[Formula, str]], report: DatasetReport, options: DatasetOptions
) -> tuple[dict[str, Formula], dict[str, str]]:
    """Returns the fit formulas by canonical form, each once, and the splits of those from validation-only files."""
    formulas: dict[str, Formula] = {}
    splits: dict[str, str] = {}
    outcomes = _check_all([formula.latex for formula, _ in read], options)
    for (formula, held_out_name), outcome in zip(read, outcomes, strict=True):
        report.count_read(formula)
        if isinstance(outcome, Rejection):
            report.drop(formula, outcome)
            continue
        canonical = " ".join(outcome)
        if canonical in formulas:
            is_held_out = canonical in splits and not held_out_name
            report.drop(formula, Rejection(DropReason.HELD_OUT if is_held_out else DropReason.DUPLICATE))
            continue
        formulas[canonical] = formula
        if held_out_name:
            splits[canonical] = held_out_name
    return formulas, splits


def _check_all(latex: Sequence[str], options: DatasetOptions) -> Iterator[list[str] | Rejection]:
    progress = partial(tqdm, total=len(latex), desc="normalise", unit="formula", disable=None)
    check_one = partial(check, maximum_tokens=options.maximum_tokens)
    if options.workers == 1:
        yield from progress(map(check_one, latex))
        return
    with multiprocessing.get_context("spawn").Pool(options.workers) as pool:
        yield from progress(pool.imap(check_one, latex, chunksize=_CHUNK))


def _drop_rare_tokens(
    formulas: Mapping[str, Formula], splits: dict[str, str], choice: VocabularyChoice, report: DatasetReport
) -> None:
    spelt = set(choice.train)
    for canonical in [canonical for canonical, split in splits.items() if split == "train"]:
        if canonical not in spelt:
            rare = [token for token in canonical.split() if token in choice.rare_tokens]
            report.drop(formulas[canonical], Rejection(DropReason.RARE_TOKEN, rare[0]))
            del splits[canonical]


def _write(
    out: Path, formulas: Mapping[str, Formula], splits: Mapping[str, str], names: Sequence[str], seed: int
) -> None:
    """Writes one file a split, in the order of the formulas' hashes: any beginning of it is a fair sample."""
    for name in names:
        members = sorted((c for c, split in splits.items() if split == name), key=lambda c: stable_hash(c, seed))
        write_json_lines(
            out / f"{name}.jsonl", ({**as_json(formulas[canonical]), "tokens": canonical} for canonical in members)
        )


@says_errors(SourceError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    print(build_dataset(_parse(arguments)).table())
    return 0


def _parse(arguments: Sequence[str] | None) -> DatasetOptions:
    parser = argparse.ArgumentParser(
        prog="build_dataset", description="Formulas -> train, validation, test, vocabulary."
    )
    parser.add_argument("sources", nargs="*", type=Path, metavar="SOURCE", help="formulas, one a line, or .jsonl")
    parser.add_argument("--validation-only", nargs="+", type=Path, default=[], metavar="FILE", help="never trained on")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--validation-share", type=float, default=SplitOptions.validation_share)
    parser.add_argument("--test-share", "--held-out-share", type=float, default=SplitOptions.test_share)
    parser.add_argument("--cap", type=int, default=SplitOptions.cap, help="most held-out formulas of one source")
    parser.add_argument("--seed", type=int, default=SplitOptions.seed)
    parser.add_argument("--limit", type=int, metavar="N", help="draw N formulas in all: a small data set")
    parser.add_argument("--maximum-tokens", type=int, default=MAXIMUM_TOKENS)
    parser.add_argument("--vocabulary-size", type=int, default=DatasetOptions.vocabulary_size)
    parser.add_argument("--minimum-count", type=int, default=DatasetOptions.minimum_count)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args(arguments)
    shares = (asked.validation_share, asked.test_share)
    if min(shares) < 0 or sum(shares) >= 1:
        parser.error("--validation-share and --test-share must leave something to train on")
    if asked.workers < 1 or (asked.limit is not None and asked.limit < 1):
        parser.error("--workers and --limit must be at least 1")
    files = {"sources": tuple(asked.sources), "validation_only": tuple(asked.validation_only)}
    return options_of(DatasetOptions, asked, **files, split=options_of(SplitOptions, asked))


if __name__ == "__main__":
    sys.exit(main())
