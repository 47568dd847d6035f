"""Training of the layout network on composed pages, and what is exported of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from model.checkpoint import load_tensors, parameter_count
from model.layout.augmentation import make_example
from model.layout.batches import LayoutBatch
from model.layout.export import export_network, load_layout_network
from model.layout.layout_finder import LayoutError, LayoutFinder
from model.layout.layout_input import BORDER, CELL, LAYOUT_TEXT_HEIGHT, OUTSIDE, STRIDE
from model.layout.maps import MAP_COUNT, InkClass
from model.layout.network import LayoutNetwork, to_probabilities
from model.layout.shards import LayoutShards
from model.training import train_layout as train
from model.training.train_layout import POOL, LayoutOptions, LayoutTrainer
from tests.model.layout.page_composer import PageComposer, draw_line, write_shard

FORMULAS = (r"$x_1 = \frac{a+b}{2}$", r"$a = b + c$", r"$\sqrt{y} < 2$")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shard of six crops with a row or two, and half a line at the edge of some."""
    crops = []
    for index in range(6):
        page = PageComposer(300, 160)
        for row in range(3):
            page.place(draw_line(FORMULAS[(index + row) % 3]), 20, 40 + 45 * row, "formula", group=row)
        crops.append(page.crop(10, 10 + index, 160, (60, 110, 72)[index % 3] + index))
    path: Path = tmp_path_factory.mktemp("shards")
    write_shard(path, 0, crops)
    return path


def trainer(folder: Path, run: Path, crops: int) -> LayoutTrainer:
    options = LayoutOptions(crops=crops, warm_up=2, validate_every=10_000, validation_crops=2)
    return LayoutTrainer([folder], [folder], run, options)


def test_a_new_run_goes_on_from_the_layout_that_ships(folder: Path, tmp_path: Path) -> None:
    graph = Path(__file__).parents[3] / "resources" / "layout.onnx"
    options = LayoutOptions(crops=POOL)
    further = LayoutTrainer([folder], [folder], tmp_path / "further", options, initial_graph=graph)
    anew = trainer(folder, tmp_path / "anew", POOL)
    losses = [one._step(next(iter(one._batches()))[0]) for one in (further, anew)]
    assert losses[0][0] < 0.7 * losses[1][0]  # of the cores


def test_example_shows_where_the_image_ends(folder: Path) -> None:
    # The network tells a line that the edge cuts from one that ends there.
    example = make_example(LayoutShards([folder])[0])
    assert example is not None
    assert all(side % STRIDE == 0 for side in example.ink.shape)
    assert (example.ink[:BORDER] == OUTSIDE).all()
    assert example.ink[BORDER, BORDER] == 0.0
    assert example.targets.core.shape == tuple(side // CELL for side in example.ink.shape)
    middle = example.targets.core.max(axis=1) > 0.5
    # A line's core is about two thirds of a digit high.
    assert 1 <= middle.sum() <= 2 * LAYOUT_TEXT_HEIGHT / CELL


def test_ink_of_a_cut_line_is_a_neighbours(folder: Path) -> None:
    example = make_example(LayoutShards([folder])[2])
    assert example is not None
    classes = example.targets.ink_class
    assert set(np.unique(classes)) == {-1, InkClass.FORMULA, InkClass.NEIGHBOUR}
    rows = np.flatnonzero((classes == InkClass.NEIGHBOUR).any(axis=1))
    assert rows.min() > np.flatnonzero((classes == InkClass.FORMULA).any(axis=1)).max() - 2


def test_a_run_that_was_killed_goes_on_where_it_was(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "SAVE_EVERY", 1)
    trainer(folder, tmp_path / "whole", 4 * POOL).run()
    killed = trainer(folder, tmp_path / "killed", 4 * POOL)
    step, steps = killed._step, 0

    def step_or_die(batch: LayoutBatch) -> list[float]:
        nonlocal steps
        steps += 1
        if steps > 2:
            raise KeyboardInterrupt
        return step(batch)

    monkeypatch.setattr(killed, "_step", step_or_die)
    with pytest.raises(KeyboardInterrupt):
        killed.run()
    trainer(folder, tmp_path / "killed", 4 * POOL).run()
    whole, header = load_tensors(tmp_path / "whole" / "checkpoint.safetensors")
    resumed, resumed_header = load_tensors(tmp_path / "killed" / "checkpoint.safetensors")
    assert header["progress"]["crops"] == resumed_header["progress"]["crops"] == 4 * POOL
    assert all(torch.allclose(tensor, resumed[name], atol=1e-6) for name, tensor in whole.items())


def test_training_learns_where_lines_are(folder: Path, tmp_path: Path) -> None:
    run = trainer(folder, tmp_path, 40 * POOL)
    run.run()
    assert (tmp_path / "best.safetensors").is_file()
    events = [event for event in run.log.read() if event["event"] == "validation"]
    assert events[-1]["recall"] > 0.0


def test_exported_network_draws_the_same_maps(folder: Path, tmp_path: Path) -> None:
    # Any size, and small enough to be bundled.
    network = LayoutNetwork().eval()
    assert parameter_count(network) <= 400_000
    path = tmp_path / "layout.onnx"
    export_network(network, path)
    assert path.stat().st_size <= 1_000_000
    finder = LayoutFinder.load(path)
    for size in ((64, 96), (128, 480)):
        ink = np.random.default_rng(1).random(size, dtype=np.float32)
        with torch.inference_mode():
            expected = to_probabilities(network(torch.from_numpy(ink)[None, None]))[0].numpy()
        drawn = finder._draw_maps(ink)
        assert drawn.shape == (MAP_COUNT, size[0] // CELL, size[1] // CELL)
        assert np.abs(drawn - expected).max() < 1e-4
    finder.find_layout(LayoutShards([folder])[0].image)


def test_saved_network_can_be_loaded_for_export(folder: Path, tmp_path: Path) -> None:
    run = trainer(folder, tmp_path, POOL)
    run.run()
    loaded = load_layout_network(tmp_path / "best.safetensors")
    averages = run.average.averages
    assert all(torch.equal(tensor, averages[name]) for name, tensor in loaded.state_dict().items())


def test_missing_or_damaged_network_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="no layout network"):
        LayoutFinder.load(tmp_path / "none.onnx")
    (tmp_path / "bad.onnx").write_bytes(b"nothing of the kind")
    with pytest.raises(LayoutError, match="damaged"):
        LayoutFinder.load(tmp_path / "bad.onnx")
