"""The report decides what is shipped: its figures must be those of the metrics, slice by slice."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from model.data_preparation.packed_images import PackedFormula, write_shard
from model.evaluation.evaluator import EvaluatedFormula
from model.evaluation.score_packed_images import length_class, main, score_slices


@pytest.fixture
def packed(images_by_heart: list[np.ndarray], formulas: list[list[str]], tmp_path: Path) -> Path:
    """The images known by heart, packed; the label of the last one is wrong."""
    folder = tmp_path / "packed"
    folder.mkdir()
    labels = [*formulas[:-1], ["x"]]
    packed = [
        PackedFormula(
            image=(255 * image).astype(np.uint8),
            glyphs=[],
            details={
                "tokens": " ".join(label),
                "source": "first" if index < 5 else "second",
                "font": "cm",
                "size_pt": 10,
                "dpi": 100 + 50 * (index % 2),
                "style": "display",
                "hash": str(index),
            },
        )
        for index, (image, label) in enumerate(zip(images_by_heart, labels, strict=True))
    ]
    write_shard(folder, 0, packed, summary={})
    return folder


def test_report_of_what_is_known_by_heart(
    packed: Path, recogniser_files: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # All but one are read rightly, and the slices say where that one lies.
    report, predictions = tmp_path / "report.json", tmp_path / "predictions.jsonl"
    arguments = [recogniser_files.weights, recogniser_files.vocabulary, packed, "--out", report]
    assert main([str(argument) for argument in (*arguments, "--predictions", predictions, "--beam", "1")]) == 0
    stored = json.loads(report.read_text(encoding="utf-8"))
    count = stored["whole"]["images"]
    assert stored["whole"]["exact_match"] == pytest.approx(1 - 1 / count, abs=1e-5)
    assert 0.5 < stored["whole"]["edit_similarity"] < 1.0
    assert 0.5 < stored["whole"]["bleu"] < 1.0
    assert stored["slices"]["source"]["first"]["exact_match"] == 1.0
    assert stored["slices"]["source"]["first"]["bleu"] == 1.0
    assert stored["slices"]["source"]["second"]["images"] == count - 5
    assert list(stored["slices"]["resolution"]) == ["100 dpi", "150 dpi"]
    assert sum(scores["images"] for scores in stored["slices"]["length"].values()) == count
    assert len(predictions.read_text(encoding="utf-8").splitlines()) == count
    table = report.with_suffix(".md").read_text(encoding="utf-8")
    assert "| source: first | 5 | 1.0000 | 1.0000 | 1.0000 | 0 |" in table
    assert table in capsys.readouterr().out


def test_limit_draws_the_same_images_each_time(
    packed: Path, recogniser_files: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(recogniser_files.weights), str(recogniser_files.vocabulary), str(packed), "--limit", "4"]
    tables = []
    for _ in range(2):
        assert main(arguments) == 0
        tables.append(capsys.readouterr().out.split("\n\n")[1])
    assert tables[0] == tables[1]
    assert tables[0].splitlines()[2].startswith("| all | 4 |")


def test_folder_without_images_is_one_sentence(
    recogniser_files: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(recogniser_files.weights), str(recogniser_files.vocabulary), str(tmp_path / "none")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("tokens", "name"),
    [(1, "1-10 tokens"), (10, "1-10 tokens"), (11, "11-20 tokens"), (40, "21-40 tokens"), (80, "41-80 tokens"),
     (81, "81+ tokens"), (400, "81+ tokens")],
)  # fmt: skip
def test_length_classes_meet_without_a_gap(tokens: int, name: str) -> None:
    assert length_class(tokens) == name


def test_lengths_stand_in_their_order() -> None:
    # "11-20" must not stand before "2-…", nor "81+" before "11-20".
    formulas = [
        EvaluatedFormula(str(n), "s", "", ["x"] * n, ["x"] * n, 1.0, False, "f", 100) for n in (90, 5, 15, 50, 30)
    ]
    assert [name.split("-")[0] for name in score_slices(formulas)["length"]] == ["1", "11", "21", "41", "81+ tokens"]
