"""Where each token was read: pointed at from the image and from the text."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from desktop_app.recognition.recognition_result import token_analysis, with_recognition
from desktop_app.snips.snip import Snip
from desktop_app.snips.token_analysis import TokenAnalysis
from model.recognition.calibration import ConfidenceLevel
from tests.desktop_app.conftest import analysis_of, numbered_image, reading_of

pytestmark = pytest.mark.gui

# x on the left, ^ everywhere, 2 on the right, above
ATTENTION = np.array(
    [[[0.1, 0.0, 0.0], [0.8, 0.1, 0.0]], [[1 / 6] * 3] * 2, [[0.0, 0.0, 0.6], [0.0, 0.2, 0.2]]], dtype=np.float32
)


@pytest.fixture
def analysis() -> TokenAnalysis:
    snip = with_recognition(Snip(numbered_image(90, 40)), reading_of("x^2", unsure=(2,), confidence=0.25))
    return token_analysis(snip, analysis_of(((("y", 0.2),), (), (("3", 0.1),)), ATTENTION, (90, 40)))


def test_snip_takes_over_what_was_read(analysis: TokenAnalysis) -> None:
    snip = analysis.snip
    assert [(one.token, one.span, one.is_unsure) for one in snip.tokens] == [
        ("x", (0, 1), False),
        ("^", (1, 2), False),
        ("2", (2, 3), True),
    ]
    assert snip.tokens[0].confidence == 0.25
    assert snip.confidence_level is ConfidenceLevel.CHECK
    assert analysis.extent(0) == QRectF(0, 0, 90, 40)
    assert analysis.alternatives[0][0].token == "y"


def test_alternatives_have_shares_of_their_own_that_add_up(analysis: TokenAnalysis) -> None:
    # Six tokens at 78% each say nothing of which is likelier.
    snip = with_recognition(Snip(numbered_image(90, 40)), reading_of("x", confidence=0.9))
    others = (("y", 0.2), ("z", 0.1), ("w", 0.1))
    shares = [
        one.confidence for one in token_analysis(snip, analysis_of((others,), ATTENTION, (90, 40))).alternatives[0]
    ]
    assert shares == pytest.approx([0.05, 0.025, 0.025])


@pytest.mark.parametrize(
    ("x", "y", "token"),
    [(10, 30, 0), (80, 5, 2), (40, 5, -1), (-1, -1, -1), (91, 10, -1)],
)
def test_point_of_the_image_belongs_to_the_token_read_there(
    analysis: TokenAnalysis, x: float, y: float, token: int
) -> None:
    # A structure such as ^ is read everywhere, and would always win or lose by chance.
    assert analysis.token_at(QPointF(x, y)) == token


def test_heat_is_strongest_where_the_token_was_read(analysis: TokenAnalysis) -> None:
    heat = analysis.heat(2, QColor("#102030"))
    assert heat is not None
    assert (heat.width(), heat.height()) == (3, 2)
    strengths = [[heat.pixelColor(x, y).alpha() for x in range(3)] for y in range(2)]
    assert strengths[0][2] == max(max(row) for row in strengths) > 100
    assert strengths[0][0] == 0
    assert heat.pixelColor(2, 0).name() == "#102030"
    assert analysis.heat(1, QColor("red")) is None
    assert analysis.heat(7, QColor("red")) is None


def test_formula_without_tokens_has_nothing_to_point_at() -> None:
    snip = Snip(numbered_image(9, 9))
    analysis = token_analysis(snip, analysis_of((), np.zeros((0, 2, 2), dtype=np.float32), (9, 9)))
    assert analysis.token_at(QPointF(3, 3)) == -1
