"""Buttons in a row, those on the left apart from those on the right; in two rows where one is too narrow."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QWidget

from desktop_app.widgets.layouts import row_of

_GAP = 8


class ButtonRow(QWidget):
    """Gives its buttons the width there is."""

    def __init__(self, left: Sequence[QPushButton], right: Sequence[QPushButton]) -> None:
        super().__init__()
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_GAP)
        self._halves: list[QHBoxLayout] = []
        for buttons, is_right in ((left, False), (right, True)):
            half = row_of(None, *buttons, spacing=_GAP) if is_right else row_of(*buttons, None, spacing=_GAP)
            self._layout.addLayout(half)
            self._halves.append(half)

    # Qt overrides

    def minimumSizeHint(self) -> QSize:
        """As wide as the wider of two rows, whether they are one now or two."""
        widths = [half.minimumSize().width() for half in self._halves]
        return QSize(max(widths), self._layout.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One row or two."""
        super().resizeEvent(event)
        needed = sum(half.minimumSize().width() for half in self._halves) + _GAP
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.LeftToRight if self.width() >= needed else direction.TopToBottom)
