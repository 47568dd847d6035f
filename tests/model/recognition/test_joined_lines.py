"""What was read in the lines of an image becomes one result."""

from __future__ import annotations

import numpy as np
import pytest

from model.image_transform import Placement, ReducedInk
from model.latex import format_latex, normalise
from model.layout.layout import Layout, LeftOut, LeftOutKind, Line, LineKind, PixelBox
from model.layout.line_inputs import ImageLines, LineInput
from model.recognition.calibration import UNCALIBRATED
from model.recognition.joined_lines import join_recognitions
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


def test_a_number_alone_is_what_was_read() -> None:
    joined = join_recognitions(image_of(line(LineKind.NUMBER, 50, 20, 60)), [reading("(7)")], UNCALIBRATED)
    assert joined.latex == "(7)"
