"""An architecture's graph as ONNX, and what is changed in such a graph whoever changes it."""

from __future__ import annotations

import io
import warnings
from typing import Final

import onnx
import torch
from torch import Tensor

from model.architectures.interface import Axes, Graph

OPSET: Final = 17
_LENGTHS = {"height": 24, "width": 64, "cells": 24, "tokens": 3, "images": 2, "rows": 2, "capacity": 8}
_LENGTHS |= {"attended": 11, "attended_by_one": 9}
"""Of the named axes of the example that is traced; 24 cells are those of the example's image."""

_WHOLE_NUMBERS = {"tokens", "positions", "next"}


def traced(graph: Graph) -> onnx.ModelProto:
    """Return a graph with its weights, under the names that the network has for them."""
    file = io.BytesIO()
    axes = {
        name: {place: axis for place, axis in enumerate(shape) if isinstance(axis, str)}
        for name, shape in (*graph.inputs.items(), *graph.outputs.items())
    }
    with warnings.catch_warnings(), torch.no_grad():
        # The exporter that traces is older than the one that needs PyTorch's compiler, and warns of everything.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            graph.module.eval(),
            tuple(_example(name, shape) for name, shape in graph.inputs.items()),
            file,  # type: ignore[arg-type]
            dynamo=False,
            opset_version=OPSET,
            do_constant_folding=False,  # weights keep their names
            training=torch.onnx.TrainingMode.PRESERVE,  # so do those of batch normalisation
            input_names=list(graph.inputs),
            output_names=list(graph.outputs),
            dynamic_axes=axes,
        )
    return onnx.load_from_string(file.getvalue())


def _example(name: str, shape: Axes) -> Tensor:
    lengths = [_LENGTHS[axis] if isinstance(axis, str) else axis for axis in shape]
    return torch.ones(lengths, dtype=torch.int64) if name in _WHOLE_NUMBERS else torch.rand(lengths)


def drop_unused(graph: onnx.GraphProto) -> None:
    """Leave out what nothing reads any more, in place."""
    outputs = {output.name for output in graph.output}
    while True:
        read = outputs | {name for node in graph.node for name in node.input}
        kept = [node for node in graph.node if read & set(node.output)]
        if len(kept) == len(graph.node):
            break
        del graph.node[:]
        graph.node.extend(kept)
    kept_initialisers = [one for one in graph.initializer if one.name in read]
    del graph.initializer[:]
    graph.initializer.extend(kept_initialisers)


def take_weights_out(model: onnx.ModelProto, parameters: set[str]) -> list[str]:
    """Replace the values of all parameters by a note that they lie elsewhere; returns the parameters' names."""
    names = []
    for place, tensor in enumerate(model.graph.initializer):
        if tensor.name in parameters:
            names.append(tensor.name)
            model.graph.initializer[place].CopyFrom(outside(tensor.name, tensor.data_type, list(tensor.dims)))
    return names


def outside(name: str, data_type: int, dims: list[int]) -> onnx.TensorProto:
    """Return a tensor whose values are not in the file."""
    tensor = onnx.TensorProto(name=name, data_type=data_type, dims=dims, data_location=onnx.TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="weights.safetensors")
    return tensor
