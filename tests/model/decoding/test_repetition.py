"""A loop must end early, and what people repeat on purpose must not be taken for one."""

from __future__ import annotations

import pytest

from model.decoding.repetition import RepetitionGuard

TOKENS = ["x", "y", "z", r"\alpha", "{", "}", r"\mathrm", "0", "&", r"\\", r"\cdots"]
GUARD = RepetitionGuard(TOKENS)


def ids(text: str) -> list[int]:
    return [TOKENS.index(token) for token in text.split()]


@pytest.mark.parametrize(
    "text", ["x " * 8, "y " + "x " * 8, "x y " * 6, r"z \mathrm { x } " + r"\mathrm { x } " * 6, "x { y } " * 6]
)
def test_loops_are_noticed(text: str) -> None:
    assert GUARD.is_repeating(ids(text))


@pytest.mark.parametrize(
    "text", ["x " * 7, "x y " * 5, "x y z " * 5 + "x", "0 " * 20, "0 & " * 9 + "0", r"0 & 0 \\ " * 8, "", "x"]
)
def test_ordinary_repetition_is_left_alone(text: str) -> None:
    # A zero matrix, a long number: the network is right to write them.
    assert not GUARD.is_repeating(ids(text))


def test_a_loop_that_stumbles_is_noticed() -> None:
    # Seen with real weights: the pattern is never quite the same, and goes on for hundreds of tokens.
    stumbling = "x y x y y x y x x y " * 4 + "x y y x y x y x"
    assert GUARD.is_repeating(ids(stumbling))


def test_even_zeros_come_to_an_end() -> None:
    # An image of noise may start a row of zeros that never stops.
    assert GUARD.is_repeating(ids("0 " * 60))


def test_the_loop_is_noticed_at_its_last_token_alone() -> None:
    # Decoding asks after every token; a later one need not find the loop again.
    assert not GUARD.is_repeating(ids("x " * 8 + "y"))
