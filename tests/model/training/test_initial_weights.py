"""What training starts from: a part that was trained before, an encoder of ImageNet, or nothing, which is said."""

from __future__ import annotations

import importlib.util
import logging
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.checkpoint import load_tensors
from model.training import pretrain
from model.training.imagenet import cached_file, load_imagenet
from model.training.initial_weights import start_from
from model.training.options import TrainingOptions
from model.training.train import untrained_network
from model.training.training_arguments import RunPaths
from model.vocabulary import Vocabulary
from model.weights_file import CheckpointError
from tests.model.architectures.small_systems import small

SMALL = (
    '{"stage_widths": [8, 8, 8], "width": 16, "heads": 2, "decoder_layers": 1, "feed_forward_width": 16, "dropout": 0}'
)


@pytest.mark.parametrize(("part", "name"), [("decoder", "decoder.layers.0"), ("encoder", "encoder.trunk.layer1")])
def test_a_part_is_trained_and_taken_over(
    part: str, name: str, tmp_path: Path, digits_folder: Path, digits_vocabulary: Path
) -> None:
    # The command writes that part alone, changed by what it learned, and a run begins with it.
    path = tmp_path / "part.safetensors"
    arguments = [part, str(digits_folder), "--vocabulary", str(digits_vocabulary), "--out", str(path)]
    # So short a time is over before the data is open: a step is made all the same.
    pretrain.main([*arguments, "--config", SMALL, "--processor-seconds", "1e-9"])
    tensors, header = load_tensors(path)
    assert header["pretrained"] == part
    assert all(key.startswith(part) for key in tensors)
    vocabulary = Vocabulary.load(digits_vocabulary)
    wanted = TrainingOptions(architecture="resnet_plain_transformer", config=SMALL, draft_tokens=0)
    torch.manual_seed(1)
    network = untrained_network(wanted, len(vocabulary))
    before = {key: tensor.clone() for key, tensor in network.state_dict().items()}
    assert any(not torch.equal(before[key], tensor) for key, tensor in tensors.items() if key.startswith(name))
    nothing = RunPaths((), (), digits_vocabulary, tmp_path, "cpu", compile=False)
    start_from(network, replace(nothing, initial_parts=(path,)), vocabulary)
    assert all(torch.equal(network.state_dict()[key], tensor) for key, tensor in tensors.items())
    with pytest.raises(CheckpointError, match="does not fit"):
        start_from(small("resnet_plain_transformer"), replace(nothing, initial_parts=(path,)), vocabulary)


def test_only_a_transformer_foresees_hidden_tokens() -> None:
    with pytest.raises(CheckpointError, match="Only a Transformer"):
        pretrain._masked_tokens(small("im2markup"))


def imagenet_state(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    """What torchvision stores of a ResNet-18 with these widths: three colours, a fourth stage, a classifier."""
    trunk = network.encoder.trunk.state_dict()  # type: ignore[union-attr]
    state = {name: torch.randn_like(tensor.float()) for name, tensor in trunk.items()}
    first = state["conv1.weight"]
    state["conv1.weight"] = torch.randn(first.shape[0], 3, *first.shape[2:])
    return {**state, "layer4.0.conv1.weight": torch.zeros(1), "fc.weight": torch.zeros(1)}


def test_an_encoder_starts_from_weights_of_imagenet(tmp_path: Path) -> None:
    # Ink has one channel: the three of colours are added up, as if the image were grey.
    network = small("show_attend_tell")
    state = imagenet_state(network)
    torch.save(state, tmp_path / "resnet18.pth")
    assert load_imagenet(network, str(tmp_path / "resnet18.pth"))
    taken = network.encoder.trunk.state_dict()  # type: ignore[union-attr]
    torch.testing.assert_close(taken["conv1.weight"], state["conv1.weight"].sum(dim=1, keepdim=True))
    torch.testing.assert_close(taken["layer3.1.bn2.running_var"], state["layer3.1.bn2.running_var"])


def test_without_weights_training_starts_from_random_ones_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    network = small("resnet_plain_transformer")
    before = network.state_dict()["encoder.trunk.conv1.weight"].clone()
    with caplog.at_level(logging.WARNING):
        assert not load_imagenet(network, "cache")
    assert "training starts from random ones" in caplog.text
    torch.testing.assert_close(network.state_dict()["encoder.trunk.conv1.weight"], before)


def test_the_cache_is_where_torchvision_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The name has the digest by which torchvision checks what it fetched.
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    path = cached_file()
    if importlib.util.find_spec("torchvision") is None:
        assert path is None
        return
    assert path is not None
    assert path.parent == tmp_path / "checkpoints"
    assert path.name.startswith("resnet18-")


def test_weights_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    network = small("show_attend_tell")
    state = imagenet_state(network)
    path = tmp_path / "resnet18.pth"
    torch.save({name: tensor for name, tensor in state.items() if name != "bn1.bias"}, path)
    with pytest.raises(CheckpointError, match=r"lacks bn1\.bias"):
        load_imagenet(network, str(path))
    torch.save({**state, "bn1.bias": torch.zeros(3)}, path)
    with pytest.raises(CheckpointError, match=r"bn1\.bias is"):
        load_imagenet(network, str(path))
    path.write_bytes(b"nothing")
    with pytest.raises(CheckpointError, match="damaged"):
        load_imagenet(network, str(path))
    with pytest.raises(CheckpointError, match="no ResNet-18"):
        load_imagenet(small("im2markup"), str(path))
