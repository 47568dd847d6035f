"""The editor of a formula's LaTeX: commands in colour, and the bracket that belongs to the one at the cursor."""

import re

from PySide6.QtCore import Signal
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QKeyEvent,
    QKeySequence,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from desktop_app.widgets.appearance import FollowsColours, current_colours

_LEAST_LINES, _MOST_LINES = 3, 10
_COMMAND = re.compile(r"\\(?:[A-Za-z]+\*?|.)")
_MARK = re.compile(r"(?<!\\)[{}&_^]")
_CLOSING = {"{": "}", "(": ")", "[": "]"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}


class LatexEditor(FollowsColours, QPlainTextEdit):
    """Edits one formula.

    Signals:
        latex_changed: The text is another one; a change of its colours alone is not told.
        copy_requested: The keys that copy were pressed while nothing is selected: the whole formula is meant.
    """

    latex_changed = Signal()
    copy_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._latex = ""
        self._bracket_marks: list[QTextEdit.ExtraSelection] = []
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setAccessibleName(self.tr("LaTeX"))
        self.setTabChangesFocus(True)
        self._fit_height()
        self.document().documentLayout().documentSizeChanged.connect(self._fit_height)
        self._colours = LatexHighlighter(self.document())
        self.textChanged.connect(self._tell_change)
        self.cursorPositionChanged.connect(self._mark_brackets)

    def show_marks(self) -> None:
        """Mark what is to be seen now."""
        self.setExtraSelections(self.other_marks() + self._bracket_marks)

    def other_marks(self) -> list[QTextEdit.ExtraSelection]:
        """What is marked beside brackets."""
        return []

    def mark(self, place: tuple[int, int], shape: QTextCharFormat) -> QTextEdit.ExtraSelection:
        """A mark on the characters from the first position to the second."""
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(place[0])
        cursor.setPosition(place[1], QTextCursor.MoveMode.KeepAnchor)
        mark.cursor = cursor
        mark.format = shape
        return mark

    def _tell_change(self) -> None:
        if self.toPlainText() != self._latex:
            self._latex = self.toPlainText()
            self.latex_changed.emit()

    def _fit_height(self) -> None:
        """As high as the text, within limits; a matrix of five rows is seen whole."""
        lines = int(self.document().size().height())  # which this kind of document counts in lines, wrapped ones too
        lines = min(max(lines, _LEAST_LINES), _MOST_LINES)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 24)

    def _mark_brackets(self) -> None:
        """Mark the bracket beside the cursor and its partner; one without a partner is marked as a mistake."""
        text, cursor = self.toPlainText(), self.textCursor().position()
        marks = []
        for position in (cursor - 1, cursor):
            if 0 <= position < len(text) and is_bracket(text, position):
                partner = partner_of(text, position)
                colour = current_colours().border if partner is not None else current_colours().bad
                shape = QTextCharFormat()
                shape.setBackground(QColor(colour))
                marks += [self.mark((one, one + 1), shape) for one in (position, partner) if one is not None]
                break
        self._bracket_marks = marks
        self.show_marks()

    def follow_colours(self) -> None:
        """Commands and brackets follow the colours."""
        self._colours.rehighlight()
        self._mark_brackets()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys that copy mean the whole formula where nothing is selected."""
        if event.matches(QKeySequence.StandardKey.Copy) and not self.textCursor().hasSelection():
            self.copy_requested.emit()
        else:
            super().keyPressEvent(event)


class LatexHighlighter(QSyntaxHighlighter):
    """Gives commands a colour and takes what only groups or places back a little."""

    # Qt overrides

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        colours = current_colours()
        for mark in _MARK.finditer(text):
            self.setFormat(mark.start(), 1, QColor(colours.muted))
        for command in _COMMAND.finditer(text):
            self.setFormat(command.start(), len(command[0]), QColor(colours.command))


def is_bracket(text: str, position: int) -> bool:
    r"""Whether a bracket stands there: that of a `\{` is one to the eye but groups nothing."""
    backslashes = len(text[:position]) - len(text[:position].rstrip("\\"))
    return (text[position] in _CLOSING or text[position] in _OPENING) and backslashes % 2 == 0


def partner_of(text: str, position: int) -> int | None:
    """Where the bracket is that belongs to the one at a position; None where there is none.

    Brackets of other kinds don't count, because `[0, 1)` is an interval.
    """
    bracket = text[position]
    step, partner = (1, _CLOSING[bracket]) if bracket in _CLOSING else (-1, _OPENING[bracket])
    depth = 0
    while 0 <= position < len(text):
        if is_bracket(text, position):
            depth += {bracket: 1, partner: -1}.get(text[position], 0)
            if depth == 0:
                return position
        position += step
    return None
