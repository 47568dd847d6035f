"""Decoding with a cache, in a batch or with folded norms must compute the function that was trained."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor

from model.inference.folding import fold_batch_norms
from model.networks.encoder import Memory, inked_cells
from model.networks.network import NetworkDimensions, RecogniserNetwork


def noise(height: int, width: int, seed: int = 0) -> Tensor:
    """An image of ink everywhere: (1, 1, height, width)."""
    return torch.rand(1, 1, height, width, generator=torch.Generator().manual_seed(seed))


def test_cached_steps_give_the_logits_of_the_whole_sequence(network: RecogniserNetwork) -> None:
    # Training runs the one path and decoding the other.
    images, sizes = torch.cat([noise(40, 96), noise(40, 96, seed=1)]), torch.tensor([[40, 96], [32, 64]])
    token_ids = torch.randint(
        4, network.dimensions.vocabulary_size, (2, 25), generator=torch.Generator().manual_seed(2)
    )
    with torch.inference_mode():
        whole, _, memory = network(images, sizes, token_ids)
        caches = network.decoder.start(memory, 25)
        steps = [network.decoder.step(token_ids[:, p], p, caches, memory.bias) for p in range(25)]
        caches = network.decoder.start(memory, 25)
        begun = network.decoder.logits(network.decoder.advance(token_ids[:, :9], 0, caches, memory.bias))
        caches = [cache.with_rows(2, 9) for cache in caches]
        goes_on = network.decoder.step(token_ids[:, 9].repeat_interleave(2), 9, caches, memory.bias)
    torch.testing.assert_close(torch.stack(steps, dim=1), whole, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(begun, whole[:, :9], rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(goes_on, whole[:, 9].repeat_interleave(2, dim=0), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("height", "width"), [(40, 96), (29, 123), (17, 9), (33, 8)])
def test_an_image_gives_the_same_logits_in_any_batch(network: RecogniserNetwork, height: int, width: int) -> None:
    # Without masks the padding leaks into the edges of the image; odd sizes round at each stride.
    alone = noise(height, width)
    batch = torch.zeros(2, 1, 70, 200)
    batch[0, :, :height, :width] = alone[0]
    batch[1] = noise(70, 200, seed=1)[0]
    token_ids = torch.tensor([[1, 5, 6, 7]])
    with torch.inference_mode():
        expected = network(alone, torch.tensor([[height, width]]), token_ids).logits
        padded = network(batch, torch.tensor([[height, width], [70, 200]]), token_ids.expand(2, 4)).logits
    torch.testing.assert_close(padded[:1], expected, rtol=1e-4, atol=1e-4)


def test_what_lies_in_the_padding_does_not_matter(network: RecogniserNetwork) -> None:
    # Whatever a caller leaves beyond an image's true size is no part of the formula.
    batch = torch.zeros(1, 1, 64, 128)
    batch[:, :, :40, :96] = noise(40, 96)
    dirty = batch.clone()
    dirty[:, :, 40:], dirty[:, :, :, 96:] = 1.0, 1.0
    sizes, token_ids = torch.tensor([[40, 96]]), torch.tensor([[1, 5]])
    with torch.inference_mode():
        torch.testing.assert_close(network(dirty, sizes, token_ids)[0], network(batch, sizes, token_ids)[0])


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


def test_views_of_one_image_keep_their_own_cells(network: RecogniserNetwork) -> None:
    # A second view has another number of cells; what fills up must be hidden.
    wide, small = noise(40, 96), noise(32, 64, seed=1)
    token_ids = torch.tensor([[1, 5, 6]])
    with torch.inference_mode():
        memories = [network.encode(image, torch.tensor([list(image.shape[2:])])) for image in (wide, small)]
        stacked = network.decoder(token_ids.expand(2, 3), Memory.stack(memories))
        projected = Memory.stack([network.decoder.project(memory) for memory in memories])
        caches = network.decoder.start(projected, 3)
        stepped = network.decoder.advance(token_ids.expand(2, 3), 0, caches, projected.bias)
        torch.testing.assert_close(stepped, stacked, rtol=1e-4, atol=1e-4)
        for row, memory in enumerate(memories):
            alone = network.decoder(token_ids, memory)
            torch.testing.assert_close(stacked[row : row + 1], alone, rtol=1e-4, atol=1e-4)


def test_folding_batch_norms_keeps_the_function(network: RecogniserNetwork) -> None:
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
    network = RecogniserNetwork(NetworkDimensions(vocabulary_size=600))
    parameters = sum(parameter.numel() for parameter in network.parameters())
    assert parameters <= 8_000_000
