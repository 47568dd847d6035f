"""The editor helps to see commands and brackets."""

import pytest
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from desktop_app.widgets.appearance import current_colours
from desktop_app.widgets.latex_editor import LatexEditor, partner_of

pytestmark = pytest.mark.gui


@pytest.fixture
def editor(qtbot: QtBot) -> LatexEditor:
    editor = LatexEditor()
    qtbot.addWidget(editor)
    editor.show()
    return editor


@pytest.mark.parametrize(
    ("text", "position", "partner"),
    [
        ("{a{b}c}", 0, 6),
        ("{a{b}c}", 4, 2),
        (r"{\{a}", 0, 4),  # an escaped brace groups nothing
        (r"\\{a}", 2, 4),  # but after a line break one does
        ("[0,1)", 0, None),
        ("(0,1]+(2)", 0, None),
        ("a}", 1, None),
    ],
)
def test_brackets_find_their_partners(text: str, position: int, partner: int | None) -> None:
    assert partner_of(text, position) == partner


def marked(editor: LatexEditor) -> list[int]:
    return sorted(mark.cursor.selectionStart() for mark in editor.extraSelections())


def test_partner_is_marked_at_the_cursor(editor: LatexEditor) -> None:
    editor.setPlainText(r"\frac{a}{b}")
    cursor = editor.textCursor()
    cursor.setPosition(5)
    editor.setTextCursor(cursor)
    assert marked(editor) == [5, 7]
    cursor.setPosition(1)
    editor.setTextCursor(cursor)
    assert marked(editor) == []
    editor.setPlainText("a}")
    editor.moveCursor(QTextCursor.MoveOperation.End)
    assert marked(editor) == [1]  # alone, and in the colour of a mistake


def test_commands_are_coloured(qtbot: QtBot, editor: LatexEditor) -> None:
    editor.setPlainText(r"x\alpha y")
    ranges = editor.document().firstBlock().layout().formats()
    shown = [(one.start, one.length) for one in ranges]
    assert shown == [(1, 6)]
    colour = ranges[0].format.foreground().color().name()
    assert colour == current_colours().command


def test_only_another_text_is_told(qtbot: QtBot, editor: LatexEditor) -> None:
    # A change of theme colours the text anew; it must not be drawn or kept again for that.
    with qtbot.waitSignal(editor.latex_changed):
        editor.setPlainText("x")
    with qtbot.assertNotEmitted(editor.latex_changed, wait=50):
        editor._colours.rehighlight()
    with qtbot.waitSignal(editor.latex_changed):
        editor.insertPlainText("y")
    with qtbot.waitSignal(editor.latex_changed):
        editor.undo()
    assert editor.toPlainText() == "x"


def test_field_grows_with_its_text_within_limits(qtbot: QtBot) -> None:
    # A matrix of five rows was cut off under a half-empty image.
    editor = LatexEditor()
    qtbot.addWidget(editor)
    editor.show()
    heights = []
    for count in (1, 6, 8, 40):
        editor.setPlainText("\n".join(["x"] * count))
        heights.append(editor.height())
        assert editor.verticalScrollBar().maximum() == 0 or count == 40
    assert heights[0] < heights[1] < heights[2] < heights[3] < 400
