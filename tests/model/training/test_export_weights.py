"""What ships is the network of a run, in half the bytes, and nothing that only training needs."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from model.architectures.resnet_transformer import ResNetTransformer, ResNetTransformerConfig
from model.checkpoint import load_network, save_network
from model.training.export_weights import WEIGHTS_NAME, export_weights
from model.vocabulary import Vocabulary
from model.weights_file import CheckpointError

DIMENSIONS = ResNetTransformerConfig(vocabulary_size=40, draft_tokens=2)


def saved(path: Path, vocabulary_hash: str, dimensions: ResNetTransformerConfig = DIMENSIONS, seed: int = 1) -> Path:
    torch.manual_seed(seed)
    save_network(path, ResNetTransformer(dimensions), vocabulary_hash=vocabulary_hash, metadata={}, half=False)
    return path


def state_of(path: Path) -> dict[str, Tensor]:
    return load_network(path)[0].state_dict()


@pytest.fixture
def vocabulary_file(vocabulary: Vocabulary, tmp_path: Path) -> Path:
    path = tmp_path / "vocabulary.json"
    vocabulary.save(path)
    return path


def test_weights_ship_as_float16(vocabulary: Vocabulary, vocabulary_file: Path, tmp_path: Path) -> None:
    best = saved(tmp_path / "best.safetensors", vocabulary.hash)
    path = export_weights(best, vocabulary_file, tmp_path / "out")
    assert path.stat().st_size < 0.6 * best.stat().st_size
    shipped = state_of(path)
    for name, tensor in state_of(best).items():
        assert torch.equal(shipped[name], tensor.half().float() if tensor.is_floating_point() else tensor)
    assert (tmp_path / "out" / "vocabulary.json").read_bytes() == vocabulary_file.read_bytes()


def test_mean_of_two_networks(vocabulary: Vocabulary, vocabulary_file: Path, tmp_path: Path) -> None:
    # Through the command, as the model card says it. The draft heads stay those of the run.
    best = saved(tmp_path / "best.safetensors", vocabulary.hash, seed=1)
    start = saved(tmp_path / "start.safetensors", vocabulary.hash, seed=2)
    command = [sys.executable, "-m", "model.training.export_weights", str(best), "--vocabulary", str(vocabulary_file)]
    subprocess.run([*command, "--out", str(tmp_path), "--mean-with", str(start)], check=True, capture_output=True)
    first, second, mean = state_of(best), state_of(start), state_of(tmp_path / WEIGHTS_NAME)
    for name, tensor in mean.items():
        expected = first[name] if "draft" in name else (first[name] + second[name]) / 2
        assert torch.allclose(tensor.float(), expected.float(), atol=1e-3)
    assert any("draft" in name for name in mean)
    assert not torch.allclose(first["decoder.draft_heads.mix.weight"], second["decoder.draft_heads.mix.weight"])


def test_mean_with_weights_of_a_smaller_vocabulary(
    vocabulary: Vocabulary, vocabulary_file: Path, tmp_path: Path
) -> None:
    # The tokens that the run brought have no earlier weights; theirs are the run's own.
    known = Vocabulary(vocabulary.tokens[:-3])
    sizes = [replace(DIMENSIONS, vocabulary_size=len(table)) for table in (vocabulary, known)]
    best = saved(tmp_path / "best.safetensors", vocabulary.hash, sizes[0], seed=1)
    start = saved(tmp_path / "start.safetensors", known.hash, sizes[1], seed=2)
    mean = state_of(export_weights(best, vocabulary_file, tmp_path / "out", mean_with=start, share=0.75))
    first, second = state_of(best), state_of(start)
    name = "decoder.embedding.weight"
    assert torch.allclose(mean[name][: len(known)], 0.75 * first[name][:-3] + 0.25 * second[name], atol=1e-3)
    assert torch.allclose(mean[name][len(known) :], first[name][-3:], atol=1e-3)


@pytest.mark.parametrize("other", ["of other dimensions", "of another vocabulary"])
def test_mean_with_another_network(vocabulary: Vocabulary, vocabulary_file: Path, tmp_path: Path, other: str) -> None:
    best = saved(tmp_path / "best.safetensors", vocabulary.hash)
    start = tmp_path / "start.safetensors"
    if other == "of other dimensions":
        saved(start, vocabulary.hash, replace(DIMENSIONS, decoder_layers=2))
    else:
        saved(start, "0123")
    with pytest.raises(CheckpointError, match="not of the same network"):
        export_weights(best, vocabulary_file, tmp_path / "out", mean_with=start)
    assert not (tmp_path / "out").exists()


def test_another_vocabulary(vocabulary_file: Path, tmp_path: Path) -> None:
    best = saved(tmp_path / "best.safetensors", "0123")
    with pytest.raises(CheckpointError, match="another vocabulary"):
        export_weights(best, vocabulary_file, tmp_path / "out")
