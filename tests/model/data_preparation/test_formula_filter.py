"""What the recogniser learns from is decided here: a wrong label let in is learnt, a good one dropped is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data_preparation.formula_filter import DropReason, Rejection, check, is_balanced, is_service_error


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        ("", DropReason.EMPTY),
        (" \t", DropReason.EMPTY),
        (r"\quad", DropReason.EMPTY),
        ("% only a comment", DropReason.EMPTY),
        ("x^{2", DropReason.UNBALANCED),
        ("x}", DropReason.UNBALANCED),
        (r"\left( x", DropReason.UNBALANCED),
        (r"\begin{matrix} a \end{pmatrix}", DropReason.UNBALANCED),
        (r"\nosuchcommand{x}", DropReason.UNKNOWN_COMMAND),
        (r"\begin{nosuchthing} x \end{nosuchthing}", DropReason.UNKNOWN_COMMAND),
        (r"x = \text{если}", DropReason.FOREIGN_SCRIPT),
        ("面积 = 2", DropReason.FOREIGN_SCRIPT),
        ("a\uff0cb", DropReason.FOREIGN_SCRIPT),
        ("error", DropReason.SERVICE_ERROR),
        (r"\text { error mathpix }", DropReason.SERVICE_ERROR),
        ("x" * 221, DropReason.OVER_LONG),
        ("x" * 20_000, DropReason.OVER_LONG),
        ("x^2^3", DropReason.UNPARSABLE),
        ("x_", DropReason.UNPARSABLE),
    ],
)
def test_each_reason(latex: str, reason: DropReason) -> None:
    # The counts a user reads are only as good as the reason given to each formula.
    outcome = check(latex)
    assert isinstance(outcome, Rejection)
    assert outcome.reason is reason


def test_a_rejection_names_the_cause() -> None:
    # "unknown command" alone would not tell what to teach the parser.
    outcome = check(r"x + \nosuchcommand")
    assert isinstance(outcome, Rejection)
    assert r"\nosuchcommand" in outcome.cause


@pytest.mark.parametrize("latex", ["x", r"\frac12", "αβ", "x ∈ A", "ℓ_0", r"\left.\frac{a}{b}\right|_0", "x" * 220])
def test_good_formulas_pass(latex: str) -> None:
    # Greek and letter-like symbols in Unicode are no foreign script, and the length limit is inclusive.
    assert isinstance(check(latex), list)


@pytest.mark.parametrize(
    "label", ["error", "Error", "error mathpix", r"\mathrm{error}", "Image too small", "nan", "null"]
)
def test_service_errors(label: str) -> None:
    assert is_service_error(label)


@pytest.mark.parametrize("latex", [r"\text{error} = 0.1", "n a_{n}", "e_r", "NAN", r"\mathrm{null}", "N, A N"])
def test_formulas_that_only_look_like_service_errors(latex: str) -> None:
    # n a_n was once taken for "nan".
    assert not is_service_error(latex)


@pytest.mark.parametrize(
    ("latex", "balanced"),
    [
        (r"\left( \{ \right]", True),
        (r"\{ x", True),
        (r"{ \left( } \right)", False),
        (r"\right)", False),
        (r"\begin{a} { \end{a} }", False),
        (r"\begin{a}\begin{b}\end{b}\end{a}", True),
    ],
)
def test_balance(latex: str, *, balanced: bool) -> None:
    # Delimiters need not match one another, but ends must nest.
    assert is_balanced(latex) is balanced


PIECES = [r"\frac", "{", "}", "^", "_", "x", r"\left", r"\right", "(", ".", "&", r"\\", r"\begin{matrix}"]
PIECES += [r"\end{matrix}", r"\text", "$", "%", "\\", r"\sqrt", "[", "]", "é", "面", "\x00", "'", r"\over", "~", "#"]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_no_malformed_formula_breaks_a_run(latex: str) -> None:
    # One broken line among half a million must cost that line only.
    outcome = check(latex)
    assert isinstance(outcome, Rejection) or outcome
