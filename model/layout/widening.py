"""A wider layout network that draws what a narrower one draws, to be trained further.

After Net2Net (Chen et al. 2016), by zeros instead of copies: the channels of the narrower network see nothing of the
new ones, and the new ones begin as random features of all.
"""

from __future__ import annotations

import numpy as np
import torch

from model.layout.network import LayoutDimensions, LayoutNetwork


@torch.no_grad()
def widened(network: LayoutNetwork, dimensions: LayoutDimensions) -> LayoutNetwork:
    """Return a network of other dimensions with the same outputs.

    Args:
        network: The narrower one.
        dimensions: Of the wider one.

    Raises:
        ValueError: They are narrower somewhere.
    """
    before = network.dimensions
    grown = np.subtract((*dimensions.widths, dimensions.features), (*before.widths, before.features))
    if (grown < 0).any():
        raise ValueError(f"A layout network of {before} does not fit into one of {dimensions}.")
    wider = LayoutNetwork(dimensions)
    own = wider.state_dict()
    for name, old in network.state_dict().items():
        new = own[name]
        if old.dim() == 4:
            new[: old.shape[0]] = 0.0
        new[tuple(slice(size) for size in old.shape)] = old
    return wider.train(network.training)
