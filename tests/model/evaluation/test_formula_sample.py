"""The sample decides what every figure stands on: a fair draw, held out, and the same one each time."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from model.data_preparation.formula import LabelledFormula, SourceError
from model.evaluation.formula_sample import (
    draw_sample,
    first_of_each_group,
    main,
    read_sample,
)
from model.latex import join_tokens, normalise

COMMITTED = Path(__file__).parents[2] / "data" / "evaluation_formulas.jsonl"


def formulas() -> list[LabelledFormula]:
    """Many formulas of three sources; every tenth of arXiv's holds rows of one of the three kinds."""
    rows = [
        rf"\begin{{{name}}} {number} & x \\ y & z \end{{{name}}}"
        for name in ("aligned", "cases", "pmatrix")
        for number in range(10)
    ]
    return [
        *(LabelledFormula(tokens, tokens, "arxiv_display") for tokens in rows),
        *(LabelledFormula("", f"x + {number}", "k12") for number in range(50)),
        *(LabelledFormula("", f"y + {number}", "notes") for number in range(3)),
    ]


def test_groups_are_filled_and_no_formula_is_drawn_twice() -> None:
    sample = draw_sample(formulas(), formulas_per_group=6)
    assert Counter(formula.group for formula in sample) == {"display": 6, "k12": 6, "notes": 3, "rows": 6}
    assert len({formula.tokens for formula in sample}) == len(sample)
    assert len({formula.identity for formula in sample}) == len(sample)


def test_rows_hold_the_three_kinds_in_equal_parts() -> None:
    # Matrices are the commonest by far; without this cases would hardly be measured.
    rows = [formula.tokens for formula in draw_sample(formulas(), formulas_per_group=6) if formula.group == "rows"]
    assert [sum(kind in tokens for tokens in rows) for kind in ("{aligned}", "{cases}", "{pmatrix}")] == [2, 2, 2]


def test_draw_does_not_depend_on_the_order_of_the_files() -> None:
    assert draw_sample(formulas(), formulas_per_group=4) == draw_sample(formulas()[::-1], formulas_per_group=4)


def test_first_of_each_group_is_a_part_of_the_sample() -> None:
    sample = draw_sample(formulas(), formulas_per_group=6)
    assert Counter(formula.group for formula in first_of_each_group(sample, 2)) == {
        "display": 2, "k12": 2, "notes": 2, "rows": 2
    }  # fmt: skip


def test_command_writes_what_is_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    split, out = tmp_path / "test.jsonl", tmp_path / "sample.jsonl"
    lines = ({"latex": one.latex, "tokens": one.tokens, "source": one.source} for one in formulas())
    split.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert main([str(split), "--out", str(out), "--formulas-per-group", "5"]) == 0
    assert read_sample(out) == draw_sample(formulas(), formulas_per_group=5)
    assert main([str(tmp_path / "none.jsonl"), "--out", str(out)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    "text", ["", "[]\n", '{"latex": "x"}\n', '{"latex": "x", "tokens": "x", "source": "s"}\n', "{"]
)
def test_what_is_no_sample_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "sample.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError):
        read_sample(path)


def test_committed_sample_is_canonical_and_full() -> None:
    # A label in another spelling than the recogniser's would count every right reading as wrong.
    sample = read_sample(COMMITTED)
    assert set(Counter(formula.group for formula in sample).values()) == {60}
    assert [f.identity for f in sample if normalise(join_tokens(f.tokens.split(" "))) != f.tokens.split(" ")] == []
    assert [f.identity for f in sample if normalise(f.latex) != f.tokens.split(" ")] == []
