"""The command line of the training command."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields
from pathlib import Path

from model.commands import options_of
from model.training.options import TrainingOptions


@dataclass(frozen=True)
class RunPaths:
    """Where a run reads and writes, and what it runs on.

    Attributes:
        training: Folders of packed images.
        validation: Folders of packed images never trained on.
        vocabulary: The vocabulary file.
        run: The run folder.
        device: `auto`, `cpu`, `cuda` or `mps`.
        compile: Whether to compile the network.
        initial_weights: Weights that a new run starts from, None for random ones.
        initial_parts: Files of some of the network's weights that a new run starts from, as `pretrain` writes them.
        imagenet: torchvision's weights of ResNet-18 that a new run's encoder starts from: a file's path, or `cache`.
    """

    training: tuple[Path, ...]
    validation: tuple[Path, ...]
    vocabulary: Path
    run: Path
    device: str
    compile: bool
    initial_weights: Path | None = None
    initial_parts: tuple[Path, ...] = ()
    imagenet: str = ""


def parse_arguments(arguments: list[str] | None = None) -> tuple[RunPaths, TrainingOptions]:
    """Read the command line; every field of `TrainingOptions` is an option of its own."""
    parser = argparse.ArgumentParser(prog="python -m model.training.train", description="Train the recogniser.")
    parser.add_argument("training", nargs="+", type=Path, help="folders of packed images")
    parser.add_argument("--validation", nargs="+", type=Path, required=True, help="folders of packed images")
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True, help="run folder; resumed when it holds a checkpoint")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto")
    parser.add_argument("--compile", action="store_true", help="compile the network (needs a C++ compiler)")
    parser.add_argument("--initial-weights", type=Path, help="start a new run from these, such as the bundled ones")
    parser.add_argument("--initial-parts", nargs="+", type=Path, default=[], help="what `pretrain` wrote")
    parser.add_argument(
        "--imagenet", default="", help="start the encoder from torchvision's ResNet-18: a file, or cache"
    )
    defaults = TrainingOptions()
    for field in fields(TrainingOptions):
        flag, default = "--" + field.name.replace("_", "-"), getattr(defaults, field.name)
        if isinstance(default, bool):
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, default=default)
        elif isinstance(default, tuple):
            parser.add_argument(flag, type=_pairs, default=default, help="as 10:40000,20:100000")
        else:
            parser.add_argument(flag, type=type(default), default=default)
    parsed = parser.parse_args(arguments)
    several = {name: tuple(vars(parsed)[name]) for name in ("training", "validation", "initial_parts")}
    return options_of(RunPaths, parsed, **several), options_of(TrainingOptions, parsed)


def _pairs(text: str) -> tuple[tuple[int | str, float], ...]:
    """Read `10:40000,20:100000` or `k12:2,hepth:1.5`."""
    pairs: list[tuple[int | str, float]] = []
    for part in filter(None, text.split(",")):
        key, _, value = part.rpartition(":")
        pairs.append((int(key) if key.isdigit() else key, float(value)))
    return tuple(pairs)
