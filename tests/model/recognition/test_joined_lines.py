"""What was read in the lines of an image becomes one result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.image_transform import Placement, ReducedInk
from model.latex import format_latex, normalise
from model.layout.layout import Layout, LeftOut, LeftOutKind, Line, LineKind, PixelBox
from model.layout.line_inputs import ImageLines, LineInput
from model.recognition.calibration import UNCALIBRATED, ConfidenceLevel
from model.recognition.joined_lines import (
    has_false_number,
    holds_as_much,
    input_as_one,
    join_recognitions,
    read_as_one,
    with_line,
    without_lines,
)
from model.recognition.result import Recognition

NEIGHBOUR = LeftOut(LeftOutKind.NEIGHBOUR, PixelBox(0, 0, 100, 4))


def line(kind: LineKind, left: int, baseline: int, width: int) -> LineInput:
    box = PixelBox(left, baseline - 8, left + width, baseline + 8)
    ink = np.ones((16, width), dtype=np.float32)
    return LineInput(Line(kind, box, ink, baseline, False, 0.9), ink, Placement(*box, scale=1.5))


def image_of(*inputs: LineInput) -> ImageLines:
    layout = Layout(tuple(one.line for one in inputs), (NEIGHBOUR,), 12.8)
    return ImageLines(layout, inputs, ReducedInk(np.ones((100, 300), dtype=np.float32), 0, 0, 1.0))


def reading(latex: str, confidence: float = 0.9) -> Recognition:
    tokens = tuple(normalise(latex))
    return Recognition(
        latex=format_latex(tokens),
        tokens=tokens,
        token_log_probabilities=tuple(-0.1 for _ in tokens),
        confidence=confidence,
        seconds=0.1,
    )


def test_a_formula_with_its_number_stays_as_it_was_read() -> None:
    image = image_of(line(LineKind.FORMULA, 50, 20, 60), line(LineKind.NUMBER, 200, 20, 30))
    joined = join_recognitions(image, [reading("a=b"), reading("(3.14)")], UNCALIBRATED)
    assert joined.latex == "a=b"
    assert joined.number == "3.14"
    assert joined.confidence == 0.9
    assert joined.placement == image.inputs[0].placement
    assert [one.kind for one in joined.lines] == [LineKind.FORMULA, LineKind.NUMBER]
    assert joined.left_out == (NEIGHBOUR,)
    assert joined.seconds == pytest.approx(0.2)


def test_rows_are_joined_and_all_have_to_be_right() -> None:
    image = image_of(line(LineKind.FORMULA, 50, 20, 60), line(LineKind.FORMULA, 50, 50, 60))
    joined = join_recognitions(image, [reading("a=b", 0.9), reading("c=d", 0.8)], UNCALIBRATED)
    assert joined.tokens == tuple(normalise(r"\begin{aligned} a &= b \\ c &= d \end{aligned}"))
    assert joined.confidence == pytest.approx(0.72)
    # What joins the rows was not read; the tokens of each row keep what the network said of them.
    assert len(joined.token_log_probabilities) == len(joined.tokens)
    of_tokens = dict(zip(joined.tokens, joined.token_log_probabilities, strict=True))
    assert of_tokens["a"] == -0.1
    assert of_tokens[r"\\"] == 0.0
    assert (joined.placement, joined.is_words) == (Placement(50, 12, 110, 58, 1.5), False)


@pytest.mark.parametrize(
    ("whole", "is_taken"),
    [
        (r"\sum_{k=0}^{n} k^2", True),  # two limits and their operator, which the layout took for rows
        (r"\begin{aligned} n & \\ & k=0 \end{aligned}", False),  # a row was skipped, surely
        (r"\begin{gathered} n \\ \sum k^2 + k^2 + k^2 \\ k=0 \end{gathered}", False),
        (r"\begin{gathered} n \\ \sum k^2 \\ k=0 \\ k=0 \end{gathered}", False),  # and one written twice
    ],
)
def test_rows_read_as_one_have_to_hold_as_much(whole: str, is_taken: bool) -> None:
    rows = [line(LineKind.FORMULA, 50, 20 + 30 * row, 60) for row in range(3)]
    joined = join_recognitions(image_of(*rows), [reading("n"), reading(r"\sum k^2"), reading("k=0")], UNCALIBRATED)
    assert holds_as_much(reading(whole, 0.7), joined) is is_taken
    # Of a formula that the layout tore to pieces more is read than there is: a reading that is sure is believed.
    assert holds_as_much(replace(reading(whole, 0.99), confidence_level=ConfidenceLevel.SURE), joined)


@pytest.mark.parametrize(
    ("signs", "confidence", "is_read_again"), [(20, 0.1, True), (120, 0.1, False), (20, 0.0, False)]
)
def test_rows_are_not_read_as_one_where_they_went_on_without_end(
    signs: int, confidence: float, is_read_again: bool
) -> None:
    # Nonsense does so, and does it again as one: a scatter of dots took three times as long to be told from a formula.
    image = image_of(line(LineKind.FORMULA, 50, 20, 60), line(LineKind.FORMULA, 50, 50, 60))
    rows = [reading("a=b", confidence), reading("+".join("a" * signs), 0.0)]
    doubtful = replace(UNCALIBRATED, sure=0.9, check=0.5)
    assert (input_as_one(image, join_recognitions(image, rows, doubtful)) is not None) is is_read_again


def test_a_number_alone_is_what_was_read() -> None:
    joined = join_recognitions(image_of(line(LineKind.NUMBER, 50, 20, 60)), [reading("(7)")], UNCALIBRATED)
    assert joined.latex == "(7)"


def test_each_line_has_its_own_number() -> None:
    image = image_of(
        line(LineKind.FORMULA, 50, 20, 60),
        line(LineKind.NUMBER, 200, 20, 30),
        line(LineKind.FORMULA, 50, 50, 60),
    )
    joined = join_recognitions(image, [reading("a=b"), reading("(3.14)"), reading("c=d")], UNCALIBRATED)
    assert [one.number for one in joined.lines] == ["3.14", "3.14", None]
    assert joined.number == "3.14"


def three_rows() -> Recognition:
    image = image_of(
        line(LineKind.FORMULA, 50, 20, 60),
        line(LineKind.NUMBER, 200, 20, 30),
        line(LineKind.FORMULA, 50, 50, 60),
        line(LineKind.FORMULA, 50, 80, 60),
    )
    rows = [reading("a=b", 0.9), reading("(7)", 0.9), reading("c=d", 0.5), reading("e=f", 0.8)]
    return join_recognitions(image, rows, UNCALIBRATED)


def test_a_row_that_is_struck_out_goes_with_its_number_and_comes_back() -> None:
    joined = three_rows()
    two = without_lines(joined, {0})
    assert two.tokens == tuple(normalise(r"\begin{aligned} c &= d \\ e &= f \end{aligned}"))
    assert two.number is None
    assert two.confidence == pytest.approx(0.4)
    assert two.lines == joined.lines
    one = without_lines(joined, {2, 3})
    assert (one.latex, one.number, one.confidence) == ("a=b", "7", 0.9)
    assert without_lines(joined, ()) == joined
    assert without_lines(joined, {0, 2, 3}).is_empty


def test_tokens_know_the_row_they_were_read_in() -> None:
    # What else a token could be is asked of its own row.
    joined = three_rows()
    assert len(joined.sources) == len(joined.tokens)
    for token, source in zip(joined.tokens, joined.sources, strict=True):
        if source is None:
            assert token in {"&", r"\\", r"\begin{aligned}", r"\end{aligned}"}
        else:
            assert joined.lines[source[0]].tokens[source[1]] == token
    assert [source for source in joined.sources if source and source[0] == 2] == [(2, 0), (2, 1), (2, 2)]


def test_another_reading_of_a_row_changes_that_row_alone() -> None:
    changed = with_line(three_rows(), 2, reading("c=x", 0.7))
    assert changed.tokens == tuple(normalise(r"\begin{aligned} a &= b \\ c &= x \\ e &= f \end{aligned}"))
    assert changed.confidence == pytest.approx(0.9 * 0.7 * 0.8)
    assert (changed.lines[2].latex, changed.number) == ("c=x", "7")


def test_rows_read_as_one_keep_what_was_found_beside_them() -> None:
    # Number and neighbours were lost where the reading of the whole was the surer one.
    image = image_of(
        line(LineKind.FORMULA, 50, 20, 60), line(LineKind.NUMBER, 200, 20, 30), line(LineKind.FORMULA, 50, 50, 60)
    )
    joined = join_recognitions(image, [reading("a=b"), reading("(3.14)"), reading("c=d")], UNCALIBRATED)
    whole = read_as_one(reading(r"\sum_{a=b}^{c}"), joined, image.whole_input[1])
    assert (whole.latex, whole.number) == (r"\sum_{a=b}^c", "3.14")
    assert whole.left_out == (NEIGHBOUR,)
    assert [(one.kind, one.number) for one in whole.lines] == [(LineKind.FORMULA, "3.14"), (LineKind.NUMBER, "3.14")]
    assert whole.lines[0].box == PixelBox(50, 12, 110, 58)
    assert image.input_of(0, is_read_as_one=True) == image.whole_input
    assert image.input_of(1, is_read_as_one=True)[1] == image.inputs[1].placement


def test_first_symbol_that_the_layout_took_for_a_number_is_not_lost() -> None:
    # An equation number stands in brackets; anything else beside a formula belongs to it.
    image = image_of(line(LineKind.FORMULA, 50, 20, 60), line(LineKind.NUMBER, 10, 20, 20))
    joined = join_recognitions(image, [reading("=b"), reading(r"\alpha^2")], UNCALIBRATED)
    assert has_false_number(image, joined)
    assert joined.number is None
    assert r"\alpha" in joined.tokens
    numbered = join_recognitions(image, [reading("a=b"), reading("[7]")], UNCALIBRATED)
    assert not has_false_number(image, numbered)
    assert numbered.number == "7"
