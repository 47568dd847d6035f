"""The architectures there are, by the names that stand in the headers of weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from torch import nn

from model.architectures.resnet_transformer import ResNetTransformer, ResNetTransformerConfig
from model.weights_file import RESNET_TRANSFORMER, CheckpointError


@dataclass(frozen=True)
class _Entry:
    """One architecture."""

    network: Callable[[Any], ResNetTransformer]
    config: type


ARCHITECTURES: Mapping[str, _Entry] = {RESNET_TRANSFORMER: _Entry(ResNetTransformer, ResNetTransformerConfig)}


def build(architecture: str, config: Mapping[str, Any]) -> ResNetTransformer:
    """Return an untrained network.

    Raises:
        CheckpointError: There is no such architecture, or its config has no such entries.
    """
    if architecture not in ARCHITECTURES:
        raise CheckpointError(f"There is no architecture called {architecture!r}: {', '.join(ARCHITECTURES)}.")
    entry = ARCHITECTURES[architecture]
    unknown = sorted(set(config) - {field.name for field in fields(entry.config)})
    if unknown:
        raise CheckpointError(f"The architecture {architecture} has nothing called {', '.join(unknown)}.")
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in config.items()}
    try:
        return entry.network(entry.config(**values))
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"The architecture {architecture} cannot be built: {error}.") from error


def name_of(network: nn.Module | Any) -> str:
    """Return the name of a network's architecture."""
    return next(name for name, entry in ARCHITECTURES.items() if type(network) is entry.network)
