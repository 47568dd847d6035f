"""The table says what is reached: a comparison must be of the same formulas, and a figure that is short must show."""

from __future__ import annotations

import pytest

from model.evaluation.accuracy_table import Row, Targets, as_markdown, make_table, points_lost, spread
from model.evaluation.evaluator import EvaluatedFormula, EvaluatedSet, Metrics


def readings(name: str, right: dict[str, bool]) -> EvaluatedSet:
    return EvaluatedSet(
        name,
        [
            EvaluatedFormula(
                identity, "k12", f"{name}/{identity}.png", ["x"] * 4, ["x"] * (4 if is_right else 3), 0.9, False
            )
            for identity, is_right in right.items()
        ],
        {},
        1.0,
    )


def numbered(name: str, wrong: int, of: int = 20) -> EvaluatedSet:
    return readings(name, {f"k12-{number}": number >= wrong for number in range(of)})


def test_points_are_lost_over_the_formulas_that_both_sets_hold() -> None:
    # A typesetter that refuses the hard formulas must not look better for it.
    before = readings("a", {"1": True, "2": True, "3": False, "4": False})
    after = readings("b", {"1": True, "2": False})
    assert points_lost(before, after) == 50.0
    assert points_lost(after, before) == -50.0
    assert points_lost(before, readings("c", {"9": True})) is None


def test_spread_is_best_less_worst_over_common_formulas() -> None:
    sets = [numbered("a", 2), numbered("b", 5), readings("c", {f"k12-{number}": True for number in range(10)})]
    assert spread(sets) == pytest.approx(50.0)
    assert spread([]) is None


def test_rows_compare_with_the_right_sets() -> None:
    sets = [
        numbered("tex-k12", 2), numbered("tex-notes", 0), numbered("reference-tex", 2), numbered("screen-katex-150", 3),
        numbered("scale-0.5", 9), numbered("scale-0.75", 4), numbered("scale-1", 3), numbered("scale-1.5", 3),
        numbered("scale-2", 3), numbered("degraded-jpeg", 5), numbered("font-arev", 4), numbered("font-cm", 2),
    ]  # fmt: skip
    rows = {row.title: row for row in make_table({one.name: one for one in sets}, fonts_left_out_of_training=["arev"])}
    lost = {title: row.points_lost for title, row in rows.items() if row.points_lost is not None}
    assert lost == pytest.approx(
        {
            "KaTeX, in Chromium at 150%": 5.0, "scale 0.5": 30.0, "scale 0.75": 5.0, "scale 1.5": 0.0, "scale 2": 0.0,
            "spread of exact match from scale 0.75 to 2": 5.0, "JPEG of quality 40": 10.0,
            "font arev, never seen in training": 10.0, "font cm, also seen in training": 0.0,
        }
    )  # fmt: skip
    assert rows["school formulas (k12), TeX"].misses() == ["edit_similarity", "exact_match"]
    assert rows["notes, TeX"].targets == rows["font cm, also seen in training"].targets == Targets()
    assert rows["KaTeX, in Chromium at 150%"].misses() == ["edit_similarity", "points_lost"]
    assert rows["scale 0.5"].misses() == []


def test_a_set_that_was_not_made_has_no_row() -> None:
    assert [row.title for row in make_table({"tex-k12": numbered("tex-k12", 1)})] == ["school formulas (k12), TeX"]


def test_markdown_shows_floors_and_what_is_short_of_them() -> None:
    rows = [
        Row("good", Metrics(9, 0.98, 0.9, 0.95), None, Targets(0.97, 0.8, 0.9)),
        Row("short", Metrics(9, 0.96, 0.9, 0.95), 4.5, Targets(0.97, points_lost=4.0)),
        Row("told", Metrics(9, 0.5, 0.25, 0.1), None, Targets()),
    ]
    assert as_markdown(rows).splitlines()[2:] == [
        "| good | 9 | 0.980 (≥ 0.97) | 0.900 (≥ 0.8) | 0.950 (≥ 0.9) |  | reached |",
        "| short | 9 | **0.960** (≥ 0.97) | 0.900 | 0.950 | **4.5** (≤ 4) | short |",
        "| told | 9 | 0.500 | 0.250 | 0.100 |  |  |",
    ]
