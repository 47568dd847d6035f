"""A small recogniser, saved and loaded like the real one, for tests of everything but reading real formulas."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from model.architectures.resnet_transformer import ResNetTransformer
from model.checkpoint import load_network, save_network
from model.engines.graph_engine import GraphEngine
from model.engines.torch_runner import torch_engine
from model.training.export_graphs import export_graphs
from model.vocabulary import Vocabulary
from tests.model.tiny_network import make_tiny_network


@dataclass(frozen=True)
class RecogniserFiles:
    """Where a recogniser's files lie; the graphs are beside the weights."""

    weights: Path
    vocabulary: Path


@pytest.fixture(scope="session")
def formulas() -> list[list[str]]:
    """Canonical tokens of formulas with every kind of token."""
    return make_tiny_network.formulas()


@pytest.fixture(scope="session")
def vocabulary(formulas: list[list[str]]) -> Vocabulary:
    """The vocabulary of those formulas."""
    return Vocabulary.build(formulas)


@pytest.fixture(scope="session")
def images_by_heart() -> list[np.ndarray]:
    """An image of noise for each formula, (height, width)."""
    return make_tiny_network.images()


@pytest.fixture(scope="session")
def trained_network() -> ResNetTransformer:
    """A small network of all parts that knows those images and formulas by heart; its weights are committed.

    An untrained one would repeat the same token whatever the image, and prove nothing of decoding.
    """
    return load_network(make_tiny_network.WEIGHTS)[0]


@pytest.fixture
def network(trained_network: ResNetTransformer) -> ResNetTransformer:
    """A copy of that network, to be changed at will."""
    return copy.deepcopy(trained_network)


@pytest.fixture(scope="session")
def engine(trained_network: ResNetTransformer) -> GraphEngine:
    """That network as decoding sees it, by PyTorch in float32."""
    return torch_engine(trained_network)


@pytest.fixture(scope="session")
def tiny_graphs(trained_network: ResNetTransformer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graphs of that network, for ONNX Runtime."""
    return export_graphs(trained_network, tmp_path_factory.mktemp("graphs"))


@pytest.fixture
def recogniser_files(
    network: ResNetTransformer, vocabulary: Vocabulary, tiny_graphs: Path, tmp_path: Path
) -> RecogniserFiles:
    """The network, its graphs and its vocabulary, stored as they ship."""
    files = RecogniserFiles(tmp_path / "weights.safetensors", tmp_path / "vocabulary.json")
    save_network(files.weights, network, vocabulary_hash=vocabulary.hash, metadata={}, half=True)
    (tmp_path / tiny_graphs.name).write_bytes(tiny_graphs.read_bytes())
    vocabulary.save(files.vocabulary)
    return files
