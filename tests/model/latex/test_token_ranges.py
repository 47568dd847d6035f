r"""Which characters came from which token: the editor marks by it, so a wrong range would blame the wrong symbol."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.latex import format_latex, normalise
from model.latex.token_ranges import token_ranges

DATA = Path(__file__).parents[2] / "data"
# What stands where it is seen, but is no piece of source of its own: a blank of text, the brackets of a modulus.
WITHOUT_CHARACTERS = {"~", "(", ")"}
SPELT_OTHERWISE = {r"\mathrm", r"\text", "|", r"\|", r"\bmod"}


def pieces(source: str) -> list[tuple[str, str]]:
    tokens = normalise(source)
    latex = format_latex(tokens)
    return [
        (token, latex[place[0] : place[1]] if place else "")
        for token, place in zip(tokens, token_ranges(tokens, latex), strict=True)
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"x^{2}", [("x", "x"), ("^", "^"), ("2", "2")]),
        (r"\sin x", [(r"\sin", r"\sin"), ("x", "x")]),
        # printed with \left and \right
        (
            r"(\frac{a}{b})",
            [("(", "("), (r"\frac", r"\frac"), *[(one, one) for one in "{a}{b}"], (")", ")")],
        ),
        # printed without its brackets
        (r"a\pmod{n}", [("a", "a"), ("(", ""), (r"\bmod", r"\pmod"), ("n", "n"), (")", "")]),
        (r"\text{if so}", [(r"\text", r"\text"), *[(c, "" if c == "~" else c) for c in "{if~so}"]]),
    ],
)
def test_each_token_finds_its_characters(source: str, expected: list[tuple[str, str]]) -> None:
    assert pieces(source) == expected


def test_tokens_of_real_formulas_find_their_characters() -> None:
    # In order, never overlapping, and each range holds what the token says.
    for line in (DATA / "formulas.txt").read_text(encoding="utf-8").splitlines():
        tokens = normalise(line)
        latex = format_latex(tokens)
        end = 0
        for token, place in zip(tokens, token_ranges(tokens, latex), strict=True):
            if place is None:
                assert token in WITHOUT_CHARACTERS | {"{", "}"}, (token, latex)
                continue
            assert end <= place[0] < place[1]
            end = place[1]
            piece = latex[place[0] : place[1]]
            assert piece == token or token in SPELT_OTHERWISE or "".join(piece.split()) == token, (piece, token)
