"""From the layout's graph, which ships, back to weights that training goes on from.

The exporter folds each batch normalisation into the convolution before it, so what is left of the two is a convolution
with a bias. A normalisation that undoes itself stands in for the one that was folded: its statistics are measured on
crops, and its scale and shift give back what it takes away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from model.layout.export import HALF
from model.layout.network import LayoutDimensions, LayoutNetwork
from model.weights_file import CheckpointError

Unit = tuple[nn.Conv2d, nn.BatchNorm2d]


def network_of_graph(path: Path, inputs: Sequence[Tensor]) -> LayoutNetwork:
    """Load the network of an exported graph, to be trained further.

    Args:
        path: What `model.layout.export` wrote.
        inputs: Batches (batch, 1, height, width) on which the statistics are measured; some dozens are enough.

    Raises:
        CheckpointError: The file is missing, damaged, or of another form.
    """
    try:
        graph = onnx.load(str(path)).graph
    except Exception as error:  # protobuf has errors of its own
        raise CheckpointError(f"{path} does not hold a layout network: {error}.") from error
    tensors = {
        one.name.removesuffix(HALF): torch.from_numpy(numpy_helper.to_array(one).astype(np.float32))
        for one in graph.initializer
    }
    named = {name.removeprefix("network."): tensors.pop(name) for name in list(tensors) if name.startswith("network.")}
    folded = list(tensors.values())
    try:
        network = LayoutNetwork(_dimensions_of(named))
        units = _units_in_order(network)
        network.load_state_dict(named, strict=False)
        with torch.no_grad():
            for (convolution, normalisation), weight, bias in zip(units, folded[::2], folded[1::2], strict=True):
                convolution.weight.copy_(weight)
                normalisation.bias.copy_(bias)
                normalisation.running_var.fill_(1.0 - normalisation.eps)  # type: ignore[union-attr]
    except (KeyError, RuntimeError, ValueError) as error:
        raise CheckpointError(f"{path} does not hold a layout network of this form: {error}.") from error
    _measure_statistics(network.eval(), units, inputs)
    return network


def _dimensions_of(named: Mapping[str, Tensor]) -> LayoutDimensions:
    """Read the dimensions off the convolutions that the exporter leaves as they are."""
    features, *_ = named["maps.weight"].shape[1:]
    quarter, eighth, sixteenth, coarsest = (named[f"laterals.{level}.weight"].shape[1] for level in range(4))
    return LayoutDimensions((quarter, eighth, sixteenth, coarsest), features)


def _units_in_order(network: LayoutNetwork) -> list[Unit]:
    """Return convolutions and their normalisations in the order in which the graph has them."""
    modules = list(chain(network.stages.modules(), *(smooth.modules() for smooth in reversed(network.smooth))))
    convolutions = (module for module in modules if isinstance(module, nn.Conv2d))
    return list(zip(convolutions, (one for one in modules if isinstance(one, nn.BatchNorm2d)), strict=True))


@torch.no_grad()
def _measure_statistics(network: LayoutNetwork, units: Sequence[Unit], inputs: Sequence[Tensor]) -> None:
    """Set each normalisation's statistics to those of its inputs, and its scale and shift to undo them."""
    sums = [torch.zeros(3, convolution.out_channels, dtype=torch.float64) for convolution, _ in units]

    def add(index: int, output: Tensor) -> None:
        values = output.transpose(0, 1).flatten(1).double()
        sums[index] += torch.stack([torch.full_like(values[:, 0], values.shape[1]), values.sum(1), (values**2).sum(1)])

    handles = [
        convolution.register_forward_hook(lambda _module, _inputs, output, index=index: add(index, output))
        for index, (convolution, _) in enumerate(units)
    ]
    for batch in inputs:
        network(batch)
    for handle, (_, normalisation), (count, total, squares) in zip(handles, units, sums, strict=True):
        handle.remove()
        mean = total / count
        variance = squares / count - mean**2
        normalisation.running_mean.copy_(mean)  # type: ignore[union-attr]
        normalisation.running_var.copy_(variance)  # type: ignore[union-attr]
        normalisation.weight.copy_((variance + normalisation.eps).sqrt())
        normalisation.bias.add_(mean)
