"""Train the layout network: shards of crops in, a run folder out.

    python -m model.training.train_layout FOLDER... --validation FOLDER... --run FOLDER

A run folder holds `checkpoint.safetensors` (resumed from when it is there), `best.safetensors` (the averaged weights
with the best validation score so far) and `log.jsonl`. Order and augmentation follow from the seed and the number of
crops seen, so a run that was killed goes on where it was.
"""

from __future__ import annotations

import argparse
import logging
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from model.checkpoint import load_tensors, parameter_count, save_tensors
from model.commands import options_of
from model.layout.batches import LayoutBatch, make_batches
from model.layout.graph_weights import network_of_graph
from model.layout.losses import layout_losses
from model.layout.network import LayoutDimensions, LayoutNetwork
from model.layout.shards import LayoutShards
from model.layout.validation import validate
from model.layout.widening import widened
from model.training.run_state import load_optimiser, optimiser_tensors, parts_of, save_parts
from model.training.training_log import TrainingLog
from model.training.weight_average import WeightAverage

logger = logging.getLogger(__name__)

POOL = 64
"""Crops that are augmented together and then batched by size."""

_CROPS_OF_STATISTICS = 192

LOG_EVERY = 50
SAVE_EVERY = 200
_LOSSES = ("core", "ink_class", "block", "offset")


@dataclass(frozen=True)
class LayoutOptions:
    """What a run was asked to do.

    Attributes:
        crops: Crops to train on in all; the learning rate ends its cosine there.
        learning_rate: Its peak, after `warm_up` steps.
        weight_decay: Of matrices.
        average_decay: Of the moving average of the weights, which is what is validated.
        validate_every: Steps between validations.
        validation_crops: Crops of a validation.
        seed: Of order and augmentation.
    """

    crops: int = 40_000
    learning_rate: float = 2.5e-3
    warm_up: int = 100
    weight_decay: float = 0.02
    average_decay: float = 0.995
    validate_every: int = 500
    validation_crops: int = 400
    seed: int = 1


@dataclass
class Progress:
    """Where the run stands."""

    step: int = 0
    crops: int = 0
    seconds: float = 0.0
    best_score: float = -1.0


class LayoutTrainer:
    """The state of a run and the loop over steps."""

    def __init__(
        self,
        training: list[Path],
        validation: list[Path],
        run: Path,
        options: LayoutOptions,
        *,
        dimensions: LayoutDimensions | None = None,
        initial_graph: Path | None = None,
    ) -> None:
        torch.manual_seed(options.seed)
        run.mkdir(parents=True, exist_ok=True)
        self.options, self.run_folder = options, run
        self.shards, self.validation = LayoutShards(training), LayoutShards(validation)
        self.checkpoint = run / "checkpoint.safetensors"
        self.network = LayoutNetwork(dimensions)
        if initial_graph and not self.checkpoint.exists():
            self.network = widened(network_of_graph(initial_graph, self._some_inputs()), self.network.dimensions)
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=options.learning_rate, weight_decay=options.weight_decay
        )
        self.average = WeightAverage(self.network, options.average_decay)
        self.progress = Progress()
        if self.checkpoint.exists():
            self._load()
        self.log = TrainingLog(run)
        logger.info(
            "%d crops, %d parameters, %d crops seen",
            len(self.shards), parameter_count(self.network), self.progress.crops,
        )  # fmt: skip

    def run(self) -> None:
        """Train until the planned crops are seen."""
        bar = tqdm(total=self.options.crops, initial=self.progress.crops, disable=None)
        started = time.perf_counter() - self.progress.seconds
        losses: list[list[float]] = []
        for batch, seen in self._batches():
            losses.append(self._step(batch))
            self.progress.step += 1
            self.progress.crops += seen
            self.progress.seconds = time.perf_counter() - started
            bar.update(seen)
            step, finished = self.progress.step, self.progress.crops >= self.options.crops
            if step % LOG_EVERY == 0:
                means = dict(zip(_LOSSES, np.mean(losses, axis=0).tolist(), strict=True))
                self.log.write("train", **asdict(self.progress), **{name: round(v, 4) for name, v in means.items()})
                bar.set_postfix_str(" ".join(f"{name} {value:.3f}" for name, value in means.items()))
                losses = []
            if step % self.options.validate_every == 0 or finished:
                self._validate()
            if step % SAVE_EVERY == 0 or finished:
                self._save()
            if finished:
                return

    def _some_inputs(self) -> list[torch.Tensor]:
        generator = np.random.default_rng(self.options.seed)
        indices = generator.permutation(len(self.shards))[:_CROPS_OF_STATISTICS].tolist()
        return [batch.ink for batch in make_batches(self.shards, indices, generator)]

    def _batches(self) -> Iterator[tuple[LayoutBatch, int]]:
        """Yield batches and how many crops each has, from where the run stands."""
        while True:
            pool = self.progress.crops // POOL
            each_time, first = divmod(pool * POOL, len(self.shards))
            order = np.random.default_rng((self.options.seed, each_time)).permutation(len(self.shards))
            indices = order[first : first + POOL].tolist()
            generator = np.random.default_rng((self.options.seed, each_time, first))
            batches = make_batches(self.shards, indices, generator)
            left = POOL
            for batch in batches:
                # Crops without ink count with the last batch, so that pools stay in step.
                seen = left if batch is batches[-1] else len(batch.ink)
                left -= seen
                yield batch, seen
            self.progress.crops += left

    def _step(self, batch: LayoutBatch) -> list[float]:
        share = self.progress.crops / self.options.crops
        warm = min(1.0, (self.progress.step + 1) / self.options.warm_up)
        for group in self.optimiser.param_groups:
            group["lr"] = warm * self.options.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * share)))
        self.network.train()
        maps = self.network(batch.ink)
        parts = layout_losses(maps, batch.core, batch.ink_class, batch.block, batch.offset)
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(parts.total)
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self.average.update(self.network, self.progress.step)
        return [float(part.detach()) for part in (parts.core, parts.ink_class, parts.block, parts.offset)]

    def _validate(self) -> None:
        """Score the averaged weights and keep them when they are the best so far."""
        network = LayoutNetwork(self.network.dimensions)
        network.load_state_dict(self.average.averages)
        scores = validate(network.eval(), self.validation, limit=self.options.validation_crops)
        self.log.write("validation", **asdict(self.progress), **scores)
        logger.info("step %d: %s", self.progress.step, scores)
        if scores["all_lines_right"] >= self.progress.best_score:
            self.progress.best_score = scores["all_lines_right"]
            header = {"layout": asdict(network.dimensions), "scores": scores, "progress": asdict(self.progress)}
            save_tensors(self.run_folder / "best.safetensors", dict(network.state_dict()), header)

    def _save(self) -> None:
        parts = {
            "network": self.network.state_dict(),
            "average": self.average.averages,
            "optimiser": optimiser_tensors(self.optimiser),
        }
        save_parts(self.checkpoint, parts, {"progress": asdict(self.progress)})

    def _load(self) -> None:
        tensors, header = load_tensors(self.checkpoint)
        self.progress = Progress(**header["progress"])
        self.progress.crops -= self.progress.crops % POOL  # The pool it was in is made again.
        parts = parts_of(tensors)
        self.network.load_state_dict(parts["network"])
        self.average.averages = parts["average"]
        load_optimiser(self.optimiser, parts["optimiser"])


def main(arguments: list[str] | None = None) -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description="Train the layout network on shards of crops.")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="layout shards to train on")
    parser.add_argument("--validation", nargs="+", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--run", type=Path, required=True, metavar="FOLDER", help="where the run's files go")
    defaults = LayoutOptions()
    for name, value in asdict(defaults).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value, help=f"default: {value}")
    parser.add_argument("--initial-graph", type=Path, metavar="FILE", help="go on from this layout.onnx, for a new run")
    dimensions = LayoutDimensions()
    parser.add_argument("--widths", nargs=4, type=int, default=dimensions.widths, metavar="N", help="of the stages")
    parser.add_argument("--features", type=int, default=dimensions.features, help="of the maps (%(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="of the processor; default: 1")
    parsed = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(parsed.threads)
    options = options_of(LayoutOptions, parsed)
    trainer = LayoutTrainer(
        parsed.folders, parsed.validation, parsed.run, options,
        dimensions=LayoutDimensions(tuple(parsed.widths), parsed.features), initial_graph=parsed.initial_graph,
    )  # fmt: skip
    trainer.run()


if __name__ == "__main__":
    main()
