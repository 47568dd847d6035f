"""Errors as recognisers make them: they parse, they are errors, and no formula is in both lists."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from model.comparison.reading_errors import main, misread, right_and_wrong
from model.latex import join_tokens, normalise

FORMULA = normalise(r"\frac{\alpha+x^2}{2y_i}\leq\sum_{k=0}^{n}c_k")


def test_an_error_changes_little_and_still_parses() -> None:
    generator = random.Random(1)
    errors = [misread(FORMULA, generator) for _ in range(60)]
    for error in errors:
        assert error is not None
        assert error != FORMULA
        assert normalise(join_tokens(error)) == error
        assert abs(len(error) - len(FORMULA)) <= 3
    assert len({tuple(error) for error in errors if error}) > 20


def test_what_looks_like_nothing_else_is_dropped_or_repeated() -> None:
    assert misread(["\\infty"], random.Random(1)) == ["\\infty", "\\infty"]  # an empty one is none
    assert misread([], random.Random(1)) is None


def test_no_formula_is_in_both_lists() -> None:
    formulas = [[*FORMULA, "+", letter, digit] for letter in "abcdefgh" for digit in "0123456789"]
    right, wrong = right_and_wrong(formulas + formulas)
    assert len(right) == 40
    assert 30 <= len(wrong) <= 40
    assert all(one in formulas for one in right)
    assert not any(one in formulas for one in wrong)
    assert right_and_wrong(formulas) == (right, wrong)


def test_lists_are_made_of_packed_images(
    digits_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(digits_folder), "--out", str(tmp_path / "judges")]) == 0
    right, wrong = ((tmp_path / "judges" / f"{name}.txt").read_text(encoding="utf-8") for name in ("right", "wrong"))
    assert capsys.readouterr().out == f"right: {len(right.splitlines())}\nwrong: {len(wrong.splitlines())}\n"
    assert main([str(tmp_path / "none"), "--out", str(tmp_path)]) == 1
    assert "no packed images" in capsys.readouterr().err
