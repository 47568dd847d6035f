"""A row of the settings dialog: one hotkey, which can be typed or switched off, and why it can't be had."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QKeySequenceEdit, QLabel, QPushButton, QVBoxLayout, QWidget


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
        self.problem = QLabel()
        self.problem.setProperty("role", "bad")
        self.problem.setWordWrap(True)
        self.problem.setFixedWidth(width)
        self.problem.hide()
        self._kept = ""
        keys = QHBoxLayout()
        keys.setSpacing(8)
        keys.addWidget(self.field, 1)
        keys.addWidget(self.off_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(keys)
        layout.addWidget(self.problem)
        self.field.editingFinished.connect(self._choose)
        self.off_button.clicked.connect(self._turn_off)

    def show_hotkey(self, hotkey: str) -> None:
        """Show the hotkey that is set."""
        self._kept = hotkey
        self.field.setKeySequence(QKeySequence(hotkey, QKeySequence.SequenceFormat.PortableText))

    def show_problem(self, sentence: str) -> None:
        """Say why it can't be had; an empty sentence takes that away."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def _choose(self) -> None:
        chosen = self.field.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if chosen != self._kept:
            self._kept = chosen
            self.chosen.emit(chosen)

    def _turn_off(self) -> None:
        self.field.clear()
        self._choose()
