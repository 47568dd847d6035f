"""Which of several snips is shown, with the buttons that lead to the one before and the one after."""

import sys

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop_app.widgets.icon_button import IconButton
from desktop_app.widgets.layouts import row_of, text_label

_MODIFIER = "Ctrl+Alt" if sys.platform == "darwin" else "Alt"  # Alt with an arrow goes by words there


class PagesBar(QWidget):
    """Hidden while there is one page.

    Signals:
        turned(int): The page so many steps further on is wanted.
    """

    turned = Signal(int)

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self.before = IconButton("previous", QCoreApplication.translate("PagesBar", "The snip before"))
        self.after = IconButton("next", QCoreApplication.translate("PagesBar", "The next snip"))
        self.place = text_label(role="remark")
        row_of(self.before, self.place, self.after, on=self, margins=(0, 0, 0, 0), spacing=4)
        for button, key, step in ((self.before, "Left", -1), (self.after, "Right", 1)):
            keys = QKeySequence(f"{_MODIFIER}+{key}")
            name = button.accessibleName()
            button.setToolTip(f"{name} ({keys.toString(QKeySequence.SequenceFormat.NativeText)})")
            button.clicked.connect(lambda _checked=False, step=step: self.turned.emit(step))
            QShortcut(keys, window, lambda step=step: self.turned.emit(step))
        self.hide()

    def show_place(self, index: int, count: int) -> None:
        """Say which of how many is shown."""
        self.setVisible(count > 1)
        self.place.setText(self.tr("{number} of {count}").format(number=index + 1, count=count))
        self.before.setEnabled(index > 0)
        self.after.setEnabled(index < count - 1)
