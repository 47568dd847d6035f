"""Lines that were read become what people write; in pixels of a font of 20 pixels."""

from __future__ import annotations

import pytest

from model.latex import normalise
from model.latex.prose import prose_tokens
from model.layout.joining import Display, JoinedText, Paragraph, ReadLine, join_lines, number_text
from model.layout.layout import LineKind, PixelBox
from model.layout.rows import Row, join_rows

EM = 20.0
DIGIT = 0.64 * EM


def words(text: str, left: int, baseline: int, width: int = 400) -> ReadLine:
    box = PixelBox(left, baseline - 12, left + width, baseline + 5)
    return ReadLine(LineKind.WORDS, tuple(prose_tokens(text)), box, baseline)


def formula(latex: str, left: int, baseline: int, width: int = 150) -> ReadLine:
    box = PixelBox(left, baseline - 12, left + width, baseline + 5)
    return ReadLine(LineKind.FORMULA, tuple(normalise(latex)), box, baseline)


def number(text: str, baseline: int) -> ReadLine:
    return ReadLine(LineKind.NUMBER, tuple(text), PixelBox(430, baseline - 12, 480, baseline + 5), baseline)


def join(*lines: ReadLine) -> JoinedText:
    return join_lines(lines, DIGIT)


def rows(*given: tuple[str, float, float]) -> str:
    return " ".join(join_rows([Row(tuple(normalise(latex)), left, right) for latex, left, right in given], EM))


def test_a_formula_alone_stays_as_it_was_read() -> None:
    joined = join(formula(r"x^2 = \frac{1}{2}", 10, 20))
    assert joined.formula == Display(tuple(normalise(r"x^2=\frac{1}{2}")), (0,), ("",))
    assert joined.to_latex() == r"x^2=\frac{1}{2}"


def test_paragraph_with_a_display_comes_out_as_text() -> None:
    joined = join(
        words("A path from $u$ to $v$ has at most $n-$", 10, 20),
        words("$1$ edges, so the relax-", 10, 44),
        words(r"ation stops for 50\% of", 10, 68),
        formula("x^2=1,", 150, 110),
        number("(3.14)", 110),
        words("where it ends with", 10, 150),
        formula("y>2.", 10, 174, width=60),
    )
    # A formula broken between lines is one, a hyphen at the end of a line joins, the last line is its paragraph's.
    assert joined.to_latex() == (
        "A path from $u$ to $v$ has at most $n-1$ edges, so the relaxation stops for 50\\% of\n\n"
        "\\[x^2=1,\\]\n\n"
        "where it ends with $y>2$."
    )
    assert joined.number == "3.14"


def test_a_gap_goes_on_over_lines() -> None:
    joined = join(words("[…] $x>0$ […]", 10, 20), words("[…]", 10, 44), words("[…] $y$.", 10, 68))
    assert joined.to_latex() == "[…] $x>0$ […] $y$."


def test_number_is_no_part_of_the_formula() -> None:
    joined = join(formula("a=b", 100, 20), number("(A.2)", 20))
    assert joined.to_latex() == "a=b"
    assert joined.number == "A.2"


def test_display_with_several_numbers_keeps_them_all() -> None:
    # Each goes with the row beside it, and none is lost where the display is one formula.
    joined = join(formula("a=b", 100, 20), number("(3.1)", 20), formula("c=d", 100, 50), number("(3.2)", 50))
    assert joined.formula is not None
    assert joined.formula.numbers == ("3.1", "3.2")
    assert joined.number == "3.1, 3.2"


@pytest.mark.parametrize(
    ("latex", "left", "is_number"),
    [("(2)", 340, True), ("[A.12]", 330, True), ("(2)", 0, True), ("(2)", 180, False), ("(n)", 340, False)],
)
def test_number_below_a_formula_that_leaves_no_room_is_no_row(latex: str, left: int, is_number: bool) -> None:
    # At either end of the rows; what stands in the middle, or is no number, is a row of the display.
    joined = join(formula("a=b,c=d", 0, 20, width=370), formula(latex, left, 44, width=30))
    assert (joined.number != "") is is_number
    assert (joined.to_latex() == "a=b,c=d") is is_number


def test_number_goes_with_a_display_and_not_with_words_that_are_nearer() -> None:
    joined = join(words("falls $x>0$ ist", 200, 16), formula("a=b", 100, 30), number("(4.7)", 20))
    assert joined.number == "4.7"


def test_number_that_was_read_with_its_formula_is_taken_off_it() -> None:
    line = formula("a=b", 100, 20)
    tagged = ReadLine(line.kind, (*line.tokens, r"\tag", "{", "1", "2", "a", "}"), line.box, line.baseline)
    joined = join(tagged)
    assert joined.to_latex() == "a=b"
    assert joined.number == "12a"


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("( 3 . 1 4 )", "3.14"),
        (r"( \mathrm { A } . 2 )", "A.2"),
        ("( * )", "*"),
        ("[ 7 ]", "7"),
        (r"( 1 ^ { \prime } )", "1'"),
        ("5", "5"),
    ],
)
def test_numbers_are_written_without_brackets(tokens: str, text: str) -> None:
    assert number_text(tokens.split()) == text


def test_an_image_of_a_number_alone_is_a_formula() -> None:
    assert join(number("(7)", 20)).to_latex() == "(7)"


def test_each_row_keeps_its_number() -> None:
    joined = join(formula("a=b", 100, 20), number("(1)", 20), formula("c=d", 100, 50), number("(2)", 50))
    assert joined.formula is not None
    assert joined.formula.numbers == ("1", "2")
    assert joined.formula.lines == (0, 2)


def test_an_indented_line_after_a_full_stop_begins_a_paragraph() -> None:
    joined = join(
        words("This is the end.", 10, 20),
        words("Here begins another", 40, 44),
        words("one of two lines.", 10, 68),
    )
    assert [type(part) for part in joined.parts] == [Paragraph, Paragraph]
    assert joined.to_latex() == "This is the end.\n\nHere begins another one of two lines."


def test_rows_with_a_common_relation_are_aligned_on_it() -> None:
    assert rows(("y_1=a+b", 0, 100), ("y_2=a-b", 0, 100), ("y_3=2a", 0, 75)).count("& =") == 3
    assert rows(("(x+y)^3=(x+y)(x+y)^2", 0, 200), ("=x^3+3x^2y", 80, 240)).count("& =") == 2


def test_centred_rows_are_gathered() -> None:
    assert rows((r"p_n=\Pr(X_n=1)", 30, 170), (r"\bar p=\frac1N\sum_{n=1}^N p_n", 40, 160)).startswith(
        r"\begin{gathered}"
    )


def test_a_long_formula_goes_on_below_its_relation() -> None:
    joined = rows(("a=b+c+d+e+f", 0, 200), ("+g+h", 60, 130))
    assert joined.startswith(r"\begin{aligned} a & =")
    assert r"\\ &" in joined


def test_rows_without_relations_are_aligned_on_the_left_edge() -> None:
    assert rows(("f(x)", 0, 40), ("g(y)+1", 0, 80)) == r"\begin{aligned} & f ( x ) \\ & g ( y ) + 1 \end{aligned}"


def test_relations_in_brackets_and_groups_align_nothing() -> None:
    assert Row(tuple(normalise(r"\sum_{k=1}^n P(X=k) \leq 1")), 0, 100).relation == 15


def test_a_formula_with_its_condition_is_a_row_among_rows() -> None:
    """Protects displays: `a > 0 for all a` among rows is no paragraph; in front of a display set apart it is one."""
    row = words("$a>0$ for all $a$.", 10, 20, width=180)
    joined = join(row, formula("b=1", 10, 50), formula("c=2", 10, 80))
    assert joined.to_latex().splitlines()[1] == r"& a>0 \quad \text{for all }a. \\"
    assert len(join(row, formula("b=1", 100, 50)).parts) == 2
    assert len(join(words("For $a>0$ this is", 10, 20), formula("b=1", 10, 50)).parts) == 2
    assert len(join(words("$a$ is no relation", 10, 20), formula("b=1", 10, 50)).parts) == 2


def test_a_formula_with_its_condition_keeps_its_number() -> None:
    """Protects the number: words have none, and it was lost with no word said."""
    joined = join(words("$a>0$ for all $a$.", 100, 20, width=180), number("(A)", 20))
    assert joined.to_latex() == r"a>0 \quad \text{for all }a."
    assert joined.number == "A"
