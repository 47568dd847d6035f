"""What every architecture of the registry must keep to, so that one command trains and one decoder reads with any."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from model.architectures.registry import ARCHITECTURES
from model.checkpoint import load_network, save_network
from model.decoding.beam import decode_with_beam
from model.decoding.decode import decode
from model.engines.onnx_runner import onnx_engine
from model.engines.torch_runner import torch_engine
from model.training.export_graphs import export_graphs
from model.training.losses import token_loss
from model.vocabulary import BOS, PAD
from tests.model.architectures.small_systems import (
    FORMULAS,
    FREE,
    SYSTEMS,
    batch,
    images,
    learned,
    small,
    token_ids,
    vocabulary,
)  # fmt: skip
from tests.model.decoding.same_formulas import assert_same
from tests.model.decoding.token_by_token import decode_greedily

every_system = pytest.mark.parametrize("name", SYSTEMS)


def test_every_architecture_is_tried() -> None:
    # One that is added without a row in the table would be bound by nothing below.
    assert {architecture for architecture, _ in SYSTEMS.values()} == set(ARCHITECTURES)


@every_system
def test_eight_images_are_learned_by_heart(name: str) -> None:
    # A system that cannot do this can do nothing; that it can needs every part of it, and decoding, to be right.
    formulas = decode(torch_engine(learned(name)), images(), vocabulary(name), options=FREE)
    assert [formula.tokens for formula in formulas] == FORMULAS


@every_system
def test_greedy_equals_a_beam_of_one(name: str) -> None:
    # Two ways through the same engine: the states of a beam must be moved as those of a batch are.
    engine, limits = torch_engine(learned(name)), [12] * len(FORMULAS)
    encoded = engine.encode(images())
    greedy = decode_greedily(engine, encoded, limits, vocabulary(name), FREE)
    beam = decode_with_beam(engine, encoded, limits, vocabulary(name), FREE)
    assert_same(greedy, beam)


@every_system
def test_a_batch_reads_as_single_images_do(name: str) -> None:
    # Nobody's formula may depend on which other images are read beside it.
    engine = torch_engine(learned(name))
    together = decode(engine, images(), vocabulary(name), options=FREE)
    alone = [decode(engine, [image], vocabulary(name), options=FREE)[0] for image in images()]
    assert_same(together, alone)


@every_system
def test_a_network_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    # The file holds all that the network needs, its dimensions and statistics among them.
    network = small(name).train()
    network(*batch(images()), token_ids(name))  # statistics of batch normalisation that are not those of the beginning
    path = tmp_path / "weights.safetensors"
    save_network(path, network.eval(), vocabulary_hash="hash", metadata={}, half=False)
    loaded, header = load_network(path)
    assert (type(loaded), loaded.config) == (type(network), network.config)
    assert header["vocabulary_hash"] == "hash"
    with torch.inference_mode():
        inputs = *batch(images()), token_ids(name)
        torch.testing.assert_close(loaded(*inputs).logits, network(*inputs).logits, rtol=0, atol=0)


@every_system
def test_the_exported_graphs_read_as_training_computes(name: str, tmp_path: Path) -> None:
    # What users run is ONNX Runtime; rows of two images are moved on the way, as a beam does.
    network = small(name).eval()
    export_graphs(network, tmp_path)
    save_network(tmp_path / "weights.safetensors", network, vocabulary_hash="", metadata={}, half=False)
    engine = onnx_engine(tmp_path / "weights.safetensors")
    arrays, tokens = images()[:2], token_ids(name)[:2, :5]
    with torch.inference_mode():
        expected = [network(*batch([image]), row[None]).logits[0] for image, row in zip(arrays, tokens, strict=True)]
    state = engine.start(engine.encode(arrays))
    logits = engine.extend(tokens[:, :3].numpy(), state).logits
    state.select([0, 0, 1, 1])
    more = engine.extend(tokens[:, 3:].numpy().repeat(2, axis=0), state).logits
    for row in range(4):
        made = np.concatenate([logits[row // 2], more[row]])
        np.testing.assert_allclose(made, expected[row // 2].numpy(), atol=0.3)  # the decoder may have 8 bits


@every_system
def test_gradients_reach_every_parameter(name: str) -> None:
    # A part that learns nothing is either not connected or not needed.
    network = small(name).train()
    logits = network(*batch(images()), token_ids(name)[:, :-1]).logits
    torch.autograd.backward(token_loss(logits, token_ids(name)[:, 1:], PAD, 0.0))
    idle = [key for key, one in network.named_parameters() if one.grad is None or not one.grad.abs().sum() > 0]
    assert idle == []


# The bundled network has none: what it is trained on is too much to be learned by heart.
@pytest.mark.parametrize("name", [name for name, (_, dimensions) in SYSTEMS.items() if "dropout" in dimensions])
def test_dropout_changes_what_is_trained_and_not_what_is_read(name: str) -> None:
    # One that is not wired to its option would be told of as if it had been tried.
    def logits(dropout: float, *, trains: bool, seed: int) -> torch.Tensor:
        network = small(name, dropout=dropout).train(trains)
        torch.manual_seed(seed)
        with torch.no_grad():
            made: torch.Tensor = network(*batch(images()), token_ids(name)).logits
        return made

    without = logits(0.0, trains=True, seed=1)
    torch.testing.assert_close(logits(0.0, trains=True, seed=2), without, rtol=0, atol=0)
    one, other = (logits(0.5, trains=True, seed=seed) for seed in (1, 2))
    assert not torch.allclose(one, without, atol=1e-3)
    assert not torch.allclose(one, other, atol=1e-3)
    reads = logits(0.0, trains=False, seed=1)
    torch.testing.assert_close(logits(0.5, trains=False, seed=1), reads, rtol=0, atol=0)


# The bundled network lets the padding be one more augmentation in training; it reads each image alone.
@pytest.mark.parametrize("name", [name for name in SYSTEMS if name != "resnet_transformer"])
def test_padding_changes_nothing(name: str) -> None:
    # Images and tokens are filled up to the largest of a batch, which is another one each time.
    network = small(name).eval()
    tokens = token_ids(name)
    longer = torch.cat([tokens, torch.full((len(tokens), 3), PAD)], dim=1)
    with torch.inference_mode():
        padded = network(*batch(images(), more=19), longer).logits
        for row, image in enumerate(images()):
            length = int((tokens[row] != PAD).sum())
            alone = network(*batch([image]), tokens[row : row + 1, :length]).logits[0]
            torch.testing.assert_close(padded[row, :length], alone, rtol=1e-3, atol=1e-4)


@every_system
def test_attention_sums_to_one_over_real_cells(name: str) -> None:
    # What only fills a batch up must get none of it.
    engine = torch_engine(small(name).eval())
    encoded = engine.encode(images())
    output = engine.extend(np.array([[BOS, 5]] * len(FORMULAS)), engine.start(encoded), attention=True)
    assert output.attention is not None
    assert output.attention.shape[:2] == (len(FORMULAS), 2)
    for row in range(len(FORMULAS)):
        cells = len(encoded.grid(row)[1])
        np.testing.assert_allclose(output.attention[row, :, :cells].sum(axis=1), 1.0, atol=1e-4)
        assert not output.attention[row, :, cells:].any()
