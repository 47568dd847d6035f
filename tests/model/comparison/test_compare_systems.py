"""The comparison in small: systems are trained, exported, measured and written about; nothing is done twice."""

from __future__ import annotations

import importlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from model.comparison import compare_systems
from model.comparison.results import read_result
from model.comparison.systems import SYSTEMS
from tests.model.architectures.small_systems import SYSTEMS as SMALL

# One without attention, a recurrent one with it, a Transformer of which a part is trained first.
TRIED = ("show_and_tell", "im2markup", "pretrained_decoder")
ARGUMENTS = "--budget 0.004 --test-images 3 --validation-images 2 --validate-every 1000".split()


@pytest.fixture(scope="module")
def data(
    tmp_path_factory: pytest.TempPathFactory, digits_folder: Path, few_digits_folder: Path, digits_vocabulary: Path
) -> Path:
    """Digits instead of formulas, where `make systems` puts them."""
    folder = tmp_path_factory.mktemp("systems")
    (folder / "dataset").mkdir()
    shutil.copy(digits_vocabulary, folder / "dataset" / "vocabulary.json")
    for split, source in (("train", digits_folder), ("validation", few_digits_folder), ("test", few_digits_folder)):
        shutil.copytree(source, folder / "images" / split)
    return folder


@pytest.fixture(scope="module")
def dimensions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small ones for all, without those that only some variants have."""
    sizes: dict[str, dict[str, Any]] = {}
    for architecture, config in SMALL.values():
        sizes.setdefault(architecture, config)
    path = tmp_path_factory.mktemp("dimensions") / "dimensions.json"
    path.write_text(json.dumps(sizes), encoding="utf-8")
    return path


def run_here(folder: Path, module: str, *arguments: str) -> None:
    """Run a step in this process: a process of its own would load PyTorch for each of forty steps."""
    importlib.import_module(module).main(list(arguments))
    if module == "model.training.train":
        (folder / "run" / "done").touch()


def test_systems_are_trained_and_written_about(
    data: Path, dimensions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    def counted(folder: Path, module: str, *arguments: str) -> None:
        steps.append(f"{folder.name} {module}")
        run_here(folder, module, *arguments)

    monkeypatch.setattr(compare_systems, "_run", counted)
    document = tmp_path / "docs" / "systems.md"
    arguments = [str(data), *ARGUMENTS, "--out", str(tmp_path / "systems"), "--dimensions", str(dimensions)]
    arguments += ["--document", str(document), "--command", "make systems BUDGET=0.004"]
    arguments += ["--systems", *TRIED]
    assert compare_systems.main(arguments) == 0
    text = document.read_text(encoding="utf-8")
    assert text.startswith("# Systems side by side\n\n`make systems BUDGET=0.004` trains")
    for system in (one for one in SYSTEMS if one.name in TRIED):
        assert f"| {system.title} | " in text
        result = read_result(tmp_path / "systems" / system.name)
        assert result.tested == 3
        assert result.images_seen > 0
    for part in ("curves", "images", "attention"):
        assert (tmp_path / "docs" / f"systems-{part}.png").stat().st_size > 2_000
    # Nothing that is finished is done again; what was stopped goes on from where it was.
    before = len(steps)
    (tmp_path / "systems" / "im2markup" / "result.json").unlink()
    assert compare_systems.main(arguments) == 0
    assert steps[before:] == ["im2markup model.training.export_weights", "im2markup model.comparison.measure"]


def test_a_system_that_fails_does_not_stop_the_others(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Hours of training must not end for one system; the real processes run here, and their output is kept.
    broken = tmp_path / "dimensions.json"
    small = {"im2markup": SMALL["im2markup"][1], "show_and_tell": {"cell": "rnn"}}
    broken.write_text(json.dumps(small), encoding="utf-8")
    arguments = [str(data), *ARGUMENTS, "--out", str(tmp_path / "out"), "--dimensions", str(broken)]
    assert compare_systems.main([*arguments, "--systems", "show_and_tell", "im2markup"]) == 1
    assert "show_and_tell: " in capsys.readouterr().err
    assert "cannot be built" in (tmp_path / "out" / "show_and_tell" / "output.log").read_text(encoding="utf-8")
    assert read_result(tmp_path / "out" / "im2markup").tested == 3
