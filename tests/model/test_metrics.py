"""Metrics are what every claim about the recogniser rests on: checked by hand and against plain definitions."""

import math
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.metrics import bleu, edit_distance, edit_similarity, exact_match

Score = Callable[[Sequence[Sequence[str]], Sequence[Sequence[str]]], float]
tokens = st.lists(st.sampled_from([r"\frac", "{", "}", "x", "_", "2"]), max_size=12)
corpora = st.lists(st.tuples(tokens, tokens), min_size=1, max_size=6)


def split(*formulas: str) -> list[list[str]]:
    return [formula.split() for formula in formulas]


def textbook_distance(first: list[str], second: list[str]) -> int:
    row = list(range(len(second) + 1))
    for i, left in enumerate(first, start=1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(second, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right))
    return row[-1]


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ("", "", 0),
        ("", "a b", 2),
        ("a b", "", 2),
        ("k i t t e n", "s i t t i n g", 3),
        (r"\frac { 1 } { 2 }", r"\frac { 2 } { 1 }", 2),
        ("a b c d", "b c d a", 2),
        ("x _ i", "x _ j", 1),
    ],
)
def test_edit_distance_by_hand(first: str, second: str, distance: int) -> None:
    # Tokens are compared, not characters: \frac against \sqrt is one edit.
    assert edit_distance(first.split(), second.split()) == distance


@given(tokens, tokens)
def test_edit_distance_is_the_textbook_table(first: list[str], second: list[str]) -> None:
    # The library must agree with the plain definition everywhere, empty lists included.
    assert edit_distance(first, second) == textbook_distance(first, second)


def test_edit_distance_beyond_one_machine_word() -> None:
    # Formulas are longer than 64 tokens; a word-sized implementation would break here.
    first = ["a"] * 150 + ["b"]
    assert edit_distance(first, ["a"] * 150) == 1
    assert edit_distance(first, ["b"] + ["a"] * 150) == 2
    assert edit_distance(first, list("xyz") * 60) == 180


@given(tokens, tokens, tokens)
def test_edit_distance_is_a_metric(first: list[str], second: list[str], third: list[str]) -> None:
    assert (edit_distance(first, second) == 0) == (first == second)
    assert edit_distance(first, second) == edit_distance(second, first)
    assert edit_distance(first, third) <= edit_distance(first, second) + edit_distance(second, third)


def test_edit_similarity_is_a_corpus_ratio() -> None:
    # One wrong token of 1 and none of 9: 1 - 1/10, where the mean of ratios would be 0.5.
    references = split("a", "b b b b b b b b b")
    assert edit_similarity(references, split("c", "b b b b b b b b b")) == pytest.approx(0.9)
    # The longer of the two counts: 2 surplus tokens over max(1, 3).
    assert edit_similarity(split("a"), split("a b c")) == pytest.approx(1 / 3)


def test_a_missing_prediction_counts() -> None:
    # Leaving hard formulas out must never raise a score.
    references = split("a b c d e", "a b c d e")
    predictions = split("a b c d e", "")
    assert exact_match(references, predictions) == 0.5
    assert edit_similarity(references, predictions) == 0.5
    assert bleu(references, predictions) == pytest.approx(math.exp(1 - 10 / 5))


def test_bleu_by_hand() -> None:
    # 1-grams 5/6, 2-grams 3/5, 3-grams 2/4, 4-grams 1/3; equal lengths, so no brevity penalty.
    references = split("a b c d e f")
    predictions = split("a b c d x f")
    assert bleu(references, predictions) == pytest.approx((5 / 6 * 3 / 5 * 2 / 4 * 1 / 3) ** 0.25)


def test_bleu_clips_repeated_tokens() -> None:
    # "a" occurs five times in the reference: only five of the ten predicted ones match (4, 3, 2 for longer n-grams).
    score = bleu(split("a a a a a"), split("a a a a a a a a a a"))
    assert score == pytest.approx((5 / 10 * 4 / 9 * 3 / 8 * 2 / 7) ** 0.25)


def test_bleu_sums_over_the_corpus() -> None:
    # Alone the second pair has no 4-gram and would score 0; counts are summed first, as multi-bleu does.
    references = split("a b c d e", "x y")
    predictions = split("a b c d e", "x z")
    assert bleu(references, predictions) == pytest.approx((6 / 7 * 4 / 5 * 3 / 3 * 2 / 2) ** 0.25)


def test_bleu_brevity_penalty() -> None:
    # Shorter predictions are punished by exp(1 - 6/5), longer ones by their precision alone.
    assert bleu(split("a b c d e f"), split("a b c d e")) == pytest.approx(math.exp(1 - 6 / 5))
    assert bleu(split("a b c d e"), split("a b c d e f")) == pytest.approx((5 / 6 * 4 / 5 * 3 / 4 * 2 / 3) ** 0.25)


def test_bleu_is_not_smoothed() -> None:
    # No 4-gram matches: zero, as in multi-bleu.
    assert bleu(split("a b c d"), split("a b c x")) == 0.0


@given(corpora)
def test_scores_stay_in_range_and_are_full_for_perfect_predictions(corpus: list[tuple[list[str], list[str]]]) -> None:
    references, predictions = [list(column) for column in zip(*corpus, strict=True)]
    for score in (exact_match, edit_similarity, bleu):
        assert 0.0 <= score(references, predictions) <= 1.0
    assert exact_match(references, references) == edit_similarity(references, references) == 1.0
    if any(len(reference) >= 4 for reference in references):
        assert bleu(references, references) == pytest.approx(1.0)


def test_lists_and_tuples_are_the_same_formula() -> None:
    assert exact_match([["a", "b"]], [("a", "b")]) == 1.0


@pytest.mark.parametrize("score", [exact_match, edit_similarity, bleu])
def test_unequal_counts_are_refused(score: Score) -> None:
    # A shifted pairing would give a plausible, wrong number.
    with pytest.raises(ValueError, match="2 references but 1 predictions"):
        score(split("a", "b"), split("a"))


@pytest.mark.parametrize("score", [exact_match, edit_similarity, bleu])
def test_an_empty_corpus_scores_zero(score: Score) -> None:
    # Nothing predicted is no success.
    assert score([], []) == 0.0
