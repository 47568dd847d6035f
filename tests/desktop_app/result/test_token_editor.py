"""The editor marks what the recogniser was unsure of, and follows every change and undo."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QTextCharFormat
from pytestqt.qtbot import QtBot

from desktop_app.recognition.recognition_result import with_recognition
from desktop_app.result.token_editor import NO_TOKEN, TokenEditor
from desktop_app.snips.snip import Snip
from desktop_app.widgets.appearance import current_colours
from tests.desktop_app.conftest import numbered_image, reading_of

pytestmark = pytest.mark.gui

IMAGE = numbered_image(60, 20)


def snip_of(latex: str, *unsure: int) -> Snip:
    return with_recognition(Snip(IMAGE), reading_of(latex, unsure=unsure))


@pytest.fixture
def editor(qtbot: QtBot) -> TokenEditor:
    editor = TokenEditor()
    qtbot.addWidget(editor)
    editor.resize(400, 100)
    editor.show()
    return editor


def underlined(editor: TokenEditor) -> list[str]:
    wave = QTextCharFormat.UnderlineStyle.WaveUnderline
    return [mark.cursor.selectedText() for mark in editor.extraSelections() if mark.format.underlineStyle() == wave]


def lit(editor: TokenEditor) -> list[str]:
    colour = QColor(current_colours().lit)
    return [
        mark.cursor.selectedText() for mark in editor.extraSelections() if mark.format.background().color() == colour
    ]


def point_of(editor: TokenEditor, position: int) -> QPoint:
    """The middle of a character."""
    cursor = editor.textCursor()
    cursor.setPosition(position)
    left = editor.cursorRect(cursor)
    return QPoint(left.left() + editor.fontMetrics().averageCharWidth() // 2, left.center().y())


def move_to(editor: TokenEditor, point: QPoint) -> None:
    where = QPointF(point)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, editor.viewport().mapToGlobal(where), Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    editor.mouseMoveEvent(event)


def test_unsure_tokens_are_underlined(editor: TokenEditor) -> None:
    editor.show_reading(snip_of(r"\alpha+x^2", 0, 4))
    assert underlined(editor) == [r"\alpha", "2"]


def test_mark_goes_with_a_correction_and_comes_back_with_an_undo(qtbot: QtBot, editor: TokenEditor) -> None:
    editor.show_reading(snip_of(r"\alpha+x", 0, 2))
    cursor = editor.textCursor()
    cursor.setPosition(0)
    editor.setTextCursor(cursor)
    qtbot.keyClicks(editor, "a+")
    assert underlined(editor) == [r"\alpha", "x"]
    assert not editor.is_as_read
    cursor.setPosition(len(editor.toPlainText()))
    editor.setTextCursor(cursor)
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    assert underlined(editor) == [r"\alpha"]
    for _ in range(2):
        editor.undo()
    assert underlined(editor) == [r"\alpha", "x"]
    assert editor.is_as_read


def test_one_undo_brings_the_earlier_reading_back(editor: TokenEditor) -> None:
    first, second = snip_of("x+1", 0), snip_of("y+1-2", 4)
    editor.show_reading(first)
    editor.show_other_reading(second, second.latex)
    assert (editor.toPlainText(), editor.reading, underlined(editor)) == ("y+1-2", second, ["2"])
    editor.undo()
    assert (editor.toPlainText(), underlined(editor)) == ("x+1", ["x"])
    assert editor.reading is first
    editor.redo()
    assert editor.reading is second


def test_next_formula_leaves_no_mark_of_the_one_before(editor: TokenEditor) -> None:
    editor.show_reading(snip_of("x+1", 0))
    editor.show_reading(None)
    assert underlined(editor) == []
    editor.setPlainText("x+1")  # typed by hand: nobody was unsure of it
    assert underlined(editor) == []


def test_mouse_tells_which_token_it_is_on(qtbot: QtBot, editor: TokenEditor) -> None:
    editor.show_reading(snip_of(r"\alpha +x", 2))
    with qtbot.waitSignal(editor.token_pointed) as pointed:
        move_to(editor, point_of(editor, 3))
    assert pointed.args == [0]
    assert lit(editor) == [r"\alpha"]
    with qtbot.waitSignal(editor.token_pointed) as pointed:
        move_to(editor, point_of(editor, 8))
    assert pointed.args == [2]
    assert editor.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    for nowhere in (point_of(editor, 6), QPoint(390, 10), QPoint(5, 95)):  # the blank, beside the line, below it
        move_to(editor, point_of(editor, 3))
        with qtbot.waitSignal(editor.token_pointed) as pointed:
            move_to(editor, nowhere)
        assert pointed.args == [NO_TOKEN]


def test_click_asks_for_others_of_a_marked_token_only(qtbot: QtBot, editor: TokenEditor) -> None:
    editor.show_reading(snip_of("a+x", 2))
    with qtbot.waitSignal(editor.alternatives_requested) as requested:
        qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=point_of(editor, 2))
    assert requested.args == [2]
    with qtbot.assertNotEmitted(editor.alternatives_requested):
        qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=point_of(editor, 0))


def test_keyboard_reaches_every_token(qtbot: QtBot, editor: TokenEditor) -> None:
    # F8 goes round the marked ones; Ctrl+Space asks at the cursor, marked or not.
    editor.show_reading(snip_of("a+b+c", 2, 4))
    asked: list[int] = []
    editor.alternatives_requested.connect(asked.append)
    for _ in range(3):
        qtbot.keyClick(editor, Qt.Key.Key_F8)
    assert asked == [2, 4, 2]
    cursor = editor.textCursor()
    cursor.setPosition(0)
    editor.setTextCursor(cursor)
    qtbot.keyClick(editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert asked[-1] == 0
    assert editor.toPlainText() == "a+b+c"
    cursor.setPosition(5)
    editor.setTextCursor(cursor)
    qtbot.keyClick(editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert asked[-1] == 4  # behind the last one


def test_token_can_be_lit_from_outside(editor: TokenEditor) -> None:
    editor.show_reading(snip_of("a+x"))
    editor.light_token(2)
    assert lit(editor) == ["x"]
    editor.light_token(NO_TOKEN)
    assert lit(editor) == []
