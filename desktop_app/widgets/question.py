"""A question that is answered with yes or no."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask(question: str, parent: QWidget, act: Callable[[], None]) -> QMessageBox:
    """Open a question; only a yes acts. Nobody waits for the answer, for a snip hides the question for a moment."""
    buttons = QMessageBox.StandardButton
    box = QMessageBox(QMessageBox.Icon.Question, "Snaptex", question, buttons.Yes | buttons.No, parent)
    box.setDefaultButton(buttons.No)
    box.accepted.connect(act)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box
