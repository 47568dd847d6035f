"""The network: its size, the cells it sees, and norms that are folded for reading."""

from __future__ import annotations

import copy

import torch
from torch import Tensor

from model.architectures.resnet_transformer import ResNetTransformer, ResNetTransformerConfig
from model.engines.torch_runner import fold_batch_norms
from model.layers.residual_encoder import inked_cells


def noise(height: int, width: int, seed: int = 0) -> Tensor:
    """An image of ink everywhere: (1, 1, height, width)."""
    return torch.rand(1, 1, height, width, generator=torch.Generator().manual_seed(seed))


def test_only_cells_with_ink_are_seen() -> None:
    # Blank cells cost time and tell nothing, but a cell with a dot in it must stay; so must one at least.
    images = torch.zeros(3, 1, 24, 40)
    images[0, 0, 17, 33] = images[0, 0, 17, 34] = 1.0  # the last cell of three rows of five
    images[1, 0, :, 12] = 1.0
    images[2] = 0.05  # faint noise
    inked = inked_cells(images, torch.tensor([[24, 40]] * 3)).view(3, 3, 5)
    assert inked[0].nonzero().tolist() == [[1, 3], [1, 4], [2, 3], [2, 4]]  # it lies near their edges
    assert inked[1].nonzero()[:, 1].unique().tolist() == [1]
    assert inked[2].nonzero().tolist() == [[0, 0]]


def test_folding_batch_norms_keeps_the_function(network: ResNetTransformer) -> None:
    # The recogniser folds at load; a block whose children stand in another order would be folded wrongly.
    folded = copy.deepcopy(network)
    fold_batch_norms(folded)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in folded.modules())
    images, sizes = noise(40, 96), torch.tensor([[40, 96]])
    with torch.inference_mode():
        expected, actual = network.encode(images, sizes).cells, folded.encode(images, sizes).cells
    torch.testing.assert_close(actual, expected, rtol=1e-3, atol=1e-4)


def test_default_network_stays_small() -> None:
    # What ships is limited to 10 million parameters and, at two bytes each, 16 MB.
    network = ResNetTransformer(ResNetTransformerConfig(vocabulary_size=600))
    parameters = sum(parameter.numel() for parameter in network.parameters())
    assert parameters <= 8_000_000
