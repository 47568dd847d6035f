"""A formula that cannot be read ends in one sentence that names position and cause."""

import pytest

from model.latex import LatexError, normalise


@pytest.mark.parametrize(
    ("latex", "position", "cause"),
    [
        ("x + {a", 4, "'{' is never closed"),
        ("a}", 1, "unexpected '}'"),
        (r"\frac{a}", 8, "an argument is missing before the end"),
        ("x^a^b", 3, "double superscript"),
        ("x_a_b", 3, "double subscript"),
        (r"a + \foo b", 4, r"unknown command \foo"),
        ("中", 0, "character '中' is not in any vocabulary"),
        (r"\text{漢字}", 6, "character '漢' is not in any vocabulary"),
        ("\x00", 0, "character 'U+0000' is not in any vocabulary"),
        (r"a \left( b", 2, r"'\left' has no '\right'"),
        (r"\left\alpha", 5, r"'\alpha' is no delimiter"),
        (r"\begin{aligned} a", 0, r"'\begin{aligned}' has no '\end{aligned}'"),
        (r"\begin{aligned}a\end{cases}", 16, r"'\end{aligned}' is missing before '\end{cases}'"),
        (r"\begin{tikzpicture}\end{tikzpicture}", 0, "unknown environment 'tikzpicture'"),
        (r"\begin{array}{q}x\end{array}", 14, "unknown column type 'q'"),
        ("a & b", 2, "unexpected '&'"),
        (r"{a \over b \over c}", 11, r"second '\over' in one group"),
        (r"\text{a $x}", 8, "formula in text is never closed"),
        ("$x", 2, "'$' is missing before the end"),
    ],
)
def test_errors_name_position_and_cause(latex: str, position: int, cause: str) -> None:
    # Protects the counts of dropped formulas by reason, and the person who must find the fault.
    with pytest.raises(LatexError) as caught:
        normalise(latex)
    assert (caught.value.position, caught.value.cause) == (position, cause)
    assert str(caught.value) == f"{cause} (at character {position})"


@pytest.mark.parametrize(
    "opening", ["{", r"\hat", r"\frac", "x_{", r"\left(", r"\text{", r"\text", r"\text{\'", r"\sqrt["]
)
def test_bottomless_nesting_is_an_error(opening: str) -> None:
    # Protects Python's stack.
    with pytest.raises(LatexError):
        normalise(opening * 5000)


def test_repeated_columns_do_not_explode() -> None:
    # Protects memory: 99 times 99 times 99 columns.
    with pytest.raises(LatexError, match="too many columns"):
        normalise(r"\begin{array}{*{99}{*{99}{*{99}{c}}}}x\end{array}")
