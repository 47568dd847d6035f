"""What a reader cannot see is no fault of a reading; everything else is."""

from __future__ import annotations

import pytest

from model.latex import normalise
from model.latex.as_seen import as_seen
from model.latex.prose import prose_tokens


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", r"\begin{gathered} a = b \\ = c \end{gathered}"),
        (r"x = 1.", "x = 1"),
        (r"x \quad y,", "x y"),
        (r"\mathrm{if} x", r"\text{if }x"),
        (
            r"\begin{aligned} a \\ \begin{matrix} b & c \\ d & e \end{matrix} \\ f \end{aligned}",
            r"\begin{aligned} a \\ b & c \\ d & e \\ f \end{aligned}",
        ),
        (
            r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
            r"\left( \begin{array}{rl} a & b \\ c & d \end{array} \right)",
        ),
        (r"\begin{array}{r|l} a & b \\ c & d \end{array}", r"\begin{array}{c|c} a & b \\ c & d \end{array}"),
        (r"\begin{cases} a \\ b \end{cases}", r"\left\{ \begin{matrix} a \\ b \end{matrix} \right."),
        (r"\begin{cases} a \\ b \end{cases}", r"\left\{ \begin{aligned} a \\ b \end{aligned} \right."),
        (r"\begin{pmatrix} a & b \end{pmatrix}", r"( a b )"),
        (r"\begin{array}{rcl} a & = & b \\ & = & c \end{array}.", r"\begin{aligned} a &= b \\ &= c \end{aligned}"),
    ],
)
def test_what_looks_the_same_is_the_same(first: str, second: str) -> None:
    assert as_seen(normalise(first)) == as_seen(normalise(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (r"\begin{aligned} a \\ b \end{aligned}", "a b"),  # a row's end is seen
        (r"\begin{pmatrix} 1 & 2 \end{pmatrix}", r"\begin{bmatrix} 1 & 2 \end{bmatrix}"),
        (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}"),
        (r"\begin{array}{c|c} a & b \\ c & d \end{array}", r"\begin{array}{cc} a & b \\ c & d \end{array}"),
        ("x = 1", "x = I"),
        (r"\mathbf{x}", "x"),
        (r"x = \begin{matrix} b \\ d \end{matrix}", r"\begin{aligned} x = b \\ d \end{aligned}"),
        (r"\begin{array}{r|l} a & b \\ c & d \end{array}", r"\begin{aligned} a &b \\ c &d \end{aligned}"),
        (r"\frac{a}{b}", "a b"),
    ],
)
def test_what_looks_otherwise_is_not(first: str, second: str) -> None:
    assert as_seen(normalise(first)) != as_seen(normalise(second))


def test_the_number_is_measured_apart() -> None:
    tokens = normalise("x=1")
    assert as_seen([*tokens, r"\tag", "{", "3", "}"]) == as_seen(tokens)


def test_a_line_of_words_is_its_letters() -> None:
    assert as_seen(prose_tokens("Let $x$ be small.")) == list("Letxbesmall")
