"""What must hold for every formula: canonical form is a fixed point, and formatting loses nothing."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from model.latex import LatexError, format_latex, join_tokens, normalise, tokenise

FORMULAS = (Path(__file__).parents[2] / "data" / "formulas.txt").read_text(encoding="utf-8").splitlines()
FRAGMENTS = sorted({token for formula in FORMULAS for token in tokenise(formula)})

formulas = st.sampled_from(FORMULAS)


@st.composite
def mutated_formulas(draw: st.DrawFn) -> str:
    """Real formulas with a few tokens removed, swapped, repeated or put in from other formulas."""
    tokens = tokenise(draw(formulas))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(tokens)))
        change = draw(st.sampled_from(["remove", "insert", "repeat", "move"]))
        if change == "remove":
            del tokens[place : place + 1]
        elif change == "insert":
            tokens.insert(place, draw(st.sampled_from(FRAGMENTS)))
        elif change == "repeat":
            tokens[place:place] = tokens[place : place + draw(st.integers(1, 6))]
        elif tokens:
            tokens.insert(place, tokens.pop(draw(st.integers(0, len(tokens) - 1))))
    return " ".join(tokens)


def normalise_or_fail_well(latex: str) -> list[str]:
    """Returns canonical tokens, or none where the error is the one promised."""
    try:
        return normalise(latex)
    except LatexError as error:
        position = error.position
    assert 0 <= position <= len(latex)
    return []


def check_fixed_point(tokens: list[str]) -> None:
    assert normalise(join_tokens(tokens)) == tokens
    assert normalise(format_latex(tokens)) == tokens


def test_real_formulas_are_fixed_points() -> None:
    # Protects labels against drifting when they are stored as source and read again.
    for formula in FORMULAS:
        check_fixed_point(normalise(formula))


@settings(max_examples=400)
@given(mutated_formulas())
def test_mutated_formulas_are_errors_or_fixed_points(formula: str) -> None:
    # Protects against crashes and unstable spellings on formulas nobody has written yet.
    check_fixed_point(normalise_or_fail_well(formula))


@settings(max_examples=200)
@given(st.text(max_size=40))
def test_any_text_is_an_error_or_a_fixed_point(text: str) -> None:
    # Protects against what is no LaTeX at all.
    check_fixed_point(normalise_or_fail_well(text))


@given(formulas)
def test_tokens_hold_every_character_but_blanks(formula: str) -> None:
    # Protects the tokeniser against losing input.
    assert "".join("".join(tokenise(formula)).split()) == "".join(formula.split())
