"""Rows struck out and taken back in: joins the list of rows, the captured image and the editor."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.result.captured_image import CapturedImage
from desktop_app.result.rows_list import RowsList
from desktop_app.result.token_editor import TokenEditor
from desktop_app.snips.snip import LeftOutPart, Snip


class RowsController(QObject):
    """Shows the rows of the reading in the editor, whichever it is, an undo included.

    Signals:
        rows_struck_out(Snip, frozenset[int]): The LaTeX is to be that of the other rows.
        part_wanted(Snip, LeftOutPart): What was left out of the snip is to be read too.
    """

    rows_struck_out = Signal(Snip, object)
    part_wanted = Signal(Snip, LeftOutPart)

    def __init__(self, editor: TokenEditor, captured: CapturedImage, rows: RowsList, window: QWidget) -> None:
        super().__init__(window)
        self._editor = editor
        self._captured = captured
        self._rows = rows
        editor.reading_changed.connect(self._follow_reading)
        rows.struck_out_changed.connect(self._strike_out)
        rows.row_pointed.connect(captured.point_row)
        captured.row_clicked.connect(lambda place: rows.strike_out(place, is_out=False))
        captured.part_clicked.connect(self._take_in)

    def _follow_reading(self) -> None:
        reading = self._editor.reading
        self._rows.show_rows(reading)
        self._captured.show_rows(reading)

    def _strike_out(self, struck_out: frozenset[int]) -> None:
        if self._editor.reading is not None:
            self.rows_struck_out.emit(self._editor.reading, struck_out)

    def _take_in(self, part: LeftOutPart) -> None:
        if self._editor.reading is not None:
            self.part_wanted.emit(self._editor.reading, part)
