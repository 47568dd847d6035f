"""Image match counts what the eye cannot tell apart, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.evaluation.image_match import image_matches, main

pytestmark = pytest.mark.tex


def pair(first: str, second: str) -> tuple[list[str], list[str]]:
    return first.split(), second.split()


def test_what_looks_the_same_matches() -> None:
    pairs = [
        pair("x ^ 2", "x ^ 2"),
        pair("x ^ 2", "{ x } ^ 2"),  # braces that leave no trace
        pair("x ^ 2", "x ^ 3"),
        pair("x , y", "x . y"),  # as wide and as high
        pair("a", ""),
        pair("", ""),
        pair(r"\frac { a } { b }", r"\frac { a } {"),  # does not parse
    ]
    assert image_matches(pairs) == [True, True, False, False, False, True, False]


def test_command_says_both_shares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    predictions = tmp_path / "predictions.jsonl"
    rows = [pair("x", "x"), pair("{ x }", "x"), pair("x", "y"), pair("x", "z")]
    predictions.write_text("".join(json.dumps({"reference": a, "prediction": b}) + "\n" for a, b in rows))
    assert main([str(predictions)]) == 0
    assert "4 formulas: exact match 0.2500, image match 0.5000; 1 look the same" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, "", "{}\n", "no JSON\n"])
def test_no_predictions_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    predictions = tmp_path / "predictions.jsonl"
    if content is not None:
        predictions.write_text(content, encoding="utf-8")
    assert main([str(predictions)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
