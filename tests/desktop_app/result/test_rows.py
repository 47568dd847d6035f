"""Rows are struck out and taken back in, and what was left out of an image is one click away."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from pytestqt.qtbot import QtBot

from desktop_app.recognition.recognition_result import (
    analyse_snip,
    continue_snip,
    read_image,
    with_recognition,
    with_rows_struck_out,
)
from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.result.result_window import ResultWindow
from desktop_app.settings.settings import Settings
from desktop_app.snips.snip import LeftOutPart, Snip
from desktop_app.snips.token_analysis import TokenChoice
from model.layout.layout import LeftOut, LeftOutKind, LineKind, PixelBox
from model.recognition.result import Recognition
from model.recognition.token_analysis import TokenAnalysis
from tests.desktop_app.conftest import analysis_of, numbered_image, reading_of
from tests.desktop_app.snip_in_rows import reading_in_rows, snip_in_rows

pytestmark = pytest.mark.gui

FORMULA, NUMBER = LineKind.FORMULA, LineKind.NUMBER
ROWS = [
    (FORMULA, "a=b", PixelBox(10, 10, 60, 24), 0.9),
    (NUMBER, "(3.14)", PixelBox(160, 10, 190, 24), 0.9),
    (FORMULA, "c=d", PixelBox(10, 34, 60, 48), 0.5),
    (FORMULA, "e=f", PixelBox(10, 58, 60, 72), 0.86),
]
NEIGHBOUR = LeftOut(LeftOutKind.NEIGHBOUR, PixelBox(0, 92, 200, 100))
FRAME = LeftOut(LeftOutKind.FRAME, PixelBox(2, 2, 198, 84))
PART = LeftOutPart("neighbour", QRect(0, 92, 200, 8))


@pytest.fixture
def window(qtbot: QtBot, settings: Settings, previews: PreviewRenderer) -> ResultWindow:
    window = ResultWindow(settings, previews)
    qtbot.addWidget(window)
    # As the controller of snips does.
    window.rows_controller.rows_struck_out.connect(
        lambda snip, struck_out: window.show_other_rows(with_rows_struck_out(snip, struck_out))
    )
    return window


@pytest.fixture
def snip() -> Snip:
    return snip_in_rows(numbered_image(200, 100), ROWS, [NEIGHBOUR, FRAME])


def shown_rows(window: ResultWindow) -> list[tuple[str, bool]]:
    items = [window.rows.item(index) for index in range(window.rows.count())]
    return [(item.text(), item.checkState() is Qt.CheckState.Checked) for item in items]


def test_every_row_has_its_mark_and_its_number(window: ResultWindow, snip: Snip) -> None:
    window.show_snip(snip)
    assert window.rows.isVisible()
    assert shown_rows(window) == [("a=b   (3.14)", True), ("c=d", True), ("e=f", True)]
    tips = [window.rows.item(index).toolTip() for index in range(3)]
    assert tips == ["Sure · Confidence 90%", "Doubtful · Confidence 50%", "Check · Confidence 86%"]
    assert "Number 3.14" in window.remark.text()


def test_formula_of_one_row_has_no_list_of_rows(window: ResultWindow) -> None:
    window.show_snip(with_recognition(Snip(numbered_image(30, 20)), reading_of("x^2")))
    assert not window.rows.isVisible()


def test_row_that_is_struck_out_leaves_latex_and_clipboard_and_comes_back(
    qtbot: QtBot, window: ResultWindow, snip: Snip
) -> None:
    window.show_snip(snip)
    with qtbot.waitSignal(window.copy_requested) as copied:
        window.rows.strike_out(0, is_out=True)
    assert "a" not in copied.args[0].replace("aligned", "")
    assert copied.args[0] == window.editor.toPlainText()
    assert window.number == ""  # it stood beside the row that is gone
    assert shown_rows(window)[0] == ("a=b   (3.14)", False)
    window.editor.undo()
    assert window.editor.toPlainText() == snip.latex
    assert shown_rows(window)[0] == ("a=b   (3.14)", True)
    window.rows.strike_out(2, is_out=True)
    window.rows.strike_out(3, is_out=True)
    assert window.editor.toPlainText() == "a=b"
    with qtbot.waitSignal(window.copy_requested):
        window.rows.strike_out(2, is_out=False)
    assert "c" in window.editor.toPlainText()


def test_last_row_stays(window: ResultWindow, snip: Snip) -> None:
    # A formula of no row would be an empty clipboard.
    window.show_snip(snip)
    for place in (0, 2, 3):
        window.rows.strike_out(place, is_out=True)
    assert window.editor.toPlainText() == "e=f"
    assert shown_rows(window)[2] == ("e=f", True)


def click(qtbot: QtBot, window: ResultWindow, box: QRect) -> None:
    place = window.captured.place_of(box)
    qtbot.mouseClick(window.captured, Qt.MouseButton.LeftButton, pos=place.center().toPoint())


def test_click_on_what_was_left_out_takes_it_in(qtbot: QtBot, window: ResultWindow, snip: Snip) -> None:
    window.show_snip(snip)
    with qtbot.waitSignal(window.rows_controller.part_wanted) as wanted:
        click(qtbot, window, PART.box)
    assert wanted.args == [snip, PART]
    # Within a frame lies the formula; its border alone is the frame.
    with qtbot.assertNotEmitted(window.rows_controller.part_wanted):
        click(qtbot, window, QRect(10, 34, 50, 14))
    frame = window.captured.place_of(QRect(2, 2, 196, 82))
    with qtbot.waitSignal(window.rows_controller.part_wanted) as wanted:
        border = QPoint(round(frame.left()) + 1, round(frame.center().y()))
        qtbot.mouseClick(window.captured, Qt.MouseButton.LeftButton, pos=border)
    assert wanted.args[1].kind == "frame"


def test_click_on_a_row_that_is_struck_out_takes_it_back(qtbot: QtBot, window: ResultWindow, snip: Snip) -> None:
    window.show_snip(snip)
    window.rows.strike_out(2, is_out=True)
    click(qtbot, window, QRect(10, 34, 50, 14))
    assert window.editor.toPlainText() == snip.latex


def test_next_snip_forgets_what_was_crossed_out(qtbot: QtBot, window: ResultWindow, snip: Snip) -> None:
    window.show_snip(snip)
    window.show_failure(Snip(numbered_image(200, 100)), "There is nothing.")
    assert not window.rows.isVisible()
    with qtbot.assertNotEmitted(window.rows_controller.part_wanted):
        click(qtbot, window, PART.box)


class _RowInputs:
    """Stands for the rows of an image: each one's input is its place."""

    def input_of(self, line: int, *, is_read_as_one: bool) -> int:
        assert not is_read_as_one
        return line


class _RowReader:
    """Reads rows, and notes what it is asked."""

    def __init__(self) -> None:
        self.taken_in: list[Sequence[LeftOut]] = []
        self.asked: list[tuple[object, tuple[str, ...]]] = []

    def recognise(self, _image: NDArray[np.uint8], /, **_options: object) -> Recognition:
        raise AssertionError("an image with something taken in is prepared first")

    def prepare(self, _image: NDArray[np.uint8], *, taken_in: Sequence[LeftOut]) -> _RowInputs:
        self.taken_in.append(taken_in)
        return _RowInputs()

    def recognise_prepared(self, _images: Sequence[_RowInputs], **_options: object) -> list[Recognition]:
        return [reading_in_rows(ROWS)]

    def analyse_tokens(self, image: object, tokens: Sequence[str], /) -> TokenAnalysis:
        self.asked.append((image, tuple(tokens)))
        attention = np.eye(len(tokens), dtype=np.float32)[:, None, :]
        return analysis_of(((("y", 0.05),),) * len(tokens), attention, (90, 40))

    def decode_with_prefix(self, image: object, tokens: Sequence[str], /) -> Recognition:
        self.asked.append((image, tuple(tokens)))
        return reading_in_rows([(FORMULA, "".join(tokens) + "+1", PixelBox(0, 0, 9, 9), 0.9)])


def test_each_row_is_asked_for_its_own_tokens(snip: Snip) -> None:
    # Hover and alternatives work in every row: the whole image is not what the rows were read from.
    reader = _RowReader()
    analysis = analyse_snip(reader, np.zeros((9, 9, 3), np.uint8), snip)
    assert reader.asked == [(0, ("a", "=", "b")), (2, ("c", "=", "d")), (3, ("e", "=", "f"))]
    by_token = dict(zip((one.token for one in snip.tokens), analysis.alternatives, strict=True))
    assert [one.token for one in by_token["d"]] == ["y"]
    assert by_token[r"\\"] == ()
    d = next(index for index, one in enumerate(snip.tokens) if one.token == "d")
    assert analysis.places[d] == (1, 2)


def test_choice_in_a_row_reads_that_row_on(snip: Snip) -> None:
    reader = _RowReader()
    d = next(index for index, one in enumerate(snip.tokens) if one.token == "d")
    read_on = continue_snip(reader, np.zeros((9, 9, 3), np.uint8), TokenChoice(snip, d, "x"))
    assert reader.asked == [(2, ("c", "=", "x"))]
    assert [row.latex for row in read_on.rows] == ["a=b", "(3.14)", "c=x+1", "e=f"]
    assert read_on.number == "3.14"
    # What was struck out stays so.
    shorter = with_rows_struck_out(snip, frozenset({0}))
    d = next(index for index, one in enumerate(shorter.tokens) if one.token == "d")
    read_on = continue_snip(_RowReader(), np.zeros((9, 9, 3), np.uint8), TokenChoice(shorter, d, "x"))
    assert read_on.struck_out == {0}
    assert "a" not in read_on.latex.replace("aligned", "")


def test_what_was_taken_in_is_read_too() -> None:
    reader = _RowReader()
    snip = Snip(numbered_image(9, 9), taken_in=(PART,))
    read_image(reader, np.zeros((9, 9, 3), np.uint8), snip)
    assert reader.taken_in == [[NEIGHBOUR]]
