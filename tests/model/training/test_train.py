"""The training command as a whole: it learns, it survives a kill without a trace, and it exports what it learned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from model.checkpoint import load_network, load_tensors
from model.training import run_state, train
from model.training.export_weights import export_weights
from model.training.training_arguments import parse_arguments
from model.vocabulary import Vocabulary
from model.weights_file import CheckpointError


class Command:
    """The training command over the digits, with small batches."""

    def __init__(self, training: Path, validation: Path, vocabulary: Path) -> None:
        self.vocabulary = vocabulary
        self._data = [str(training), "--validation", str(validation), "--vocabulary", str(vocabulary)]

    def __call__(self, folder: Path, *options: str) -> None:
        small = "--processes 1 --device cpu --batch-limit 12 --augment-after 200 --curriculum".split()
        train.main([*self._data, "--run", str(folder), *small, "", *options])


@pytest.fixture
def run(digits_folder: Path, few_digits_folder: Path, digits_vocabulary: Path) -> Command:
    return Command(digits_folder, few_digits_folder, digits_vocabulary)


def events(folder: Path, kind: str) -> list[dict[str, Any]]:
    lines = (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [event for event in map(json.loads, lines) if event["event"] == kind]


def test_a_killed_run_resumes_exactly(tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Step, optimiser, data order and random numbers: the weights equal those of a run never killed, bit for bit."""
    options = ("--images", "192", "--validate-every", "1000", "--warm-up-steps", "4")
    run(tmp_path / "whole", *options)
    save_run, set_learning_rate = run_state.save_run, train.Trainer._set_learning_rate
    saved: list[int] = []

    class KilledError(Exception):
        pass

    def save_and_remember(path: Path, parts: Any, progress: Any, **named: Any) -> None:
        save_run(path, parts, progress, **named)
        saved.append(progress.step)

    def die_three_steps_after_the_save(trainer: train.Trainer) -> None:
        if saved and trainer.progress.step == saved[-1] + 3:
            raise KilledError
        set_learning_rate(trainer)

    with monkeypatch.context() as killing:
        killing.setattr(train, "SAVE_EVERY", 7)
        killing.setattr(train, "save_run", save_and_remember)
        killing.setattr(train.Trainer, "_set_learning_rate", die_three_steps_after_the_save)
        with pytest.raises(KilledError):
            run(tmp_path / "killed", *options)
    run(tmp_path / "killed", *options)
    whole, whole_header = load_tensors(tmp_path / "whole" / "checkpoint.safetensors")
    resumed, resumed_header = load_tensors(tmp_path / "killed" / "checkpoint.safetensors")
    assert whole_header["progress"]["step"] == resumed_header["progress"]["step"] == 16
    assert whole.keys() == resumed.keys()
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_training_learns_to_name_digits(tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both losses fall, curves are drawn, and the best weights can be exported and loaded."""
    folder = tmp_path / "run"
    monkeypatch.setattr(train, "LOG_EVERY", 20)
    run(folder, "--images", "1440", "--validate-every", "60", "--warm-up-steps", "10")
    losses = events(folder, "train")
    assert losses[-1]["loss"] < 0.75 * losses[0]["loss"]
    assert losses[-1]["glyph_loss"] < 0.7 * losses[0]["glyph_loss"]
    assert (folder / "curves.png").stat().st_size > 5_000
    path = export_weights(folder / "best.safetensors", run.vocabulary, tmp_path / "resources")
    network, header = load_network(path)
    assert not network.training
    assert header["vocabulary_hash"] == Vocabulary.load(run.vocabulary).hash
    assert path.stat().st_size < 16_000_000


@pytest.mark.parametrize(("option", "kept"), [("--frozen-statistics", True), ("--no-frozen-statistics", False)])
def test_frozen_statistics_stay_as_they_were(tmp_path: Path, run: Command, option: str, kept: bool) -> None:
    """Weights that are trained on go by the statistics that they are read with, while everything else learns."""
    folder = tmp_path / "run"
    run(folder, "--images", "24", "--validate-every", "1000", option)
    trained = load_network(folder / "best.safetensors")[0].state_dict()
    assert bool((trained["encoder.stem.1.running_mean"] == 0).all()) is kept
    assert not bool((trained["encoder.stem.1.weight"] == 1).all())


def test_two_processes_stay_one_network(tmp_path: Path, run: Command) -> None:
    """Data-parallel training on a CPU: gradients are averaged, so a run ends with one set of weights."""
    folder = tmp_path / "run"
    run(folder, "--images", "200", "--processes", "2", "--validate-every", "5")
    assert events(folder, "validation")[-1]["images"] >= 200


def test_weights_of_another_vocabulary_are_refused(tmp_path: Path, run: Command) -> None:
    """Ids of one vocabulary mean nothing in another; a mix-up must not ship."""
    folder = tmp_path / "run"
    run(folder, "--images", "24", "--validate-every", "1")
    other = tmp_path / "other.json"
    Vocabulary.build([["a"], ["b"]]).save(other)
    with pytest.raises(CheckpointError, match="another vocabulary"):
        export_weights(folder / "best.safetensors", other, tmp_path / "resources")


def test_every_option_is_on_the_command_line(tmp_path: Path) -> None:
    """A run can be repeated from its options alone."""
    _, options = parse_arguments(
        ["a", "--validation", "b", "--vocabulary", "c", "--run", str(tmp_path), "--curriculum", "5:10,20:30"]
    )
    assert options.curriculum == ((5, 10), (20, 30))
