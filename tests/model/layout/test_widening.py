"""A wider layout network goes on from what a narrower one has learnt."""

import pytest
import torch

from model.layout.network import LayoutDimensions, LayoutNetwork
from model.layout.widening import widened


def test_a_wider_network_draws_the_same_and_can_learn_with_its_new_channels() -> None:
    """Protects what was learnt; and channels that no gradient reached would be ballast for ever."""
    torch.manual_seed(0)
    narrow = LayoutNetwork(LayoutDimensions((4, 8, 8, 12), 8)).eval()
    for name, buffer in narrow.named_buffers():
        if name.endswith("running_mean"):
            buffer.normal_()
    wide = widened(narrow, LayoutDimensions((6, 8, 10, 16), 12))
    ink = torch.rand(2, 1, 64, 96)
    with torch.inference_mode():
        assert torch.allclose(wide(ink), narrow(ink), atol=1e-5)
    wide(ink).square().mean().backward()
    of_new_channels = wide.get_parameter("laterals.0.weight").grad
    assert of_new_channels is not None
    assert of_new_channels[:, 4:].abs().max() > 0


def test_a_narrower_network_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        widened(LayoutNetwork(LayoutDimensions((4, 8, 8, 12), 8)), LayoutDimensions((4, 8, 8, 10), 8))
