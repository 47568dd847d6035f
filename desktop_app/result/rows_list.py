"""The rows of a formula that was read in several: how far to trust each, and which of them are struck out.

The list is joined with the captured image and the editor, so that a row can be struck out and taken back in.
"""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from desktop_app.result.captured_image import CapturedImage
from desktop_app.result.token_editor import TokenEditor
from desktop_app.snips.snip import LeftOutPart, ReadRow, Snip
from desktop_app.widgets.appearance import FollowsColours, current_colours, tinted_icon
from desktop_app.widgets.trust_badge import level_colour, level_icon_name, level_title

_SHOWN_AT_ONCE = 4
_ROW_HEIGHT = 24
NO_ROW = -1


class RowsList(FollowsColours, QListWidget):
    """A row is in the LaTeX as long as it is ticked; hidden where there is one row alone.

    Signals:
        struck_out_changed(frozenset[int]): The rows that are not ticked, by their places in the snip.
        row_pointed(int): The mouse is on this row of the snip; -1 when it is on none.
    """

    struck_out_changed = Signal(object)
    row_pointed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._snip: Snip | None = None
        self._places: list[int] = []  # of the items in the snip's rows
        self.setAccessibleName(self.tr("Rows"))
        self.setToolTip(self.tr("A row without a tick is left out of the LaTeX"))
        self.setMouseTracking(True)
        self.setIconSize(QSize(14, 14))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.itemChanged.connect(self._tell)
        self.itemEntered.connect(lambda item: self.row_pointed.emit(self._places[self.row(item)]))
        self.viewportEntered.connect(lambda: self.row_pointed.emit(NO_ROW))
        self.hide()

    def show_rows(self, snip: Snip | None) -> None:
        """Show the rows of a snip; none where it has fewer than two."""
        if snip is self._snip:
            return
        self._snip = snip
        rows = () if snip is None else snip.rows
        self._places = [place for place, row in enumerate(rows) if not row.is_number]
        self._fill()
        self.setVisible(len(self._places) > 1)

    def strike_out(self, place: int, *, is_out: bool) -> None:
        """Strike a row of the snip out, or take it back in, as its tick does."""
        if place in self._places:
            state = Qt.CheckState.Unchecked if is_out else Qt.CheckState.Checked
            self.item(self._places.index(place)).setCheckState(state)

    @property
    def struck_out(self) -> frozenset[int]:
        """The rows without a tick."""
        return frozenset(
            place
            for index, place in enumerate(self._places)
            if self.item(index).checkState() is Qt.CheckState.Unchecked
        )

    def follow_colours(self) -> None:
        """The marks follow the colours."""
        if self._snip is not None:
            self._fill()

    def _fill(self) -> None:
        self.blockSignals(True)  # ticks that are set here are no wish of the user's
        self.clear()
        if self._snip is not None:
            for place in self._places:
                self.addItem(self._item(self._snip.rows[place], is_out=place in self._snip.struck_out))
        self.blockSignals(False)
        self.setMaximumHeight(self._height_of(self.count()))
        self.setMinimumHeight(self._height_of(1))  # on a small screen
        self.updateGeometry()

    def _height_of(self, rows: int) -> int:
        return min(rows, _SHOWN_AT_ONCE) * _ROW_HEIGHT + 2 * self.frameWidth() + 4

    def _item(self, row: ReadRow, *, is_out: bool) -> QListWidgetItem:
        colours = current_colours()
        number = f"   ({row.number})" if row.number else ""
        item = QListWidgetItem(row.latex + number)
        item.setSizeHint(QSize(0, _ROW_HEIGHT))
        shape = level_icon_name(row.confidence_level)
        item.setIcon(tinted_icon(shape, level_colour(row.confidence_level, colours)))
        confidence = self.tr("Confidence {confidence}").format(confidence=f"{row.confidence:.0%}")
        item.setToolTip(f"{level_title(row.confidence_level)} · {confidence}")
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked if is_out else Qt.CheckState.Checked)
        font = item.font()
        font.setStrikeOut(is_out)
        item.setFont(font)
        return item

    def _tell(self, item: QListWidgetItem) -> None:
        """Tell which rows are left; the last one stays."""
        struck_out = self.struck_out
        if len(struck_out) == len(self._places):
            item.setCheckState(Qt.CheckState.Checked)
        elif self._snip is not None and struck_out != self._snip.struck_out:
            self.struck_out_changed.emit(struck_out)

    # Qt overrides

    def sizeHint(self) -> QSize:
        """As many rows as are shown at once."""
        return QSize(super().sizeHint().width(), self._height_of(self.count()))

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is on no row."""
        super().leaveEvent(event)
        self.row_pointed.emit(NO_ROW)


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
