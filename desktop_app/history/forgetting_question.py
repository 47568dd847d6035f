"""Asks before most of the history is deleted for its age: the computer's clock may be wrong."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask_before_forgetting(count: int, parent: QWidget, forget: Callable[[], None]) -> QMessageBox:
    """Open the question, without waiting for its answer; only a yes forgets."""
    question = QCoreApplication.translate(
        "ForgettingQuestion",
        "More than half of the history is older than the settings keep. Formulas that would be deleted now: {count}."
        "\n\nThe computer's clock may be wrong. Delete them?",
    ).format(count=count)
    buttons = QMessageBox.StandardButton
    box = QMessageBox(QMessageBox.Icon.Question, "Snaptex", question, buttons.Yes | buttons.No, parent)
    box.setDefaultButton(buttons.No)
    box.accepted.connect(forget)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box
