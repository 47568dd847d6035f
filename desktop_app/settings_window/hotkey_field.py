"""A row of the settings dialog: one hotkey, which can be typed or switched off, and why it can't be had."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit, QPushButton, QWidget

from desktop_app.widgets.layouts import column_of, row_of, show_problem, text_label


class HotkeyField(QWidget):
    """Shows and changes one hotkey.

    Signals:
        chosen(str): A new one, as a portable key sequence; empty for none.
    """

    chosen = Signal(str)

    def __init__(self, name: str, *, width: int) -> None:
        super().__init__()
        self.field = QKeySequenceEdit()
        self.field.setMaximumSequenceLength(1)
        self.field.setAccessibleName(name)
        self.setFocusProxy(self.field)
        self.off_button = QPushButton(self.tr("Off"))
        self.off_button.setToolTip(self.tr("Have no hotkey"))
        self.off_button.setAccessibleName(self.tr("{hotkey}: off").format(hotkey=name))
        self.problem = text_label(role="bad", width=width)
        self.problem.hide()
        self._kept = ""
        keys = row_of((self.field, 1), self.off_button, spacing=8)
        column_of(keys, self.problem, on=self, margins=(0, 0, 0, 0), spacing=6)
        self.field.editingFinished.connect(self._choose)
        self.off_button.clicked.connect(self._turn_off)

    def show_hotkey(self, hotkey: str) -> None:
        """Show the hotkey that is set."""
        self._kept = hotkey
        self.field.setKeySequence(QKeySequence(hotkey, QKeySequence.SequenceFormat.PortableText))

    def show_problem(self, sentence: str) -> None:
        """Say why it can't be had; an empty sentence takes that away."""
        show_problem(self.problem, sentence)

    def _choose(self) -> None:
        chosen = self.field.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if chosen != self._kept:
            self._kept = chosen
            self.chosen.emit(chosen)

    def _turn_off(self) -> None:
        self.field.clear()
        self._choose()
