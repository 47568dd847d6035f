"""A row of the settings dialog: hotkeys that each copy in a format of their own."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QGridLayout, QKeySequenceEdit, QPushButton, QWidget

from desktop_app.snips.copy_format import CopyFormat
from desktop_app.widgets.layouts import column_of, show_problem, text_label


@dataclass(frozen=True)
class _Row:
    """One hotkey and its format."""

    keys: QKeySequenceEdit
    format_box: QComboBox
    remove_button: QPushButton

    @property
    def hotkey(self) -> str:
        """As a portable key sequence; empty while there is none."""
        return self.keys.keySequence().toString(QKeySequence.SequenceFormat.PortableText)


class FormatHotkeysField(QWidget):
    """Shows and changes the table of hotkeys.

    Signals:
        chosen(dict): The table is another one: portable key sequences and their CopyFormat.
    """

    chosen = Signal(dict)

    def __init__(self, *, width: int) -> None:
        super().__init__()
        self._rows: list[_Row] = []
        self._kept: dict[str, CopyFormat] = {}
        self.add_button = QPushButton(self.tr("Add a hotkey for a format"))
        self.problem = text_label(role="bad", width=width)
        self.problem.hide()
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._grid.setColumnStretch(0, 1)
        column_of(self._grid, self.add_button, self.problem, on=self, margins=(0, 0, 0, 0), spacing=8)
        self.add_button.clicked.connect(self._add_row)

    @property
    def table(self) -> dict[str, CopyFormat]:
        """What is shown; a row without a hotkey counts for nothing."""
        return {row.hotkey: row.format_box.currentData() for row in self._rows if row.hotkey}

    def show_table(self, table: dict[str, CopyFormat]) -> None:
        """Show the hotkeys that are set; rows that are being filled stay."""
        self._kept = table
        if table == self.table:
            return
        while self._rows:
            self._take_away(self._rows[-1])
        for hotkey, copy_format in table.items():
            self._add_row()
            row = self._rows[-1]
            row.keys.setKeySequence(QKeySequence(hotkey, QKeySequence.SequenceFormat.PortableText))
            row.format_box.setCurrentIndex(row.format_box.findData(copy_format))

    def show_problem(self, sentence: str) -> None:
        """Say why one can't be had; an empty sentence takes that away."""
        show_problem(self.problem, sentence)
        # Pages of a stack ask a wrapped label for no height of its own.
        self.problem.setFixedHeight(self.problem.heightForWidth(self.problem.width()))

    def _add_row(self) -> None:
        row = _Row(QKeySequenceEdit(), QComboBox(), QPushButton(self.tr("Remove")))
        row.keys.setMaximumSequenceLength(1)
        row.keys.setAccessibleName(self.tr("Hotkey for a format"))
        row.format_box.setAccessibleName(self.tr("Format of this hotkey"))
        for copy_format in CopyFormat:
            row.format_box.addItem(copy_format.title, copy_format)
        row.keys.editingFinished.connect(self._tell)
        row.format_box.activated.connect(self._tell)
        row.remove_button.clicked.connect(lambda: self._remove(row))
        self._rows.append(row)
        self._lay_out()
        row.keys.setFocus()

    def _remove(self, row: _Row) -> None:
        self._take_away(row)
        self._lay_out()
        self.add_button.setFocus()
        self._tell()

    def _take_away(self, row: _Row) -> None:
        self._rows.remove(row)
        for part in (row.keys, row.format_box, row.remove_button):
            self._grid.removeWidget(part)
            part.hide()
            part.deleteLater()

    def _lay_out(self) -> None:
        for index, row in enumerate(self._rows):
            for column, part in enumerate((row.keys, row.format_box, row.remove_button)):
                self._grid.addWidget(part, index, column)

    def _tell(self) -> None:
        if self.table != self._kept:
            self._kept = self.table
            self.chosen.emit(self._kept)
