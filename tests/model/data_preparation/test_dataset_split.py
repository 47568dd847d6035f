"""A formula in two splits, or a vocabulary that has seen the test split, would make every score a lie."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data_preparation.dataset_split import SplitOptions, choose_vocabulary, split_formulas

FORMULAS = [f"x _ {number}" for number in range(1000)]


def count(splits: dict[str, str]) -> dict[str, int]:
    return dict(Counter(splits.values()))


def test_shares() -> None:
    assert count(split_formulas({"a": FORMULAS}, SplitOptions())) == {"train": 970, "validation": 10, "test": 20}


def test_cap_holds_for_each_source() -> None:
    # A large source must not use up minutes of validation.
    sources = {"large": FORMULAS, "small": ["a", "b"]}
    options = SplitOptions(validation_share=0.3, test_share=0.5, cap=7)
    splits = split_formulas(sources, options)
    assert count({formula: splits[formula] for formula in FORMULAS}) == {"train": 986, "validation": 7, "test": 7}
    assert splits["a"] in {"train", "validation", "test"}


def test_order_makes_no_difference() -> None:
    # Sources are re-collected in another order; what was held out must stay so.
    assert split_formulas({"a": FORMULAS}, SplitOptions()) == split_formulas({"a": FORMULAS[::-1]}, SplitOptions())


def test_a_growing_source_keeps_its_held_out_formulas() -> None:
    # Weights of yesterday are scored on the splits of today: hardly any formula may come over from train.
    before = split_formulas({"a": FORMULAS[:500]}, SplitOptions(0.1, 0.2))
    after = split_formulas({"a": FORMULAS}, SplitOptions(0.1, 0.2))
    moved = [formula for formula, split in before.items() if split != after[formula]]
    assert len(moved) < 25


def test_seed_makes_another_split() -> None:
    assert split_formulas({"a": FORMULAS}, SplitOptions()) != split_formulas({"a": FORMULAS}, SplitOptions(seed=1))


def test_the_split_is_the_same_on_every_machine() -> None:
    # Python's own hash differs from run to run; this one may not.
    splits = split_formulas({"a": FORMULAS[:100]}, SplitOptions())
    assert sorted(formula for formula, split in splits.items() if split == "test") == ["x _ 33", "x _ 49"]


@pytest.mark.parametrize(("minimum_count", "tokens"), [(1, {"a", "b", "c", "d"}), (2, {"a", "b"}), (3, {"a"})])
def test_vocabulary_keeps_frequent_tokens(minimum_count: int, tokens: set[str]) -> None:
    choice = choose_vocabulary(["a a b", "a a a", "b", "c d"], maximum_size=600, minimum_count=minimum_count)
    assert set(choice.vocabulary.tokens[4:]) == tokens


def test_a_formula_that_cannot_be_spelt_leaves_and_may_take_others_along() -> None:
    # r is rare, so "r s s" leaves; s is then rare too, so "s a" leaves as well.
    choice = choose_vocabulary(["r s s", "s a", "a", "a", "a"], maximum_size=600, minimum_count=3)
    assert choice.train == ["a", "a", "a"]
    assert choice.rare_tokens == {"s": 3, "r": 1}


def test_vocabulary_size_is_a_limit() -> None:
    # 10 tokens with counts 1 to 10, room for 3 beside the special ones: those seen 8 times and more.
    train = [token for number, token in enumerate("abcdefghij", start=1) for _ in range(number)]
    choice = choose_vocabulary(train, maximum_size=7, minimum_count=1)
    assert choice.minimum_count == 8
    assert set(choice.vocabulary.tokens[4:]) == {"h", "i", "j"}


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6).map(" ".join)), st.integers(1, 4))
def test_every_formula_of_train_can_be_spelt(train: list[str], minimum_count: int) -> None:
    # And every token of the vocabulary is seen often enough in what is left of train.
    choice = choose_vocabulary(train, maximum_size=9, minimum_count=minimum_count)
    counts = Counter(token for formula in choice.train for token in formula.split())
    assert set(counts) == set(choice.vocabulary.tokens[4:])
    assert len(choice.vocabulary) <= 9
    assert all(number >= choice.minimum_count for number in counts.values())
