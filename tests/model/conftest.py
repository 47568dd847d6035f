"""A small recogniser, for tests of everything but reading real formulas, and packed digits to train on without TeX."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from model.architectures.resnet_transformer import ResNetTransformer
from model.checkpoint import load_network, save_network
from model.data_preparation.packed_images import PackedFormula, write_shard
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
    network = load_network(make_tiny_network.WEIGHTS)[0]
    assert isinstance(network, ResNetTransformer)
    return network


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


COLUMN = 9  # Pixels from one digit to the next.


def _formulas(count: int, seed: int) -> Iterator[PackedFormula]:
    generator = np.random.default_rng(seed)
    font = ImageFont.load_default(size=13)
    for _ in range(count):
        digits = [str(digit) for digit in generator.integers(0, 10, size=generator.integers(1, 8))]
        image = Image.new("L", (8 + COLUMN * len(digits), 24), 0)
        for column, digit in enumerate(digits):
            ImageDraw.Draw(image).text((4 + COLUMN * column, 4), digit, fill=255, font=font)
        yield PackedFormula(
            image=np.asarray(image),
            glyphs=[(f"cmr:{48 + int(d)}", 8.0 + COLUMN * column, 12.0) for column, d in enumerate(digits)],
            details={
                "tokens": " ".join(digits),
                "source": "digits",
                "font": "pillow",
                "size_pt": 10,
                "dpi": 100,
                "style": "text",
                "hash": "".join(digits),
            },
        )


@pytest.fixture(scope="session")
def digits_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 1,500 packed images of digit strings, in two shards."""
    folder = tmp_path_factory.mktemp("digits")
    for shard in range(2):
        write_shard(folder, shard, _formulas(750, seed=shard), summary={})
    return folder


@pytest.fixture(scope="session")
def few_digits_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dozen images to validate on: an untrained network decodes up to the length limit, which takes its time."""
    folder = tmp_path_factory.mktemp("few-digits")
    write_shard(folder, 0, _formulas(12, seed=9), summary={})
    return folder


@pytest.fixture(scope="session")
def digits_vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The vocabulary of those images."""
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.json"
    Vocabulary.build([[str(digit)] for digit in range(10)]).save(path)
    return path
