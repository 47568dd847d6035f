"""Formulas for a next stage: the tokens read worst are found, and each is drawn as often."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.data_preparation.sample_hard_formulas import main, missed_shares, sample_lines


def line(tokens: str) -> str:
    return json.dumps({"latex": tokens, "source": "k12", "tokens": tokens})


def test_missed_tokens_are_counted_worst_first() -> None:
    # A star read as an asterisk is missed; the x beside it, and what was read too much, are not.
    readings = [(["x", r"\star"], ["x", "*"])] * 6 + [(["x", r"\star"], ["x", r"\star", "+"])] * 2 + [(["y"], [])]
    assert missed_shares(readings) == {r"\star": 0.75, "x": 0.0}


def test_each_token_gets_its_share() -> None:
    # Bold letters come in hundreds and would leave no place for stars.
    lines = [line(rf"\mathbf {{ {letter} }} {digit}") for letter in "abcdefgh" for digit in "0123456789"]
    lines += [line(rf"a \star {digit}") for digit in "01234"]
    drawn = sample_lines(lines, [r"\mathbf", r"\star"], 10, 0)
    assert len(set(drawn)) == len(drawn) == 10
    assert sum(r"\\star" in one for one in drawn) == 5
    assert drawn != sample_lines(lines, [r"\mathbf", r"\star"], 10, 1)


def test_no_part_of_a_token_is_taken_for_it() -> None:
    assert sample_lines([line(r"\bar { x }"), line(r"\barwedge")], [r"\bar"], 10, 0) == [line(r"\bar { x }")]


def test_command_writes_what_renderers_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset, predictions, out = tmp_path / "train.jsonl", tmp_path / "predictions.jsonl", tmp_path / "missed.jsonl"
    lines = [line(r"\star x"), line("y"), line(r"z ^ \star")]
    dataset.write_text("\n".join(lines) + "\n", encoding="utf-8")
    reading = json.dumps({"reference": [r"\star", "x"], "prediction": ["*", "x"]})
    predictions.write_text(f"{reading}\n" * 8, encoding="utf-8")
    assert main([str(dataset), str(predictions), "--out", str(out)]) == 0
    assert sorted(out.read_text(encoding="utf-8").splitlines()) == sorted([lines[0], lines[2]])
    assert r"\star 1.00" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("no JSON\n", "is no prediction"),
        ('{"reference": ["x"]}\n', "is no prediction"),
        (None, "can't be read"),
        ('{"reference": ["x"], "prediction": ["x"]}\n' * 9, "No token is missed"),
        ('{"reference": ["x"], "prediction": ["y"]}\n' * 9, "is no split"),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, message: str
) -> None:
    dataset, predictions, out = tmp_path / "train.jsonl", tmp_path / "predictions.jsonl", tmp_path / "missed.jsonl"
    if content is not None:
        predictions.write_text(content, encoding="utf-8")
    dataset.write_text("{}\n", encoding="utf-8")
    assert main([str(dataset), str(predictions), "--out", str(out)]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not out.exists()
