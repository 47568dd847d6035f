"""Training goes on from the layout that ships: its weights come back from the graph, and draw the same maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from model.layout.graph_weights import network_of_graph
from model.layout.layout_input import STRIDE
from model.layout.network import to_probabilities
from model.weights_file import CheckpointError

GRAPH = Path(__file__).parents[3] / "resources" / "layout.onnx"


def inputs(count: int) -> list[torch.Tensor]:
    numbers = np.random.default_rng(3)
    return [
        torch.from_numpy((numbers.random((2, 1, 2 * STRIDE, 3 * STRIDE)) > 0.8).astype(np.float32))
        for _ in range(count)
    ]


def test_maps_are_those_of_the_graph() -> None:
    batches = inputs(4)
    network = network_of_graph(GRAPH, batches)
    session = onnxruntime.InferenceSession(str(GRAPH), providers=["CPUExecutionProvider"])
    expected = session.run(None, {"ink": batches[0][:1].numpy()})[0]
    with torch.no_grad():
        drawn = to_probabilities(network(batches[0][:1])).numpy()
        trained = to_probabilities(network.train()(torch.cat(batches))).numpy()
    np.testing.assert_allclose(drawn, expected, atol=1e-4)
    # Over the batches that its statistics were measured on, normalising anew changes nothing either.
    np.testing.assert_allclose(trained[:1], expected, atol=1e-3)


@pytest.mark.parametrize("content", [b"", b"no graph"])
def test_damaged_graph_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "layout.onnx"
    path.write_bytes(content)
    with pytest.raises(CheckpointError):
        network_of_graph(path, inputs(1))
