"""Save and load a network: weights and a JSON header in one safetensors file.

The header names the architecture, its config, the tokeniser with its hash, and the text height that the network was
trained at; beside them stands free metadata (step, options, scores).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from model.architectures.interface import Architecture
from model.architectures.registry import build, name_of
from model.image_transform import MARGIN, NETWORK_TEXT_HEIGHT
from model.weights_file import CheckpointError, checked


def save_network(
    path: Path,
    network: Architecture,
    *,
    vocabulary_hash: str,
    metadata: dict[str, Any],
    half: bool,
    tokeniser: str = "tokens",
) -> None:
    """Write the network's weights; `half` stores them as float16, which is what ships.

    The tokeniser is the vocabulary's `kind`.

    The file appears whole or not at all: it is written beside its place and then renamed.
    """
    tensors = {
        name: (tensor.half() if half and tensor.is_floating_point() else tensor).detach().cpu().contiguous()
        for name, tensor in network.state_dict().items()
    }
    save_tensors(path, tensors, {**network_header(network, vocabulary_hash, tokeniser), **metadata})


def network_header(network: Architecture, vocabulary_hash: str, tokeniser: str) -> dict[str, Any]:
    """Return what a header says of a network."""
    return {
        "architecture": name_of(network),
        "config": asdict(network.config),
        "tokeniser": tokeniser,
        "vocabulary_hash": vocabulary_hash,
        "transform": {"text_height": NETWORK_TEXT_HEIGHT, "margin": MARGIN},
    }


def load_network(path: Path) -> tuple[Architecture, dict[str, Any]]:
    """Return the network in evaluation mode, float32, and the header (it holds `vocabulary_hash`).

    Raises:
        CheckpointError: The file is missing, damaged, or not of this network.
    """
    tensors, stored = load_tensors(path)
    header = checked(stored, path)
    try:
        with torch.device("meta"):  # takes no memory; what was not stored is not built
            _refuse_another_size(build(header["architecture"], header["config"]), tensors)
        network = build(header["architecture"], header["config"])
        network.load_state_dict(
            {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}
        )
    except (KeyError, TypeError, RuntimeError) as error:
        raise CheckpointError(f"{path} does not hold a recogniser network: {error}.") from error
    return network.eval(), header


def save_tensors(path: Path, tensors: dict[str, Tensor], header: dict[str, Any]) -> None:
    """Write named tensors and a JSON header, whole or not at all."""
    unfinished = path.with_name(path.name + ".partial")
    save_file(tensors, unfinished, metadata={"snaptex": json.dumps(header)})
    unfinished.chmod(0o644)  # The writer leaves it readable by its owner alone.
    unfinished.replace(path)


def load_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read what `save_tensors` wrote.

    Raises:
        CheckpointError: The file is missing or damaged.
    """
    if not path.is_file():
        raise CheckpointError(f"There are no weights at {path}.")
    try:
        with safe_open(path, framework="pt") as file:
            header = json.loads((file.metadata() or {})["snaptex"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
    except (SafetensorError, KeyError, ValueError, TypeError, RecursionError, OSError) as error:
        raise CheckpointError(f"{path} is damaged or was not written by Snaptex: {error}.") from error
    return tensors, header


def _refuse_another_size(network: torch.nn.Module, tensors: dict[str, Tensor]) -> None:
    if {name: tensor.shape for name, tensor in network.state_dict().items()} != {
        name: tensor.shape for name, tensor in tensors.items()
    }:
        raise RuntimeError("its arrays are not those that its header speaks of")


def parameter_count(network: torch.nn.Module) -> int:
    """Return the number of trained parameters."""
    return sum(parameter.numel() for parameter in network.parameters())
