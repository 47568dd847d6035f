"""Runs an architecture's graphs with PyTorch, in float32: on graphics cards, and as the reference in tests."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from model.architectures.interface import Architecture, Axes
from model.engines.graph_engine import GraphEngine


class TorchRunner:
    """Runs the graphs of a network; several threads may share one."""

    reads_side_by_side = 1

    def __init__(self, network: Architecture, device: torch.device) -> None:
        own = copy.deepcopy(network)
        fold_batch_norms(own.eval())
        own.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._device = device
        graphs = {name: graph for name, graph in vars(own.graphs()).items() if graph is not None}
        self._graphs = {
            name: (graph.module.eval(), graph.inputs, list(graph.outputs)) for name, graph in graphs.items()
        }
        self.device = device.type
        where = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type.upper()
        self.name = f"PyTorch {torch.__version__} on {where}"

    def inputs(self, graph: str) -> Mapping[str, Axes]:
        """Return name and shape of each input; nothing where there is no such graph."""
        return self._graphs[graph][1] if graph in self._graphs else {}

    def run(self, graph: str, inputs: dict[str, Any], outputs: Sequence[str]) -> dict[str, Any]:
        """Run a graph and return the outputs that begin with one of these names."""
        module, axes, names = self._graphs[graph]
        with torch.no_grad():
            made = module(*(inputs[name] for name in axes))
        return {name: one for name, one in zip(names, made, strict=True) if name.startswith(tuple(outputs))}

    def zeros(self, shape: Sequence[int]) -> torch.Tensor:
        """Return an array of zeros, float32."""
        with torch.no_grad():
            return torch.zeros(*shape, device=self._device)

    def array(self, values: np.ndarray) -> torch.Tensor:
        """Return the values on the device."""
        return torch.from_numpy(values).to(self._device)

    def to_numpy(self, array: torch.Tensor) -> np.ndarray:
        """Return the values of a tensor."""
        values: np.ndarray = array.cpu().numpy()
        return values


def torch_engine(network: Architecture, device: torch.device | str = "cpu") -> GraphEngine:
    """Return an engine that runs a copy of a network on a device."""
    return GraphEngine(TorchRunner(network, torch.device(device)))


def fold_batch_norms(network: nn.Module) -> None:
    """Fold batch normalisation into the convolution before it: the same function with fewer operations.

    It is every BatchNorm2d that follows a Conv2d among its parent's children; the network must be in
    evaluation mode. In torchvision's blocks, as in a Sequential, children stand in the order in which they are applied.
    """
    for parent in list(network.modules()):
        children = list(parent.named_children())
        for (name, child), (next_name, following) in pairwise(children):
            if isinstance(child, nn.Conv2d) and isinstance(following, nn.BatchNorm2d):
                setattr(parent, name, fuse_conv_bn_eval(child, following))
                setattr(parent, next_name, nn.Identity())
