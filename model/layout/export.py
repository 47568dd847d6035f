"""Export the layout network for ONNX Runtime: `python -m model.layout.export RUN/best.safetensors layout.onnx`."""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

from model.checkpoint import load_tensors
from model.checksums import renew_checksum
from model.layout.layout_input import STRIDE
from model.layout.network import LayoutDimensions, LayoutNetwork, to_probabilities
from model.weights_file import CheckpointError

OPSET = 17
HALF = ".half"
"""Ends the names of weights in half precision."""


class _ProbabilityMaps(nn.Module):
    def __init__(self, network: LayoutNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, ink: Tensor) -> Tensor:
        return to_probabilities(self.network(ink))


def load_layout_network(path: Path) -> LayoutNetwork:
    """Load a network that training saved, in evaluation mode.

    Raises:
        CheckpointError: The file is missing or damaged.
    """
    tensors, header = load_tensors(path)
    try:
        dimensions = header["layout"]
        network = LayoutNetwork(LayoutDimensions(tuple(dimensions["widths"]), dimensions["features"]))
        network.load_state_dict(tensors)
    except (KeyError, TypeError, RuntimeError) as error:
        raise CheckpointError(f"{path} does not hold a layout network: {error}.") from error
    return network.eval()


def export_network(network: LayoutNetwork, path: Path) -> None:
    """Write a network in evaluation mode as ONNX: `ink` (1, 1, height, width) in, `maps` out, as probabilities."""
    unfinished = path.with_name(path.name + ".partial")
    with warnings.catch_warnings():
        # The exporter without a graph capture is deprecated; it needs no other package and writes a smaller file.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            _ProbabilityMaps(network).eval(),
            (torch.zeros(1, 1, 2 * STRIDE, 2 * STRIDE),),
            str(unfinished),
            dynamo=False,
            opset_version=OPSET,
            input_names=["ink"],
            output_names=["maps"],
            dynamic_axes={"ink": {2: "height", 3: "width"}, "maps": {2: "rows", 3: "columns"}},
        )
    graph = onnx.load(str(unfinished))
    _halve_weights(graph)
    onnx.save(graph, str(unfinished))
    unfinished.replace(path)
    renew_checksum(path)


def _halve_weights(model: onnx.ModelProto) -> None:
    """Store the weights in half precision; ONNX Runtime brings them back once, when it loads them."""
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            name = tensor.name
            half = numpy_helper.to_array(tensor).astype(np.float16)
            tensor.CopyFrom(numpy_helper.from_array(half, name + HALF))
            casts.append(helper.make_node("Cast", [name + HALF], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def main(arguments: list[str] | None = None) -> None:
    """Read the arguments and export."""
    parser = argparse.ArgumentParser(description="Export the layout network for ONNX Runtime.")
    parser.add_argument("weights", type=Path, help="best.safetensors of a run")
    parser.add_argument("output", type=Path, help="the .onnx file to write")
    parsed = parser.parse_args(arguments)
    export_network(load_layout_network(parsed.weights), parsed.output)


if __name__ == "__main__":
    main()
