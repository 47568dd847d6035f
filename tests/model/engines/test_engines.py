"""Both engines must compute what was trained: a few tokens at a time, in any company, taken back or not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from model.architectures.resnet_transformer import ResNetTransformer
from model.engines.graph_engine import GraphEngine
from model.engines.interface import EngineError
from model.engines.onnx_runner import onnx_engine, quantise
from model.engines.torch_runner import torch_engine
from tests.model.conftest import RecogniserFiles

# Weights and activations of 8 bits are off by a part in a hundred; nothing but a wrong graph is off by more than this.
TOLERANCE = {"torch": 2e-3, "onnx": 0.5}


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    """An image of ink everywhere."""
    return np.random.default_rng(seed).random((height, width), dtype=np.float32)


def trained(network: ResNetTransformer, image: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    """Logits (tokens, vocabulary) as training computes them."""
    inputs = torch.from_numpy(image)[None, None], torch.tensor([image.shape]), torch.from_numpy(tokens)[None]
    with torch.inference_mode():
        logits: np.ndarray = network.eval()(*inputs).logits[0].numpy()
    return logits


@pytest.fixture(params=["torch", "onnx"])
def either(
    request: pytest.FixtureRequest, network: ResNetTransformer, recogniser_files: RecogniserFiles
) -> tuple[GraphEngine, float]:
    """An engine, and how far its logits may be off."""
    made = torch_engine(network) if request.param == "torch" else onnx_engine(recogniser_files.weights)
    return made, TOLERANCE[request.param]


def test_steps_give_the_logits_of_the_whole_sequence(
    either: tuple[GraphEngine, float], network: ResNetTransformer
) -> None:
    # Training runs the one path and decoding the other; the cache grows from 32 places to 64 and 128 on the way.
    engine, tolerance = either
    images = [noise(40, 96), noise(32, 64, seed=1)]
    tokens = np.random.default_rng(2).integers(4, network.config.vocabulary_size, (2, 70))
    expected = np.stack([trained(network, image, row) for image, row in zip(images, tokens, strict=True)])
    state = engine.start(engine.encode(images))
    parts = [engine.extend(tokens[:, start:end], state).logits for start, end in ((0, 9), (9, 10), (10, 40), (40, 70))]
    np.testing.assert_allclose(np.concatenate(parts, axis=1), expected, atol=tolerance)


def test_tokens_are_taken_back_and_rows_reordered(
    either: tuple[GraphEngine, float], network: ResNetTransformer
) -> None:
    # A wrong guess must leave no trace, and a hypothesis that is kept twice must go on twice, on its own image.
    engine, tolerance = either
    images = [noise(40, 96), noise(32, 64, seed=1), noise(24, 72, seed=2)]
    tokens = np.random.default_rng(3).integers(4, network.config.vocabulary_size, (3, 8))
    state = engine.start(engine.encode(images))
    engine.extend(tokens, state)
    state.truncate([5, 5, 5])
    state.select([2, 2, 0, 0])  # two rows for each of two images
    goes_on = np.array([[7, 8], [9, 10], [11, 12], [13, 14]])
    logits = engine.extend(goes_on, state).logits
    for row, image in enumerate([2, 2, 0, 0]):
        expected = trained(network, images[image], np.concatenate([tokens[image, :5], goes_on[row]]))[-2:]
        np.testing.assert_allclose(logits[row], expected, atol=tolerance)
    state.select([1, 3])
    logits = engine.extend(np.array([[4], [5]]), state).logits
    expected = trained(network, images[0], np.array([*tokens[0, :5], 13, 14, 5]))[-1]
    np.testing.assert_allclose(logits[1, 0], expected, atol=tolerance)


def test_rows_that_have_taken_unequal_numbers_of_tokens(
    either: tuple[GraphEngine, float], network: ResNetTransformer
) -> None:
    # Each goes on from its own end, and what was taken back of a longer one is seen by none.
    engine, tolerance = either
    images = [noise(40, 96), noise(32, 64, seed=1), noise(24, 72, seed=2)]
    tokens = np.random.default_rng(4).integers(4, network.config.vocabulary_size, (3, 40))
    state, lengths = engine.start(engine.encode(images)), [0, 0, 0]
    for taken in ((5, 2, 3), (1, 4, 4), (9, 1, 5)):
        shown = np.stack([row[length : length + 9] for row, length in zip(tokens, lengths, strict=True)])
        logits = engine.extend(shown, state).logits
        for row, (image, length, count) in enumerate(zip(images, lengths, taken, strict=True)):
            expected = trained(network, image, tokens[row, : length + count])[length:]
            np.testing.assert_allclose(logits[row, :count], expected, atol=tolerance)
        lengths = [length + count for length, count in zip(lengths, taken, strict=True)]
        state.truncate(lengths)
    state.select([2, 1])
    logits = engine.extend(tokens[[2, 1], [lengths[2], lengths[1]]][:, None], state).logits
    for row, number in enumerate((2, 1)):
        expected = trained(network, images[number], tokens[number, : lengths[number] + 1])[-1]
        np.testing.assert_allclose(logits[row, 0], expected, atol=tolerance)


def test_attention_is_shared_out_over_the_cells(either: tuple[GraphEngine, float]) -> None:
    # What only fills a batch up must get none of it.
    engine, _ = either
    encoded = engine.encode([noise(40, 96), noise(16, 24, seed=1)])
    output = engine.extend(np.array([[1, 5], [1, 6]]), engine.start(encoded), attention=True)
    assert output.attention is not None
    np.testing.assert_allclose(output.attention.sum(axis=2), 1.0, atol=1e-4)
    (rows, columns), places = encoded.grid(1)
    assert (rows, columns) == (2, 3)
    assert output.attention[1, :, len(places) :].max() == 0.0


@pytest.mark.parametrize(("height", "width"), [(40, 96), (29, 123), (17, 9), (33, 8)])
def test_sizes_that_fill_no_cell(
    either: tuple[GraphEngine, float], network: ResNetTransformer, height: int, width: int
) -> None:
    # A graph that has a size of the example in it, or rounds otherwise, sees another image.
    engine, tolerance = either
    image, tokens = noise(height, width).round(), np.array([1, 5, 6, 7])
    encoded = engine.encode([image])
    assert encoded.grid(0)[0] == (-(-height // 8), -(-width // 8))
    logits = engine.extend(tokens[None], engine.start(encoded)).logits[0]
    np.testing.assert_allclose(logits, trained(network, image, tokens), atol=tolerance)


def test_both_engines_guess_alike(network: ResNetTransformer, recogniser_files: RecogniserFiles) -> None:
    hidden = noise(2, network.config.width)
    guesses = [one.drafts(hidden, [5, 6]) for one in (torch_engine(network), onnx_engine(recogniser_files.weights))]
    assert guesses[0] == guesses[1]
    assert [len(one) for one in guesses[0]] == 2 * [network.config.draft_tokens]


def test_graphs_of_another_network_are_refused(recogniser_files: RecogniserFiles, tmp_path: Path) -> None:
    # They would read nonsense, or fail at the first snip.
    with pytest.raises(EngineError, match="missing or damaged"):
        onnx_engine(recogniser_files.weights.rename(tmp_path / "weights").rename(tmp_path.parent / "alone.safetensors"))
    resources = Path(__file__).parents[3] / "resources"
    graphs = recogniser_files.vocabulary.with_name("graphs.zip")
    (tmp_path / "weights.safetensors").write_bytes((resources / "weights.safetensors").read_bytes())
    assert graphs.is_file()
    with pytest.raises(EngineError, match="another network"):
        onnx_engine(tmp_path / "weights.safetensors")


@pytest.mark.parametrize("largest", [127, 63])
def test_integers_stand_for_the_weights(largest: int) -> None:
    # A row of zeros, as a layer has that learned nothing, must not divide by zero.
    matrix = np.random.default_rng(0).standard_normal((5, 7)).astype(np.float32)
    matrix[3] = 0.0
    integers, scales = quantise(matrix, largest)
    assert np.abs(integers).max() == largest
    np.testing.assert_allclose((integers * scales).T, matrix, atol=float(np.abs(matrix).max()) / largest)
