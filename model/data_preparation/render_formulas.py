"""Command: the formulas of a split file -> packed images with labels.

    python -m model.data_preparation.render_formulas dataset/train.jsonl images/train --renders-per-formula 2

The input is lines of `{"latex", "tokens", "source"}`. It is shuffled by the seed and cut into shards; each shard is
written to a name of its own when it is complete, so the command can be killed and started again. At the end there are,
beside the shards (`packed_images`), `rendering.json` with the options and with what was dropped for which reason, and
`contact-sheet.png` with random pairs to look at.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from model.commands import options_of, says_errors
from model.data_preparation.batch_rendering import BatchOptions, render_batch
from model.data_preparation.formula import LabelledFormula, SourceError, read_labelled
from model.data_preparation.packed_images import (
    PackedFormula,
    PackedImages,
    PackedImagesError,
    is_written,
    remove_unfinished,
    write_shard,
)
from model.data_preparation.sheet import draw_contact_sheet
from model.data_preparation.tex_typesetter import FORMULAS_PER_RUN, TypesettingError, usable_fonts


class RenderingError(ValueError):
    """The command can't do what it is asked; the message is one plain sentence."""


@dataclass(frozen=True)
class RenderingOptions:
    """What decides the content of every shard; a folder holds shards of one set of options only.

    Attributes:
        dataset: Name of the split file.
        limit: Formulas taken from the file, drawn by the seed; 0 for all.
        seed: Of the order and of every look.
        renders_per_formula: How often each formula is typeset, each time in another look.
        minimum_tokens, maximum_tokens: Formulas outside these lengths are left out.
        typesetter: "tex", "mathtext" or "mixed".
        formulas_per_shard: What is lost at most, a process, when the command is killed.
        formulas_per_look: Formulas typeset together, in one look. Fewer take longer and make a fairer sample.
        fonts: Names of the TeX font set-ups to draw from, joined by commas; all that TeX has when empty.
        dpi: Pixels an inch; drawn for each look when 0.
        containing: Formulas whose tokens do not contain this are left out; a backslash and `begin` asks for rows.
    """

    dataset: str
    limit: int = 0
    seed: int = 0
    renders_per_formula: int = 1
    minimum_tokens: int = 1
    maximum_tokens: int = 1000
    typesetter: str = "mixed"
    formulas_per_shard: int = 10 * FORMULAS_PER_RUN
    formulas_per_look: int = FORMULAS_PER_RUN
    fonts: str = ""
    dpi: int = 0
    containing: str = ""


@dataclass(frozen=True)
class _Shard:
    number: int
    formulas: list[LabelledFormula]
    folder: Path
    options: BatchOptions
    formulas_per_look: int
    seed: int


def render_formulas(dataset: Path, folder: Path, options: RenderingOptions, *, workers: int) -> dict[str, Any]:
    """Render a split file into a folder, going on where an earlier call stopped.

    Args:
        dataset: Lines of JSON made by `build_dataset`.
        folder: Where the shards go; made where it is missing.
        options: What to render.
        workers: Processes to use.

    Returns:
        What `rendering.json` says: options, counts, dropped formulas by reason.

    Raises:
        RenderingError: The input can't be used, or the folder belongs to another rendering.
        TypesettingError: TeX is missing.
    """
    formulas = read_formulas(dataset, options)
    folder.mkdir(parents=True, exist_ok=True)
    batch_options = _settle_options(folder, options)
    order = _order(len(formulas), options)
    starts = range(0, len(order), options.formulas_per_shard)
    todo = (
        _Shard(
            number,
            [formulas[index] for index in order[start : start + options.formulas_per_shard]],
            folder,
            batch_options,
            options.formulas_per_look,
            options.seed,
        )
        for number, start in enumerate(starts)
        if not is_written(folder, number)
    )
    done = sum(
        min(options.formulas_per_shard, len(order) - start) for n, start in enumerate(starts) if is_written(folder, n)
    )
    _render_shards(todo, workers, done=done, total=len(order))
    remove_unfinished(folder)
    summary = _summarise(folder, options, batch_options, len(starts))
    draw_contact_sheet(PackedImages(folder), folder / "contact-sheet.png", seed=options.seed)
    return summary


def read_formulas(dataset: Path, options: RenderingOptions) -> list[LabelledFormula]:
    """Read a split file and draw what the options ask for.

    Raises:
        SourceError: The file is damaged.
        RenderingError: It holds no such formula.
    """
    formulas = [
        formula
        for formula in read_labelled(dataset, split=dataset.stem)
        if options.minimum_tokens <= formula.tokens.count(" ") + 1 <= options.maximum_tokens
        and options.containing in formula.tokens
    ]
    random.Random(f"limit {options.seed}").shuffle(formulas)
    formulas = formulas[: options.limit or None]
    if not formulas:
        raise RenderingError(f"{dataset} holds no formula of the asked kind.")
    return formulas


def _settle_options(folder: Path, options: RenderingOptions) -> BatchOptions:
    """Store the options in a fresh folder; in one that was begun before, insist on the same."""
    path = folder / "rendering.json"
    if path.exists():
        stored = json.loads(path.read_text(encoding="utf-8"))
        if RenderingOptions(**stored["options"]) != options:
            raise RenderingError(f"{folder} was begun with other options; they are in {path}.")
        return BatchOptions(options.typesetter, tuple(stored["tex_fonts"]), options.dpi)
    fonts = usable_fonts() if options.typesetter != "mathtext" else []
    if options.fonts:
        fonts = _chosen_fonts(options.fonts, fonts)
    if not fonts and options.typesetter != "mathtext":
        raise RenderingError(
            "TeX is there, but can't use a single font set-up: `make test-data` installs what it needs."
        )
    path.write_text(json.dumps({"options": asdict(options), "tex_fonts": fonts}, indent=1), encoding="utf-8")
    return BatchOptions(options.typesetter, tuple(fonts), options.dpi)


def _chosen_fonts(names: str, usable: Sequence[str]) -> list[str]:
    """Split the names of font set-ups, which must all be usable."""
    chosen = names.split(",")
    missing = [name for name in chosen if name not in usable]
    if missing:
        raise RenderingError(f"TeX has no font set-up {', '.join(missing)}; it has {', '.join(usable)}.")
    return chosen


def _order(count: int, options: RenderingOptions) -> list[int]:
    """Shuffle anew for each rendering of the whole, so that each shard is a fair sample."""
    order = []
    for rendering in range(options.renders_per_formula):
        indices = list(range(count))
        random.Random(f"order {options.seed} {rendering}").shuffle(indices)
        order += indices
    return order


def _render_shards(todo: Iterator[_Shard], workers: int, *, done: int, total: int) -> None:
    interval = 1.0 if sys.stderr.isatty() else 30.0
    with tqdm(total=total, initial=done, unit="formula", mininterval=interval) as bar, ExitStack() as processes:
        if workers > 1:
            pool = processes.enter_context(multiprocessing.get_context("spawn").Pool(workers))
            counts: Iterable[int] = pool.imap_unordered(_render_shard, todo)
        else:
            counts = map(_render_shard, todo)
        for count in counts:
            bar.update(count)


def _render_shard(shard: _Shard) -> int:
    """Render one shard and return how many formulas that was, dropped ones included."""
    dropped: Counter[str] = Counter()
    summary: dict[str, Any] = {"formulas": len(shard.formulas)}

    def packed() -> Iterator[PackedFormula]:
        begun = time.perf_counter()
        for start in range(0, len(shard.formulas), shard.formulas_per_look):
            batch = shard.formulas[start : start + shard.formulas_per_look]
            seed = f"look {shard.seed} {shard.number} {start}"
            yield from render_batch(batch, shard.options, seed=seed, dropped=dropped)
        summary.update(dropped=dict(dropped), seconds=round(time.perf_counter() - begun, 1))

    write_shard(shard.folder, shard.number, packed(), summary=summary)
    return len(shard.formulas)


def _summarise(folder: Path, options: RenderingOptions, batch_options: BatchOptions, shards: int) -> dict[str, Any]:
    """Add up what the shards say and write it to `rendering.json`."""
    dropped: Counter[str] = Counter()
    formulas, seconds = 0, 0.0
    for number in range(shards):
        shard = json.loads((folder / f"shard-{number:05}.json").read_text(encoding="utf-8"))
        dropped.update(shard["dropped"])
        formulas += shard["formulas"]
        seconds += shard["seconds"]
    summary = {
        "options": asdict(options),
        "tex_fonts": list(batch_options.tex_fonts),
        "formulas": formulas,
        "images": formulas - dropped.total(),
        "dropped": dict(dropped.most_common()),
        "worker_seconds": round(seconds, 1),
    }
    (folder / "rendering.json").write_text(json.dumps(summary, indent=1), encoding="utf-8")
    return summary


@says_errors(RenderingError, SourceError, TypesettingError, PackedImagesError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="render_formulas", description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path, metavar="DATASET_FILE", help="split file made by build_dataset")
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER", help="where the packed images go")
    parser.add_argument("--limit", type=int, default=0, help="formulas to draw from the file (all)")
    parser.add_argument("--workers", type=int, default=2, help="processes (%(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--renders-per-formula", type=int, default=1, help="looks for each formula (%(default)s)")
    parser.add_argument("--minimum-tokens", type=int, default=1)
    parser.add_argument("--maximum-tokens", type=int, default=1000)
    parser.add_argument("--typesetter", choices=("tex", "mathtext", "mixed"), default="mixed")
    parser.add_argument("--formulas-per-look", type=int, default=FORMULAS_PER_RUN, help="set together (%(default)s)")
    parser.add_argument("--fonts", default="", metavar="NAME,...", help="TeX font set-ups to draw from (all)")
    parser.add_argument("--dpi", type=int, default=0, help="pixels an inch (drawn for each look)")
    parser.add_argument("--containing", default="", metavar="TEXT", help="only formulas with this among their tokens")
    chosen = parser.parse_args(arguments)
    per_look = max(1, chosen.formulas_per_look)
    options = options_of(RenderingOptions, chosen, dataset=chosen.dataset.name, formulas_per_look=per_look)
    summary = render_formulas(chosen.dataset, chosen.folder, options, workers=max(1, chosen.workers))
    print(f"{summary['images']:,} images of {summary['formulas']:,} formulas in {chosen.folder}")
    for reason, count in summary["dropped"].items():
        print(f"  dropped, {reason}: {count:,}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
