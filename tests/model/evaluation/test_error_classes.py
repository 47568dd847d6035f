"""The classes of error steer what is worked on next: each fault must be counted under its own name."""

from __future__ import annotations

import pytest

from model.evaluation import error_classes as classes
from model.evaluation.error_classes import classify, faults_of
from model.evaluation.evaluator import EvaluatedFormula


@pytest.mark.parametrize(
    ("reference", "prediction", "name"),
    [
        (r"\nu + 1", "v + 1", classes.LOOK_ALIKE),
        ("a b c", r"\alpha \beta c", classes.LOOK_ALIKE),
        ("c + 1", "C + 1", classes.CAPITALS),
        (r"\mathbf { x } + y", "x + y", classes.FONTS),
        (r"\mathbf { x } + y", r"\mathrm { x } + y", classes.FONTS),
        (r"\hat { x } + y", r"\tilde { x } + y", classes.ACCENTS),
        (r"\bar { x } + y", "x + y", classes.ACCENTS),
        ("x + 1 .", "x + 1", classes.PUNCTUATION),
        ("x , y", r"x \quad y", classes.PUNCTUATION),
        ("( x )", "[ x )", classes.DELIMITERS),
        ("x ^ 2 y", "x 2 y", classes.SCRIPTS),
        ("x _ { i j }", "x _ { i } j", classes.SCRIPTS),
        (r"\begin{matrix} a & b \end{matrix}", r"\begin{matrix} a b \end{matrix}", classes.STRUCTURE),
        (r"\begin{aligned} a \\ b \end{aligned}", "a b", classes.STRUCTURE),
        ("x + y + z", "x + z", classes.MISSING),
        ("x + z", "x + y + z", classes.EXTRA),
        ("a = 1 2 3 4 5 6", "a = u v w p q r s", classes.PASSAGE),
    ],
)
def test_fault_has_its_name(reference: str, prediction: str, name: str) -> None:
    assert {found for found, _, _ in faults_of(reference.split(), prediction.split())} == {name}


def test_equal_formulas_have_no_fault() -> None:
    assert faults_of(["x", "^", "2"], ["x", "^", "2"]) == []


def reading(reference: str, prediction: str, *, is_cut_short: bool = False) -> EvaluatedFormula:
    return EvaluatedFormula("k12-1", "k12", "a/b.png", reference.split(), prediction.split(), 0.5, is_cut_short)


def test_a_formula_counts_once_for_each_class_and_the_largest_comes_first() -> None:
    found = classify(
        [
            reading("x + y", "x + y"),
            reading("a + b + c", "u + b + w"),
            reading("a + ( b", r"u + [ b"),
            reading("x", "x x x x", is_cut_short=True),
        ]
    )
    assert [(one.name, one.formulas, one.faults) for one in found] == [
        (classes.LOOK_ALIKE, 2, 3), (classes.DELIMITERS, 1, 1), (classes.CUT_SHORT, 1, 1)
    ]  # fmt: skip
    assert found[0].examples[0] == ("a", "u", 2)
