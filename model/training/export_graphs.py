"""Export an architecture's graphs to ONNX, without weights: ONNX Runtime takes those from the safetensors file.

So the graphs stay as they are when a network of the same dimensions is trained anew, and the weights are stored once.
Matrices that may be stored as integers become `DynamicQuantizeMatMul`: integers times integers, the activations being
quantised as they come. The encoder comes a second time with integers in its convolutions, where that can be.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from model.architectures.interface import Architecture
from model.architectures.registry import name_of
from model.checksums import renew_checksum
from model.engines.onnx_runner import GRAPHS_NAME, GRAPHS_VERSION, INDEX_NAME, INTEGER_ENCODER, PROBE_NAME
from model.training.integer_convolutions import with_integer_convolutions
from model.training.traced_graphs import OPSET, drop_unused, outside, take_weights_out, traced

_EPOCH = (1980, 1, 1, 0, 0, 0)  # The same graphs give the same file.


def export_graphs(network: Architecture, folder: Path) -> Path:
    """Write the graphs of a network's architecture into `folder`; returns the file's path."""
    path = folder / GRAPHS_NAME
    index: dict[str, object] = {"version": GRAPHS_VERSION, "architecture": name_of(network)}
    index["config"] = asdict(network.config)
    graphs = {name: graph for name, graph in vars(network.graphs()).items() if graph is not None}
    parameters = set(network.state_dict())
    parts: dict[str, dict[str, Any]] = {}
    models: dict[str, onnx.ModelProto] = {}
    for name, graph in graphs.items():
        model = models[name] = traced(graph)
        parts[name] = {"quantised": _quantise(model, parameters) if graph.quantised else []}
        if name == "encoder" and graph.quantised and (made := with_integer_convolutions(model, parameters)):
            models[INTEGER_ENCODER], convolutions = made
            parts[INTEGER_ENCODER] = {**parts[name], "convolutions": convolutions}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, model in models.items():
            parts[name]["plain"] = take_weights_out(model, parameters)
            archive.writestr(zipfile.ZipInfo(f"{name}.onnx", _EPOCH), model.SerializeToString(), zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo(PROBE_NAME, _EPOCH), _probe().SerializeToString(), zipfile.ZIP_DEFLATED)
        index["graphs"] = parts
        archive.writestr(zipfile.ZipInfo(INDEX_NAME, _EPOCH), json.dumps(index, indent=1), zipfile.ZIP_DEFLATED)
    renew_checksum(path)
    return path


def _probe() -> onnx.ModelProto:
    """Return the product of four ones with the largest integers, 508, which overflows where sums have 16 bits."""
    largest = np.full((4, 1), 127, np.int8)
    node = helper.make_node("DynamicQuantizeMatMul", ["ones", "integers", "scale"], ["sum"], domain="com.microsoft")
    graph = helper.make_graph(
        [node],
        "probe",
        [helper.make_tensor_value_info("ones", onnx.TensorProto.FLOAT, [1, 4])],
        [helper.make_tensor_value_info("sum", onnx.TensorProto.FLOAT, [1, 1])],
        [numpy_helper.from_array(largest, "integers"), numpy_helper.from_array(np.ones(1, np.float32), "scale")],
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def _quantise(model: onnx.ModelProto, parameters: set[str]) -> list[str]:
    """Let every linear layer multiply integers, in place; returns the names of their weights.

    A layer is a product with a transposed parameter, and the parameter that is added to it, if there is one.
    """
    graph = model.graph
    maker = {output: node for node in graph.node for output in node.output}
    users: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    nodes, names, done = [], [], set()
    for node in graph.node:
        weight = _weight_of(node, maker, parameters)
        if node.name in done:
            continue
        if weight is None:
            nodes.append(node)
            continue
        names.append(weight)
        output, bias = node.output[0], node.input[2] if node.op_type == "Gemm" else ""
        followers = users[output]
        if not bias and len(followers) == 1 and followers[0].op_type == "Add":
            added = next(name for name in followers[0].input if name != output)
            if added in parameters:
                done.add(followers[0].name)
                output, bias = followers[0].output[0], added
        inputs = [node.input[0], f"{weight}.integers", f"{weight}.scales", "", bias]
        nodes.append(helper.make_node("DynamicQuantizeMatMul", inputs, [output], domain="com.microsoft"))
    del graph.node[:]
    graph.node.extend(nodes)
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    shapes = {one.name: list(one.dims) for one in graph.initializer}
    for name in dict.fromkeys(names):
        outputs, inputs_count = shapes[name]
        graph.initializer.append(outside(f"{name}.integers", onnx.TensorProto.INT8, [inputs_count, outputs]))
        graph.initializer.append(outside(f"{name}.scales", onnx.TensorProto.FLOAT, [outputs]))
    drop_unused(graph)
    return list(dict.fromkeys(names))


def _weight_of(node: onnx.NodeProto, maker: dict[str, onnx.NodeProto], parameters: set[str]) -> str | None:
    """Return the parameter by whose transpose a node multiplies, if it does."""
    if node.op_type == "Gemm" and node.input[1] in parameters:
        return str(node.input[1])
    if node.op_type != "MatMul" or node.input[1] not in maker:
        return None
    transpose = maker[node.input[1]]
    is_weight = transpose.op_type == "Transpose" and transpose.input[0] in parameters
    return str(transpose.input[0]) if is_weight else None
