"""Let the convolutions of an exported encoder multiply integers of 8 bits.

What comes out of a convolution is stored as integers as well, so its range has to be known before: it is measured on
images when weights are exported (`activation_ranges`), and travels in their header (Jacob et al. 2018, "Quantization
and training of neural networks for efficient integer-arithmetic-only inference"). The first convolution reads one
channel and stays as it is, and so does what is no convolution with a batch normalisation behind it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from model.training.traced_graphs import drop_unused, outside

_MICROSOFT = "com.microsoft"
_SUM = ".sum"


def with_integer_convolutions(
    model: onnx.ModelProto, parameters: set[str]
) -> tuple[onnx.ModelProto, list[dict[str, Any]]] | None:
    """Return the graph with integers in its convolutions, and what each needs; None where none can have them.

    Of each convolution there are the names of its `weight` and of the batch normalisation `norm` behind it, with its
    `epsilon`, and the names of the ranges of what goes in and comes out, `before` and `after`.

    Args:
        model: An encoder, as it is traced.
        parameters: The names of the network's parameters among its initialisers.
    """
    rewriting = _Rewriting(model.graph, parameters)
    if not rewriting.convolutions:
        return None
    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    graph = changed.graph
    del graph.node[:]
    graph.node.extend(rewriting.nodes)
    shapes = {one.name: list(one.dims) for one in graph.initializer}
    for weight in (one["weight"] for one in rewriting.convolutions):
        shape = shapes[weight]
        graph.initializer.append(outside(f"{weight}.integers", onnx.TensorProto.INT8, shape))
        graph.initializer.append(outside(f"{weight}.scales", onnx.TensorProto.FLOAT, shape[:1]))
        graph.initializer.append(outside(f"{weight}.bias", onnx.TensorProto.INT32, shape[:1]))
        graph.initializer.append(numpy_helper.from_array(np.zeros(shape[0], np.int8), f"{weight}.zero"))
    for key in rewriting.tensors:
        graph.initializer.append(outside(f"{key}.scale", onnx.TensorProto.FLOAT, []))
        graph.initializer.append(outside(f"{key}.zero", onnx.TensorProto.UINT8, []))
    drop_unused(graph)
    if not any(one.domain == _MICROSOFT for one in changed.opset_import):
        changed.opset_import.append(helper.make_opsetid(_MICROSOFT, 1))
    return changed, rewriting.convolutions


def tensors_with_a_range(model: onnx.ModelProto, parameters: set[str]) -> dict[str, str]:
    """Return for the name of each range that such a graph needs the tensor of `model` that has it."""
    return _Rewriting(model.graph, parameters).tensors


class _Rewriting:
    """The nodes of a graph, with integers where all that a node reads is integers already."""

    def __init__(self, graph: onnx.GraphProto, parameters: set[str]) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.convolutions: list[dict[str, Any]] = []
        self.tensors: dict[str, str] = {}
        self._parameters = parameters
        self._users: dict[str, list[onnx.NodeProto]] = {}
        for node in graph.node:
            for name in node.input:
                self._users.setdefault(name, []).append(node)
        self._ranges: dict[str, str] = {}  # of the tensors that are integers
        self._as_numbers: set[str] = set()  # those of them that are ordinary numbers as well
        self._done: set[str] = set()
        for node in graph.node:
            if node.output[0] not in self._done:
                self._take(node)

    def _take(self, node: onnx.NodeProto) -> None:
        norm = self._only_user(node.output[0], "BatchNormalization")
        if node.op_type == "Conv" and len(node.input) == 2 and node.input[1] in self._parameters and norm:
            self._take_convolution(node, norm)
        elif node.op_type == "Add" and all(name in self._ranges for name in node.input):
            self._take_sum(node)
        else:
            self._take_plain(node)

    def _take_convolution(self, node: onnx.NodeProto, norm: onnx.NodeProto) -> None:
        before, weight = node.input
        key = weight.removesuffix(".weight")
        relu = self._only_user(norm.output[0], "Relu")
        output = (relu or norm).output[0]
        if before not in self._ranges:
            for one in (node, norm, *([relu] if relu else [])):
                self._take_plain(one)
            self._as_numbers.add(output)
            inputs = [output, *self._range_of(output, key)]
            self.nodes.append(helper.make_node("QuantizeLinear", inputs, [_integers(output)]))
            return
        self._done.update([norm.output[0], output])
        inputs = [
            _integers(before),
            *self._range_of(before),
            f"{weight}.integers",
            f"{weight}.scales",
            f"{weight}.zero",
        ]
        inputs += [*self._range_of(output, key), f"{weight}.bias"]
        made = helper.make_node("QLinearConv", inputs, [_integers(output)])
        made.attribute.extend(node.attribute)
        self.nodes.append(made)
        self.convolutions.append(
            {
                "weight": weight,
                "norm": norm.input[1].removesuffix(".weight"),
                "epsilon": next(one.f for one in norm.attribute if one.name == "epsilon"),
                "before": self._ranges[before],
                "after": key,
            }
        )

    def _take_sum(self, node: onnx.NodeProto) -> None:
        relu = self._only_user(node.output[0], "Relu")
        output = (relu or node).output[0]
        self._done.add(output)
        inputs = [part for name in node.input for part in (_integers(name), *self._range_of(name))]
        # A range without negative numbers cuts them off, as the ReLU does.
        inputs += self._range_of(output, self._ranges[node.input[0]] + _SUM)
        self.nodes.append(helper.make_node("QLinearAdd", inputs, [_integers(output)], domain=_MICROSOFT))

    def _take_plain(self, node: onnx.NodeProto) -> None:
        for name in node.input:
            if name in self._ranges and name not in self._as_numbers:
                self._as_numbers.add(name)
                inputs = [_integers(name), *self._range_of(name)]
                self.nodes.append(helper.make_node("DequantizeLinear", inputs, [name]))
        self._done.add(node.output[0])
        self.nodes.append(node)

    def _range_of(self, tensor: str, name: str = "") -> tuple[str, str]:
        """Return what a tensor's integers are multiplied by, and which of them is zero; a new one gets a name."""
        if name:
            self._ranges[tensor], self.tensors[name] = name, tensor
        return f"{self._ranges[tensor]}.scale", f"{self._ranges[tensor]}.zero"

    def _only_user(self, tensor: str, kind: str) -> onnx.NodeProto | None:
        users = self._users.get(tensor, [])
        return users[0] if len(users) == 1 and users[0].op_type == kind else None


def _integers(tensor: str) -> str:
    return f"{tensor}.integers"
