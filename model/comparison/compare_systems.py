"""Command: trains every system with the same budget on the same images, and writes docs/systems.md.

    python -m model.comparison.compare_systems DATA --budget 30 --out build/systems --document docs/systems.md

DATA holds the folders `images/train`, `images/validation` and `images/test` and `dataset/vocabulary.json`, as `make
systems` makes them. One system goes after the other, or `--at-once` of them side by side, behind whatever else the
computer does; classifiers that judge readings without the image share one budget more. The command can be killed at
any time: what is finished stays, what is begun goes on, and the document is of what is there.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from model.classification.report import Comparison
from model.commands import options_of
from model.comparison.document import write_document
from model.comparison.results import read_result
from model.comparison.systems import SYSTEMS, Bench, System

_PRETRAINING = 0.2
"""Share of the budget for what is trained first, where something is."""

_COMMON: dict[str, Any] = {
    "processes": 1,
    "curriculum": "12:15000,24:40000",
    "augment_after": -1,
    "patience": 1_000_000,
    "warm_up_steps": 100,
    "average_decay": 0.998,
    "pixel_budget": 1_000_000,
    "batch_limit": 32,
    "draft_tokens": 0,
}
"""What makes the most of minutes: short formulas first, and many small steps."""


JUDGES = "judges"
"""The folder of the classifiers, and their name among the systems."""


class SystemFailedError(Exception):
    """A step of a system ended with an error."""


def run_system(bench: Bench, system: System, dimensions: dict[str, Any]) -> None:
    """Train, export and measure one system, going on where it was stopped.

    Raises:
        SystemFailedError: A step failed; its output stands in the system's `output.log`.
    """
    folder = bench.out / system.name
    if _is_of_another_budget(folder, bench):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "budget.json").write_text(json.dumps({"seconds": bench.seconds}), encoding="utf-8")
    config = json.dumps(dimensions)
    what = ["--architecture", system.architecture, "--config", config]
    vocabulary = _vocabulary(bench, system, folder)
    parts: list[str] = []
    seconds = bench.seconds
    if system.pretrained:
        part = folder / f"{system.pretrained}.safetensors"
        parts = ["--initial-parts", str(part)]
        seconds = bench.seconds * (1.0 - _PRETRAINING)
        if not part.is_file():
            inputs = [system.pretrained, str(bench.images("train")), "--vocabulary", str(vocabulary)]
            budget = ["--processor-seconds", str(bench.seconds * _PRETRAINING)]
            _run(folder, "model.training.pretrain", *inputs, "--out", str(part), *what, *budget)
    run, exported = folder / "run", folder / "exported"
    if not _is_trained(run):
        inputs = [str(bench.images("train")), "--vocabulary", str(vocabulary)]
        options = _training_arguments(bench, system, run, seconds)
        _run(folder, "model.training.train", *inputs, *options, *what, *parts)
    _run(
        folder,
        "model.training.export_weights",
        *[str(run / "best.safetensors"), "--vocabulary", str(vocabulary), "--out", str(exported)],
    )
    paths = [str(exported), str(bench.images("test")), "--out", str(folder / "result.json")]
    _run(folder, "model.comparison.measure", *paths, "--most", str(bench.test_images))


def _vocabulary(bench: Bench, system: System, folder: Path) -> Path:
    """Return what a system writes: the tokens that all write, or pieces of its own, which are learned if need be."""
    pieces = system.pieces if bench.device == "cpu" else system.full_pieces
    if not pieces:
        return bench.vocabulary
    path = folder / "pieces.json"
    if not path.is_file():
        inputs = [str(bench.images("train")), "--vocabulary", str(bench.vocabulary), "--pieces", str(pieces)]
        _run(folder, "model.training.learn_pieces", *inputs, "--out", str(path))
    return path


def run_judges(bench: Bench) -> None:
    """Have the classifiers tell right formulas from those with an error.

    Raises:
        SystemFailedError: A step failed; its output stands in the judges' `output.log`.
    """
    folder = bench.out / JUDGES
    folder.mkdir(parents=True, exist_ok=True)
    _run(folder, "model.comparison.reading_errors", str(bench.images("train")), "--out", str(folder))
    lists = [str(folder / "right.txt"), str(folder / "wrong.txt"), "--out", str(folder)]
    minutes = ["--processor-minutes", str(bench.seconds / 60)]
    _run(folder, "model.classification.classify_lists", *lists, *minutes)
    (folder / "budget.json").write_text(json.dumps({"seconds": bench.seconds}), encoding="utf-8")


def _training_arguments(bench: Bench, system: System, run: Path, seconds: float) -> list[str]:
    arguments = ["--validation", str(bench.images("validation"))]
    arguments += ["--run", str(run), "--device", bench.device]
    options = {
        **_COMMON,
        "processor_seconds": seconds,
        "validate_every": bench.validate_every,
        "validation_images": bench.validation_images,
        **system.options,
    }
    for name, value in options.items():
        flag = name.replace("_", "-")
        if isinstance(value, bool):
            arguments.append(f"--{flag}" if value else f"--no-{flag}")
        else:
            arguments.append(f"--{flag}={value}")  # what begins with a dash is a value as well
    return arguments


def _is_of_another_budget(folder: Path, bench: Bench) -> bool:
    stored = folder / "budget.json"
    return stored.is_file() and json.loads(stored.read_text(encoding="utf-8"))["seconds"] != bench.seconds


def _is_trained(run: Path) -> bool:
    """Say whether a run has come to its end: the last validation is of the last step."""
    done = run / "done"
    return done.is_file() and (run / "best.safetensors").is_file()


def _run(folder: Path, module: str, *arguments: str) -> None:
    """Run a module's command; its output is added to the folder's log."""
    with (folder / "output.log").open("a", encoding="utf-8") as log:
        log.write(f"$ python -m {module} {' '.join(arguments)}\n")
        log.flush()
        # Threads that wait for one another on a busy computer spend the budget on waiting.
        status = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if status:
        raise SystemFailedError(f"{module} failed for {folder.name}: {folder / 'output.log'} says why.")
    if module == "model.training.train":
        (folder / "run" / "done").touch()


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and run; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m model.comparison.compare_systems", description=__doc__.splitlines()[0]
    )
    parser.add_argument("data", type=Path, help="folder with images/ and dataset/")
    parser.add_argument("--budget", type=float, default=30.0, help="minutes of processor time a system (%(default)s)")
    parser.add_argument("--out", type=Path, required=True, help="where each system has a folder")
    parser.add_argument("--document", type=Path, help="docs/systems.md; illustrations go beside it")
    names = [*(one.name for one in SYSTEMS), JUDGES]
    parser.add_argument("--systems", nargs="+", choices=names, default=names, help="in this order; all unless told")
    parser.add_argument("--at-once", type=int, default=1, help="systems side by side, one a core (%(default)s)")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda", "mps"))
    parser.add_argument("--reduction", type=int, help="of images: 2 halves their height (2; 1 on a graphics card)")
    parser.add_argument("--test-images", type=int, default=500)
    parser.add_argument("--validation-images", type=int, default=100)
    parser.add_argument("--validate-every", type=int, default=300, help="steps (%(default)s)")
    parser.add_argument("--dimensions", type=Path, help="JSON: dimensions of each architecture instead of ours")
    parser.add_argument("--command", default="make systems", help="what the document says it was made by")
    options = parser.parse_args(arguments)
    reduction = options.reduction or (2 if options.device == "cpu" else 1)
    bench = options_of(Bench, options, seconds=60 * options.budget, reduction=reduction)
    others = json.loads(options.dimensions.read_text(encoding="utf-8")) if options.dimensions else {}
    wanted = sorted(
        (system for system in SYSTEMS if system.name in options.systems),
        key=lambda system: options.systems.index(system.name),
    )
    work: dict[str, Callable[[], None]] = {}
    for system in wanted:
        ours = system.full_config if bench.device != "cpu" else system.config
        dimensions = {**ours, "reduction": bench.reduction, **others.get(system.architecture, {})}
        work[system.name] = functools.partial(run_system, bench, system, dimensions)
    if JUDGES in options.systems:
        work[JUDGES] = functools.partial(run_judges, bench)
    with ThreadPoolExecutor(options.at_once) as pool:
        begun = [pool.submit(_do, bench, name, run) for name, run in work.items()]
        done = []
        for one in as_completed(begun):
            done.append(one.result())
            _write(bench, options)
    return int(not all(done))


def _do(bench: Bench, name: str, run: Callable[[], None]) -> bool:
    """Do what is left of a system, or of the classifiers; say whether all went well."""
    print(f"{name}: {_state(bench, name)}", flush=True)
    try:
        if not _is_measured(bench, name):
            run()
    except SystemFailedError as error:
        print(error, file=sys.stderr)
        return False
    return True


def _write(bench: Bench, options: argparse.Namespace) -> None:
    """Write the document of what there is."""
    results = {one.name: read_result(bench.out / one.name) for one in SYSTEMS if _is_measured(bench, one.name)}
    if options.document is None or not results:
        return
    judges = Comparison.load(bench.out / JUDGES / "result.json") if _is_measured(bench, JUDGES) else None
    write_document(options.document, results, bench, options.command, judges)


def _is_measured(bench: Bench, name: str) -> bool:
    folder = bench.out / name
    return (folder / "result.json").is_file() and not _is_of_another_budget(folder, bench)


def _state(bench: Bench, name: str) -> str:
    if _is_measured(bench, name):
        return "done"
    return "goes on" if (bench.out / name / "run").is_dir() else f"{bench.seconds / 60:g} minutes"


if __name__ == "__main__":
    sys.exit(main())
