"""Train the recogniser: packed images in, a run folder out.

    python -m model.training.train FOLDER... --vocabulary FILE --validation FOLDER... --run FOLDER

A run folder holds `options.json`, `checkpoint.safetensors` (resumed from when it is there), `best.safetensors` (the
averaged weights with the best validation score so far), `log.jsonl` and `curves.png`. A killed run resumes exactly:
step, optimiser, data order and every random number follow from the checkpoint and the seed.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import time
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import torch
from torch import distributed, nn
from torch.distributed import FileStore  # type: ignore[attr-defined]
from torch.multiprocessing.spawn import spawn
from tqdm import tqdm

from model.architectures.interface import Architecture
from model.architectures.registry import build
from model.architectures.resnet_transformer import ResNetTransformer
from model.checkpoint import parameter_count
from model.engines.selection import gpu_device
from model.training.augmentation import augment
from model.training.batch_plan import BatchLimits, curriculum_limit, padding_share, plan_chunk
from model.training.dataset import FormulaImages
from model.training.glyph_head import GlyphHead
from model.training.gradient_exchange import GradientExchange
from model.training.initial_weights import start_from
from model.training.objective import BatchCost, Objective, frozen_blocks
from model.training.optimiser import make_optimiser
from model.training.options import TrainingOptions
from model.training.precision import agree_on_formats
from model.training.run_state import Progress, RunParts, load_run, save_run
from model.training.training_arguments import RunPaths, parse_arguments
from model.training.training_log import TrainingLog
from model.training.validation import Validation
from model.training.weight_average import WeightAverage
from model.vocabulary import Vocabulary
from model.weights_file import RESNET_TRANSFORMER, CheckpointError

logger = logging.getLogger(__name__)

_KEEP_MEMORY = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=17179869184"
"""For the C library on Linux, elsewhere ignored: a step's tensors are not given back to the system and asked for anew,
and lie on huge pages. docs/experiments.md (033) has what that saves."""

LOG_EVERY = 50
SAVE_EVERY = 200


def main(arguments: list[str] | None = None) -> None:
    """Read the arguments and run one process, or several side by side."""
    paths, options = parse_arguments(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    paths.run.mkdir(parents=True, exist_ok=True)
    (paths.run / "options.json").write_text(json.dumps(asdict(options), indent=1), encoding="utf-8")
    device = torch.device((gpu_device() or "cpu") if paths.device == "auto" else paths.device)
    if device.type != "cpu" or options.processes == 1:
        _train_process(0, 1, paths, options, device)
        return
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    os.environ.setdefault("GLIBC_TUNABLES", _KEEP_MEMORY)
    spawn(_train_process, args=(options.processes, paths, options, device), nprocs=options.processes)


def _train_process(rank: int, processes: int, paths: RunPaths, options: TrainingOptions, device: torch.device) -> None:
    """One data-parallel process of a run."""
    if processes > 1:
        torch.set_num_threads(1)
        store = FileStore(str(paths.run / f".meeting-{os.getppid()}"), processes)
        distributed.init_process_group("gloo", store=store, rank=rank, world_size=processes)
    agree_on_formats(device.type)
    try:
        Trainer(rank, processes, paths, options, device).run()
    finally:
        if processes > 1:
            distributed.destroy_process_group()


def untrained_network(options: TrainingOptions, vocabulary_size: int) -> Architecture:
    """Return the network that the options name.

    Raises:
        CheckpointError: There is no such architecture, or its config has no such entries or is no JSON object.
    """
    try:
        config = json.loads(options.config)
    except ValueError:
        config = None
    if not isinstance(config, dict):
        raise CheckpointError(f"The network's config is no JSON object: {options.config}.")
    if options.architecture == RESNET_TRANSFORMER:
        config = {"draft_tokens": options.draft_tokens, "inked_cells_only": options.inked_cells_only, **config}
    return build(options.architecture, {"vocabulary_size": vocabulary_size, **config})


class Trainer:
    """The state of one process and the loop over steps."""

    def __init__(
        self, rank: int, processes: int, paths: RunPaths, options: TrainingOptions, device: torch.device
    ) -> None:
        self.rank, self.processes, self.paths, self.options, self.device = rank, processes, paths, options, device
        torch.manual_seed(options.seed)
        self.vocabulary = Vocabulary.load(paths.vocabulary)
        self.data = FormulaImages(
            paths.training,
            self.vocabulary,
            source_weights=dict(options.source_weights),
            easy_share=options.easy_share,
        )
        self.limits = BatchLimits(options.pixel_budget, options.token_budget, options.batch_limit)
        network = untrained_network(options, len(self.vocabulary)).to(device)
        self.network: Architecture = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        names_glyphs = isinstance(network, ResNetTransformer)
        head = GlyphHead(network.config.width, network.config.reduction) if names_glyphs else None
        self.glyph_head = None if head is None else head.to(device)
        if paths.compile:
            network.compile(dynamic=True)
        start_from(network, paths, self.vocabulary)
        self.trained = self._what_is_trained()
        self.objective = Objective(network, self.glyph_head, options)
        self.optimiser = make_optimiser(self.trained, options, rank=rank, processes=processes)
        average = WeightAverage(self.network, options.average_decay)
        self.parts = RunParts(self.network, self.glyph_head or nn.Module(), average, self.optimiser)
        self.progress = Progress()
        self.checkpoint = paths.run / "checkpoint.safetensors"
        if self.checkpoint.exists():
            self.progress = load_run(self.checkpoint, self.parts, vocabulary_hash=self.vocabulary.hash)
        self.exchange = GradientExchange(self.trained, processes)
        self.validation = Validation(
            paths.validation, self.vocabulary, images=options.validation_images, rank=rank, processes=processes
        )
        self.log = TrainingLog(paths.run)
        if rank == 0:
            logger.info(
                "%d images, %.2f M parameters, step %d",
                len(self.data),
                parameter_count(network) / 1e6,
                self.progress.step,
            )

    def _what_is_trained(self) -> list[nn.Module]:
        """Return the modules that learn; nothing else keeps gradients.

        Raises:
            ValueError: The options name no part of the network.
        """
        drafts = getattr(self.network.decoder, "draft_heads", None)
        parts: dict[str, list[nn.Module | None]] = {
            "all": [self.network, self.glyph_head],
            "decoder": [self.network.decoder],
            "drafts": [drafts],
        }
        trained = [module for module in parts.get(self.options.trained, []) if module is not None]
        if not trained:
            raise ValueError(f"There is nothing called {self.options.trained!r} to train: all, decoder or drafts.")
        self.network.requires_grad_(False)
        for module in [*trained]:
            module.requires_grad_(True)
        for block in frozen_blocks(self.network, self.options):
            block.requires_grad_(False)
        return trained

    def run(self) -> None:
        """Train until the planned images or hours are over, or validation has stopped improving."""
        bar = tqdm(total=1.0, disable=None if self.rank == 0 else True, bar_format="{l_bar}{bar}| {postfix}")
        started = time.perf_counter() - self.progress.seconds
        busy_since = time.process_time() - self.progress.processor_seconds
        sums, since, since_images = _Sums(), time.perf_counter(), self.progress.images
        for groups in self._groups():
            self._set_learning_rate()
            self.exchange.clear()
            for indices in groups:
                generator, torch_generator = self._generators()
                degraded = 0 <= generator.random() * self.options.augment_after <= self.progress.images
                degraded = generator.random() >= self.options.clean_share and degraded
                batch = self.data.batch(indices[self.rank], generator if degraded else None)
                if degraded:
                    batch = augment(batch, torch_generator, int(self.limits.pixels * 1.3))
                torch.manual_seed(torch_generator.initial_seed())  # what dropout draws from
                self.objective.prepare()
                cost = self.objective.cost(batch.to(self.device), self.progress.share, torch_generator)
                torch.autograd.backward(cost.total)
                sums.add(cost, padding_share(indices[self.rank], self.data.sizes))
                self.progress.images += sum(len(part) for part in indices)
                self.progress.group += 1
            share = self.exchange.average(self._share(time.perf_counter() - started), len(groups))
            self.progress.share = share
            nn.utils.clip_grad_norm_(
                [one for module in self.trained for one in module.parameters() if one.requires_grad],
                self.options.gradient_limit,
            )
            self.optimiser.step()
            self.parts.average.update(self.network, self.progress.step)
            self.progress.step += 1
            self.progress.seconds = time.perf_counter() - started
            self.progress.processor_seconds = time.process_time() - busy_since
            step = self.progress.step
            if step % LOG_EVERY == 0 and self.rank == 0:
                speed = (self.progress.images - since_images) / (time.perf_counter() - since)
                since, since_images = time.perf_counter(), self.progress.images
                self.log.write("train", **asdict(self.progress), speed=round(speed, 1), **sums.means())
                bar.n = round(share, 4)
                bar.set_postfix_str(f"step {step}, loss {sums.means()['loss']:.3f}, {speed:.0f} images/s")
                sums = _Sums()
            finished = share >= 1.0
            if step % self.options.validate_every == 0 or finished:
                finished = self._validate() or finished
                busy_since = time.process_time() - self.progress.processor_seconds
                since, since_images = time.perf_counter(), self.progress.images
            if self.rank == 0 and (step % SAVE_EVERY == 0 or finished):
                save_run(self.checkpoint, self.parts, self.progress, vocabulary=self.vocabulary)
            if finished:
                return

    def _groups(self) -> Iterator[list[list[np.ndarray]]]:
        """Yield, step by step, `accumulate` groups of one batch for each process."""
        while True:
            if self.progress.group == 0:
                self.progress.most_tokens = curriculum_limit(self.options.curriculum, self.progress.images)
            plan = plan_chunk(
                self.data.sizes,
                self.limits,
                most_tokens=self.progress.most_tokens,
                groups_of=self.processes,
                seed=(self.options.seed, self.progress.chunk),
            )
            step_groups = self.options.accumulate
            while self.progress.group + step_groups <= len(plan):
                yield plan[self.progress.group : self.progress.group + step_groups]
            self.progress.chunk += 1
            self.progress.group = 0

    def _generators(self) -> tuple[np.random.Generator, torch.Generator]:
        """Return the random numbers of this batch, which depend on its place in the run alone."""
        seed = (self.options.seed, self.progress.chunk, self.progress.group, self.rank)
        generator = np.random.default_rng(seed)
        return generator, torch.Generator().manual_seed(int(generator.integers(2**62)))

    def _share(self, seconds: float) -> float:
        """Return which share of the planned training is over."""
        if self.options.processor_seconds:
            return min(1.0, self.progress.processor_seconds / self.options.processor_seconds)
        if self.options.images:
            return min(1.0, self.progress.images / self.options.images)
        return min(1.0, seconds / (self.options.hours * 3600))

    def _set_learning_rate(self) -> None:
        """Linear warm-up, then a cosine or an exponential from the peak to the final rate."""
        warm = min(1.0, (self.progress.step + 1) / self.options.warm_up_steps)
        low, high = self.options.final_learning_rate, self.options.learning_rate
        if self.options.schedule == "exponential":
            rate = warm * high * (low / high) ** self.progress.share
        else:
            rate = warm * (low + (high - low) * 0.5 * (1 + math.cos(math.pi * self.progress.share)))
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group.get("pace", 1.0)

    def _validate(self) -> bool:
        """Score the averaged weights; keep them when they are the best so far; say whether to stop early."""
        scores = self.validation.score(self.parts.average.averages, self.network)
        score = scores["edit_similarity"] + scores["exact_match"]
        improved = score > self.progress.best_score
        self.progress.validations_without_gain = 0 if improved else self.progress.validations_without_gain + 1
        self.progress.best_score = max(score, self.progress.best_score)
        if self.rank == 0:
            spent = round(self.progress.processor_seconds, 3)
            self.log.write(
                "validation",
                step=self.progress.step,
                images=self.progress.images,
                processor_seconds=spent,
                **scores,
            )
            with contextlib.suppress(OSError):
                self.log.draw_curves()
            if improved:
                self.validation.save_best(
                    self.paths.run / "best.safetensors",
                    self.parts.average.averages,
                    self.network,
                    self.progress,
                )
        return self.progress.validations_without_gain >= self.options.patience


class _Sums:
    """Running means between two log lines."""

    def __init__(self) -> None:
        self.values: list[tuple[float, float, float, float, float]] = []

    def add(self, cost: BatchCost, padding: float) -> None:
        self.values.append((cost.loss, cost.glyph_loss, cost.draft_loss, cost.top5, padding))

    def means(self) -> dict[str, float]:
        names = ("loss", "glyph_loss", "draft_loss", "top5", "padding")
        return {name: round(mean, 4) for name, mean in zip(names, np.mean(self.values, axis=0).tolist(), strict=True)}


if __name__ == "__main__":
    main()
