"""The comparison in small: systems are trained, exported, measured and written about; nothing is done twice."""

from __future__ import annotations

import importlib
import json
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.classification.classifiers import CLASSIFIERS
from model.comparison import compare_systems
from model.comparison.baseline import best_blind_reading
from model.comparison.document import _CHANGES, _said_of
from model.comparison.measure import _peak_mebibytes
from model.comparison.results import Result, read_result
from model.comparison.systems import SYSTEMS
from model.data_preparation.packed_images import PackedImages
from model.metrics import edit_similarity
from model.vocabulary import Vocabulary
from model.weights_file import read_header
from tests.model.architectures.small_systems import SYSTEMS as SMALL

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


def test_all_systems_and_classifiers_are_trained_and_written_about(
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
    assert compare_systems.main(arguments) == 0
    text = document.read_text(encoding="utf-8")
    assert text.startswith("# Systems side by side\n\n`make systems BUDGET=0.004` trains")
    for system in SYSTEMS:
        assert f"| {system.title} | " in text
        result = read_result(tmp_path / "systems" / system.name)
        assert result.tested == 3
        assert result.images_seen > 0
    for part in ("curves", "images", "attention", "judges"):
        assert (tmp_path / "docs" / f"systems-{part}.png").stat().st_size > 2_000
    words = " ".join(text.split())
    assert "**Pre-training the decoder with hidden tokens**, at the same budget in all, " in words
    assert "**Writing pieces of several tokens**, at the same budget in all, " in words
    assert "so that a digit is 9.5 pixels high instead of 19" in words
    assert "to each image reaches an edit similarity of 0." in words
    assert all(f"| {name} | Xavier | 0.5 | early | " in text for name in CLASSIFIERS)
    header = read_header(tmp_path / "systems" / "hybrid_vit_pieces" / "exported" / "weights.safetensors")
    assert header["tokeniser"] == "pieces"
    assert header["config"]["vocabulary_size"] > len(Vocabulary.load(data / "dataset" / "vocabulary.json"))
    assert header["config"]["reduction"] == 2
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


@pytest.mark.parametrize(
    ("before", "after", "similarities", "verdict"),
    [
        (0.1, 0.3, (0.6, 0.8), "a gain: exact match goes from 0.100 to 0.300 (+0.200, standard error 0.039)"),
        (0.3, 0.1, (0.8, 0.6), "a loss: exact match goes from 0.300 to 0.100 (-0.200, standard error 0.039)"),
        (0.2, 0.22, (0.7, 0.71), "no difference that chance could not make: exact match goes from 0.200 to 0.220"),
        (0.0, 0.0, (0.3, 0.4), "a gain, though not of exact match: exact match goes from 0.000 to 0.000"),
    ],
)
def test_a_gain_is_told_in_words_with_figures(
    before: float, after: float, similarities: tuple[float, float], verdict: str
) -> None:
    # Two hundred images cannot tell a fiftieth from chance; who reads nothing exactly may yet read half of it.
    without = replace(result(before, 9_000), edit_similarity=similarities[0])
    text = " ".join(_said_of(_CHANGES[0], without, replace(result(after, 7_000), edit_similarity=similarities[1])))
    assert text.startswith(f"**Pre-training the decoder with hidden tokens**, at the same budget in all, is {verdict}")
    assert f"edit similarity from {similarities[0]:.3f} to {similarities[1]:.3f} (" in text
    assert text.endswith(
        f"It saw 7,000 images instead of 9,000; a formula takes 20 ms instead of 20. {_CHANGES[0].why}"
    )


def test_formulas_are_counted_by_their_length() -> None:
    # A system without attention reads short formulas and loses its way in long ones, which one figure hides.
    truths, readings = [["a"], ["a", "b"], ["a"] * 20], [["a"], ["b"], ["a"] * 5]
    one = replace(result(0.3, 9_000), truths=truths, readings=readings)
    assert [one.exact_match_of(*bounds) for bounds in ((1, 8), (9, 16), (17, 40))] == [0.5, None, 0.0]
    assert one.written_share == pytest.approx(7 / 23)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say")
def test_the_memory_of_reading_is_not_that_of_who_started_it() -> None:
    # All systems were said to need what the command held that trained them.
    own = _peak_mebibytes()
    code = "from model.comparison.measure import _peak_mebibytes; print(_peak_mebibytes())"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert own is not None
    assert 10.0 < float(child.stdout) < own


def test_the_best_answer_without_an_image_is_told(digits_folder: Path, few_digits_folder: Path) -> None:
    blind = best_blind_reading(digits_folder, few_digits_folder, [0, 1])
    assert blind.tokens in [PackedImages(digits_folder).tokens(number) for number in range(500)]
    references = [PackedImages(few_digits_folder).tokens(number) for number in (0, 1)]
    assert blind.edit_similarity == edit_similarity(references, [blind.tokens] * 2)


def result(exact_match: float, images_seen: int) -> Result:
    """A system that read 200 images, of which it is wrong by one token in every one that it has not read exactly."""
    right = random.Random(images_seen)
    readings = [["a", "b"] if right.random() < exact_match else ["a"] for _ in range(200)]
    similarity = exact_match + 0.5
    return Result(
        *(Path(), 1_000, images_seen, 100, 0.1, 200, exact_match, similarity, 0.4, 0.02, None),
        *([], [["a", "b"]] * 200, readings, []),
    )
