"""Everything a run needs to go on exactly where it was killed, in one file that is never half written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from model.architectures.interface import Architecture
from model.checkpoint import load_tensors, network_header, save_tensors
from model.training.weight_average import WeightAverage
from model.vocabulary import Vocabulary


@dataclass
class Progress:
    """Where the run stands.

    Attributes:
        step: Optimiser steps done.
        images: Images seen by all processes.
        seconds: Seconds spent training, over all resumptions.
        processor_seconds: Of processor time, over all resumptions, validation not counted.
        share: Share of the planned training that is over, as the processes agreed on it; decides the learning rate.
        chunk: Number of the chunk of the batch plan being worked through.
        group: Groups of that chunk already done.
        most_tokens: Longest formula of that chunk, None for any.
        best_score: Best validation score so far.
        validations_without_gain: Since then.
    """

    step: int = 0
    images: int = 0
    seconds: float = 0.0
    processor_seconds: float = 0.0
    share: float = 0.0
    chunk: int = 0
    group: int = 0
    most_tokens: int | None = None
    best_score: float = -1.0
    validations_without_gain: int = 0


@dataclass(frozen=True)
class RunParts:
    """The live objects whose state is kept."""

    network: Architecture
    glyph_head: nn.Module
    average: WeightAverage
    optimiser: Optimizer


def save_run(path: Path, parts: RunParts, progress: Progress, *, vocabulary: Vocabulary) -> None:
    """Write the checkpoint of a run."""
    state = {
        "network": parts.network.state_dict(),
        "glyph_head": parts.glyph_head.state_dict(),
        "average": parts.average.averages,
        "optimiser": optimiser_tensors(parts.optimiser),
    }
    header = {**network_header(parts.network, vocabulary.hash, vocabulary.kind), "progress": asdict(progress)}
    save_parts(path, state, header)


def load_run(path: Path, parts: RunParts, *, vocabulary_hash: str) -> Progress:
    """Fill the live objects from a checkpoint.

    Raises:
        CheckpointError: The file is missing or damaged.
        ValueError: It belongs to another vocabulary or another network.
    """
    tensors, header = load_tensors(path)
    if header["vocabulary_hash"] != vocabulary_hash:
        raise ValueError(f"{path} was trained with another vocabulary.")
    groups = parts_of(tensors)
    parts.network.load_state_dict(groups["network"])
    parts.glyph_head.load_state_dict(groups["glyph_head"])
    for name, tensor in groups["average"].items():
        parts.average.averages[name].copy_(tensor)
    load_optimiser(parts.optimiser, groups["optimiser"])
    return Progress(**header["progress"])


def save_parts(path: Path, parts: Mapping[str, Mapping[str, Tensor]], header: dict[str, Any]) -> None:
    """Write tensors of several parts into one file, each under the name of its part and a point."""
    tensors = {f"{part}.{name}": tensor for part, named in parts.items() for name, tensor in named.items()}
    # Cloned, since safetensors refuses tensors that share memory.
    save_tensors(path, {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}, header)


def parts_of(tensors: Mapping[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    """Return the tensors of each part, by their names in it; a part without tensors is empty."""
    parts: defaultdict[str, dict[str, Tensor]] = defaultdict(dict)
    for name, tensor in tensors.items():
        part, _, rest = name.partition(".")
        parts[part][rest] = tensor
    return parts


def optimiser_tensors(optimiser: Optimizer) -> dict[str, Tensor]:
    """Return the state of an optimiser, named by parameter and kind."""
    states = optimiser.state_dict()["state"].items()
    return {f"{index}.{name}": tensor for index, state in states for name, tensor in state.items()}


def load_optimiser(optimiser: Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Fill an optimiser with what `optimiser_tensors` returned."""
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    states: defaultdict[int, dict[str, Tensor]] = defaultdict(dict)
    for name, tensor in tensors.items():
        index, _, rest = name.partition(".")
        like = parameters[int(index)]
        # The fused optimiser walks raw memory: moments must lie as their parameter does, which may be channels last.
        laid_out = torch.empty_like(like).copy_(tensor) if tensor.shape == like.shape else tensor
        states[int(index)][rest] = laid_out
    optimiser.load_state_dict(optimiser.state_dict() | {"state": dict(states)})
