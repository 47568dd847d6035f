"""Muon: what it makes of a gradient, which parameters it moves, and that sharing the work changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, distributed, nn
from torch.distributed import FileStore  # type: ignore[attr-defined]
from torch.multiprocessing.spawn import spawn

from model.architectures.resnet_transformer import ResNetTransformer, ResNetTransformerConfig
from model.training import optimiser as optimisers
from model.training import precision
from model.training.glyph_head import GlyphHead
from model.training.optimiser import Muon, make_optimiser, orthogonalise, parameter_groups
from model.training.options import TrainingOptions


@pytest.mark.parametrize("shape", [(2, 64, 256), (3, 256, 64), (1, 48, 48)])
def test_every_direction_of_a_matrix_gets_the_same_step(shape: tuple[int, int, int]) -> None:
    """Singular values that span three orders of magnitude come out near one."""
    generator = torch.Generator().manual_seed(3)
    left, _, right = torch.linalg.svd(torch.randn(shape, generator=generator), full_matrices=False)
    spread = torch.logspace(0, -1.5, min(shape[1:]))
    values = torch.linalg.svdvals(orthogonalise(left * spread @ right))
    assert values.min() > 0.5
    assert values.max() < 1.3


def test_every_parameter_is_moved_once() -> None:
    """A parameter left out would never learn; embeddings and norms are not matrices to orthogonalise."""
    network = ResNetTransformer(ResNetTransformerConfig(60))
    head = GlyphHead(network.config.width)
    groups = parameter_groups([network, head])
    sorted_in = [id(parameter) for group in groups for parameter in group["params"]]
    everything = [id(parameter) for module in (network, head) for parameter in module.parameters()]
    assert sorted(sorted_in) == sorted(everything)
    others = {id(parameter) for parameter in groups[-1]["params"]}
    assert id(network.decoder.embedding.weight) in others
    assert id(head.name_code.weight) in others
    fused = next(group for group in groups if group["parts"] == 3)["params"]
    assert [tuple(parameter.shape) for parameter in fused] == [(768, 256)] * network.config.decoder_layers


@pytest.mark.parametrize("name", ["muon", "adamw"])
def test_a_step_goes_downhill(name: str) -> None:
    """Either optimiser fits a linear map."""
    torch.manual_seed(1)
    layer, wanted, inputs = nn.Linear(16, 8), torch.randn(8, 16), torch.randn(256, 16)
    optimiser = make_optimiser([layer], TrainingOptions(optimiser=name, learning_rate=0.1))
    losses = []
    for _ in range(120):
        optimiser.zero_grad()
        loss = (layer(inputs) - inputs @ wanted.T).square().mean()
        losses.append(float(loss.detach()))
        torch.autograd.backward(loss)
        optimiser.step()
    assert losses[-1] < 0.1 * losses[0]


def test_an_unknown_optimiser_is_named() -> None:
    with pytest.raises(ValueError, match="'sgd'"):
        make_optimiser([nn.Linear(2, 2)], TrainingOptions(optimiser="sgd"))


def _moved(rank: int, processes: int) -> list[Tensor]:
    """The parameters after two steps with known gradients."""
    torch.manual_seed(5)
    layers = nn.Sequential(nn.Linear(32, 16), nn.Linear(16, 48), nn.Linear(48, 48), nn.Conv2d(3, 8, 3))
    optimiser = Muon(parameter_groups([layers]), learning_rate=0.01, weight_decay=0.1, rank=rank, processes=processes)
    for _ in range(2):
        for parameter in layers.parameters():
            parameter.grad = torch.randn(parameter.shape)
        optimiser.step()
    return [parameter.detach() for parameter in layers.parameters()]


def _process(rank: int, folder: str) -> None:
    store = FileStore(f"{folder}/meeting", 2)
    distributed.init_process_group("gloo", store=store, rank=rank, world_size=2)
    torch.save(_moved(rank, 2), f"{folder}/{rank}.pt")
    Path(folder, "format").write_text(str(precision.multiplies_in_bfloat16("cpu")))
    distributed.destroy_process_group()


def test_two_processes_take_the_step_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each orthogonalises its share of the matrices; together they move as one process alone does."""
    spawn(_process, args=(str(tmp_path),), nprocs=2)
    # What each measures on a busy computer may differ: this process takes the number format that the two agreed on.
    in_bfloat16 = (tmp_path / "format").read_text() == "True"
    monkeypatch.setattr(optimisers, "multiplies_in_bfloat16", lambda _: in_bfloat16)
    alone = _moved(0, 1)
    for rank in range(2):
        shared = torch.load(tmp_path / f"{rank}.pt")
        assert all(torch.allclose(mine, theirs, atol=1e-6) for mine, theirs in zip(alone, shared, strict=True))


def _measuring_process(rank: int, folder: str) -> None:
    store = FileStore(f"{folder}/meeting", 2)
    distributed.init_process_group("gloo", store=store, rank=rank, world_size=2)
    # What a busy computer has one process measure, and not the other.
    precision._step_seconds = lambda *, autocast: 0.5 if autocast and rank else 1.0
    (Path(folder) / str(rank)).write_text(str(precision.trains_in_bfloat16("cpu")))
    distributed.destroy_process_group()


def test_all_processes_of_a_run_train_in_one_format(tmp_path: Path) -> None:
    """One that took the slower format would have the others wait for it at each step."""
    spawn(_measuring_process, args=(str(tmp_path),), nprocs=2)
    assert [(tmp_path / str(rank)).read_text() for rank in range(2)] == ["True", "True"]
