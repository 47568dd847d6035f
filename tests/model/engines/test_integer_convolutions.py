"""Integers in the encoder's convolutions must change next to nothing, and only where the processor can add them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.architectures.resnet_transformer import ResNetTransformer
from model.checkpoint import save_network
from model.engines import onnx_runner
from model.engines.interface import EngineError
from model.engines.onnx_runner import OnnxRunner
from model.training.activation_ranges import measure_ranges
from tests.model.conftest import RecogniserFiles


def runner_of(
    network: ResNetTransformer, files: RecogniserFiles, folder: Path, ranges: Any, **options: Any
) -> OnnxRunner:
    """The graphs of the small network with weights whose header has these ranges."""
    weights = folder / "weights.safetensors"
    save_network(weights, network, vocabulary_hash="0123", metadata={"ranges": ranges}, half=True)
    return OnnxRunner(files.weights.with_name("graphs.zip"), weights, **options)


def memory_of(runner: OnnxRunner, image: np.ndarray) -> np.ndarray:
    """What the decoder reads of an image, all of it in one row."""
    outputs = runner.run("encoder", {"image": image[None, None]}, ["memory."])
    return np.concatenate([array.ravel() for array in outputs.values()])


def test_integers_encode_as_numbers_do(
    network: ResNetTransformer, recogniser_files: RecogniserFiles, images_by_heart: list[np.ndarray], tmp_path: Path
) -> None:
    ranges = measure_ranges(network, images_by_heart)
    integers = runner_of(network, recogniser_files, tmp_path, ranges)
    numbers = runner_of(network, recogniser_files, tmp_path, ranges, integer_convolutions=False)
    convolutions = [name for name in network.state_dict() if ".conv" in name]
    assert {name.removesuffix(".weight") for name in convolutions} < ranges.keys()
    for image in images_by_heart:
        expected, actual = memory_of(numbers, image), memory_of(integers, image)
        assert np.linalg.norm(actual - expected) < 0.1 * np.linalg.norm(expected)


def test_a_processor_whose_sums_overflow_keeps_numbers(
    network: ResNetTransformer,
    recogniser_files: RecogniserFiles,
    images_by_heart: list[np.ndarray],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # There integers have 7 bits, which costs readings, and what they gain in time has not been seen.
    monkeypatch.setattr(onnx_runner, "_sums_overflow", lambda _: True)
    ranges = measure_ranges(network, images_by_heart)
    image = images_by_heart[0]
    chosen = memory_of(runner_of(network, recogniser_files, tmp_path, ranges), image)
    numbers = runner_of(network, recogniser_files, tmp_path, ranges, integer_convolutions=False)
    np.testing.assert_array_equal(chosen, memory_of(numbers, image))


@pytest.mark.parametrize("wrong", [math.nan, 1e999, "many"])
def test_ranges_that_are_none_are_one_sentence(
    network: ResNetTransformer,
    recogniser_files: RecogniserFiles,
    images_by_heart: list[np.ndarray],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wrong: object,
) -> None:
    monkeypatch.setattr(onnx_runner, "_sums_overflow", lambda _: False)
    ranges: dict[str, Any] = dict(measure_ranges(network, images_by_heart[:1]))
    ranges[next(iter(ranges))] = (0.0, wrong)
    with pytest.raises(EngineError, match="do not fit"):
        runner_of(network, recogniser_files, tmp_path, ranges)


def test_a_channel_that_learned_nothing_keeps_its_bias(
    network: ResNetTransformer, recogniser_files: RecogniserFiles, images_by_heart: list[np.ndarray], tmp_path: Path
) -> None:
    # Its weights are zero, and a bias in units of their scale would be too large for 32 bits.
    network.state_dict()["encoder.stages.0.conv1.weight"][0] = 0.0
    ranges = measure_ranges(network, images_by_heart)
    integers = runner_of(network, recogniser_files, tmp_path, ranges)
    numbers = runner_of(network, recogniser_files, tmp_path, ranges, integer_convolutions=False)
    expected, actual = (memory_of(one, images_by_heart[0]) for one in (numbers, integers))
    assert np.linalg.norm(actual - expected) < 0.1 * np.linalg.norm(expected)
