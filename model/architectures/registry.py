"""The architectures there are, by the names that stand in the headers of weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from model.architectures.densenet_coverage import DenseNetCoverage, DenseNetCoverageConfig
from model.architectures.hybrid_vit import HybridVit, HybridVitConfig
from model.architectures.im2markup import Im2Markup, Im2MarkupConfig
from model.architectures.inception_gru import InceptionGru, InceptionGruConfig
from model.architectures.interface import Architecture
from model.architectures.patch_transformer import PatchTransformer, PatchTransformerConfig
from model.architectures.resnet_plain_transformer import ResNetPlainTransformer, ResNetPlainTransformerConfig
from model.architectures.resnet_transformer import ResNetTransformer, ResNetTransformerConfig
from model.architectures.show_and_tell import ShowAndTell, ShowAndTellConfig
from model.architectures.show_attend_tell import ShowAttendTell, ShowAttendTellConfig
from model.weights_file import RESNET_TRANSFORMER, CheckpointError


@dataclass(frozen=True)
class _Entry:
    """One architecture."""

    network: Callable[[Any], Architecture]
    config: type


ARCHITECTURES: Mapping[str, _Entry] = {
    RESNET_TRANSFORMER: _Entry(ResNetTransformer, ResNetTransformerConfig),
    "show_and_tell": _Entry(ShowAndTell, ShowAndTellConfig),
    "show_attend_tell": _Entry(ShowAttendTell, ShowAttendTellConfig),
    "inception_gru": _Entry(InceptionGru, InceptionGruConfig),
    "im2markup": _Entry(Im2Markup, Im2MarkupConfig),
    "resnet_plain_transformer": _Entry(ResNetPlainTransformer, ResNetPlainTransformerConfig),
    "hybrid_vit": _Entry(HybridVit, HybridVitConfig),
    "patch_transformer": _Entry(PatchTransformer, PatchTransformerConfig),
    "densenet_coverage": _Entry(DenseNetCoverage, DenseNetCoverageConfig),
}


def build(architecture: str, config: Mapping[str, Any]) -> Architecture:
    """Return an untrained network.

    Raises:
        CheckpointError: There is no such architecture, or its config has no such entries, or no such values.
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
    except (TypeError, ValueError, KeyError, RuntimeError) as error:
        raise CheckpointError(f"The architecture {architecture} cannot be built: {error}.") from error


def name_of(network: Architecture) -> str:
    """Return the name of a network's architecture."""
    return next(name for name, entry in ARCHITECTURES.items() if type(network) is entry.network)
