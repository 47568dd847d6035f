"""The editor of a formula that was read: tokens the recogniser was unsure of are underlined and can be chosen anew.

Which characters are which token is found anew after each change of the text, so an undo brings the marks back.
"""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QToolTip

from desktop_app.result.token_spans import Span, spans_in
from desktop_app.snips.snip import ReadToken, Snip
from desktop_app.widgets.appearance import current_colours
from desktop_app.widgets.latex_editor import LatexEditor

NO_TOKEN = -1


class TokenEditor(LatexEditor):
    """Edits one formula that was read.

    Signals:
        token_pointed(int): The mouse is on the token of this number; -1 when it is on none.
        alternatives_requested(int): The user wants other tokens for this one.
        reading_changed: The text is, or is no longer, exactly what was read.
    """

    token_pointed = Signal(int)
    alternatives_requested = Signal(int)
    reading_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._readings: list[Snip] = []  # the text's first, and those after each choice of another token
        self._reading: Snip | None = None
        self._spans: list[Span | None] = []
        self._placed_text = ""
        self._pointed = NO_TOKEN
        self._lit = NO_TOKEN
        self.viewport().setMouseTracking(True)
        self.latex_changed.connect(self._find_spans)

    @property
    def reading(self) -> Snip | None:
        """What the tokens are of; none for a text that nobody read."""
        return self._reading

    @property
    def is_as_read(self) -> bool:
        """Whether the text is exactly what was read."""
        return self._reading is not None and self.toPlainText() == self._reading.latex

    def show_reading(self, snip: Snip | None) -> None:
        """Begin anew with what was read; with nothing for none."""
        self._readings = [] if snip is None else [snip]
        self._reading = snip
        self.setPlainText("" if snip is None else snip.latex)
        self._find_spans()

    def show_other_reading(self, snip: Snip, text: str) -> None:
        """Put another reading, or a text made of it, in the place of this one; one undo brings this one back."""
        self._readings.append(snip)
        self._reading = snip
        self.replace_text(text)

    def replace_text(self, text: str) -> None:
        """Change the text; one undo changes it back."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        self._find_spans()

    def span_of(self, index: int) -> Span | None:
        """Where a token is in the text now."""
        return self._spans[index] if 0 <= index < len(self._spans) else None

    def light_token(self, index: int) -> None:
        """Light up a token that is pointed at in the image; -1 for none."""
        if index != self._lit:
            self._lit = index
            self.show_marks()

    def point_below(self, index: int) -> QPoint:
        """Where on the screen a menu for a token begins."""
        span = self.span_of(index) or (self.textCursor().position(),) * 2
        return self.viewport().mapToGlobal(self._box(span).bottomLeft())

    def other_marks(self) -> list[QTextEdit.ExtraSelection]:
        """The marks beside those of the brackets."""
        if self._placed_text != self.toPlainText():
            self._place_tokens()  # the cursor tells its move before the text tells its change
        colours = current_colours()
        marks = []
        for index, token in enumerate(self._tokens()):
            span = self._spans[index]
            if span is None:
                continue
            if token.is_unsure:
                shape = QTextCharFormat()
                shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
                shape.setUnderlineColor(QColor(colours.warning))
                shape.setBackground(QColor(colours.unsure))
                marks.append(self.mark(span, shape))
            if index in (self._lit, self._pointed):
                shape = QTextCharFormat()
                shape.setBackground(QColor(colours.lit))
                marks.append(self.mark(span, shape))
        return marks

    def _tokens(self) -> tuple[ReadToken, ...]:
        return self._reading.tokens if self._reading is not None and len(self._spans) else ()

    def _find_spans(self) -> None:
        self._place_tokens()
        self.show_marks()
        self.reading_changed.emit()

    def _place_tokens(self) -> None:
        text = self._placed_text = self.toPlainText()
        # After an undo the text is an earlier reading again.
        self._reading = next((one for one in reversed(self._readings) if one.latex == text), self._reading)
        if self._reading is None:
            self._spans = []
        else:
            self._spans = spans_in(text, self._reading.latex, [token.span for token in self._reading.tokens])
        self._pointed = self._lit = NO_TOKEN

    def _token_at(self, position: int) -> int:
        """The token whose characters include the one at a position."""
        for index, span in enumerate(self._spans):
            if span is not None and span[0] <= position < span[1]:
                return index
        return NO_TOKEN

    def _token_at_point(self, point: QPoint) -> int:
        cursor = self.cursorForPosition(point)
        edge = self.cursorRect(cursor)
        if not edge.top() <= point.y() <= edge.bottom():
            return NO_TOKEN
        position = cursor.position() - (point.x() < edge.left())
        # Behind the last character of a line the cursor stands there too.
        end_of_line = cursor.atBlockEnd() and point.x() >= edge.left()
        return NO_TOKEN if end_of_line else self._token_at(position)

    def _token_at_cursor(self) -> int:
        position = self.textCursor().position()
        here = self._token_at(position)
        return here if here != NO_TOKEN or not position else self._token_at(position - 1)

    def _box(self, span: Span) -> QRect:
        cursor = QTextCursor(self.document())
        cursor.setPosition(span[0])
        return self.cursorRect(cursor)

    def _point_at(self, index: int) -> None:
        if index == self._pointed:
            return
        self._pointed = index
        is_marked = index != NO_TOKEN and self._tokens()[index].is_unsure
        shape = Qt.CursorShape.PointingHandCursor if is_marked else Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)
        self.show_marks()
        self.token_pointed.emit(index)

    def _go_to_next_unsure(self) -> None:
        """Put the cursor before the next token that is underlined, and ask for others."""
        position = self.textCursor().position()
        starts = {
            span[0]: index
            for index, (token, span) in enumerate(zip(self._tokens(), self._spans, strict=False))
            if token.is_unsure and span is not None
        }
        if not starts:
            return
        start = min((one for one in starts if one > position), default=min(starts))
        cursor = self.textCursor()
        cursor.setPosition(start)
        self.setTextCursor(cursor)
        self.alternatives_requested.emit(starts[start])

    # Qt overrides

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which token the mouse is on."""
        super().mouseMoveEvent(event)
        self._point_at(self._token_at_point(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on an underlined token asks for others."""
        super().mouseReleaseEvent(event)
        index = self._token_at_point(event.position().toPoint())
        is_click = event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection()
        if is_click and index != NO_TOKEN and self._tokens()[index].is_unsure:
            self.alternatives_requested.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F8 goes to the next underlined token; Ctrl+Space asks for others of the one at the cursor."""
        if event.key() == Qt.Key.Key_F8:
            self._go_to_next_unsure()
        elif event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            index = self._token_at_cursor()
            if index != NO_TOKEN:
                self.alternatives_requested.emit(index)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Other tokens can be had for one that is not underlined, too."""
        menu = self.createStandardContextMenu()
        index = self._token_at_point(event.pos())
        if index != NO_TOKEN and not self.isReadOnly():
            first = menu.actions()[0]
            action = menu.addAction(self.tr("Other readings of this symbol"))
            action.setShortcut("Ctrl+Space")
            action.triggered.connect(lambda: self.alternatives_requested.emit(index))
            menu.insertAction(first, action)
            menu.insertSeparator(first)
        menu.exec(event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        """Say how surely a token was read."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._token_at_point(event.pos())
            if index != NO_TOKEN:
                token = self._tokens()[index]
                sentence = self.tr("Read with {confidence} confidence.").format(confidence=f"{token.confidence:.0%}")
                if token.is_unsure:
                    sentence += " " + self.tr("Click for other readings.")
                QToolTip.showText(event.globalPos(), sentence, self.viewport())
                return True
        if event.type() == QEvent.Type.Leave:
            self._point_at(NO_TOKEN)
        return super().viewportEvent(event)
