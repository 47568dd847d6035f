"""How far a formula can be trusted, shown by colour, shape and word together, so that none of them is needed alone."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop_app.snips.trust_mark import TrustMark
from desktop_app.widgets.appearance import Colours, current_colours, tinted_icon

_SIDE = 16


def mark_colour(mark: TrustMark, colours: Colours) -> str:
    """The colour of a mark in a theme."""
    return {
        TrustMark.SURE: colours.good,
        TrustMark.CHECK: colours.warning,
        TrustMark.DOUBTFUL: colours.bad,
    }[mark]


class TrustBadge(QWidget):
    """A mark on a window; nothing where there is no mark."""

    def __init__(self) -> None:
        super().__init__()
        self.mark: TrustMark | None = None
        self._shape = QLabel()
        self.word = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self._shape)
        layout.addWidget(self.word)
        self.hide()

    def show_mark(self, mark: TrustMark | None) -> None:
        """Show a mark, or none."""
        self.mark = mark
        self.setVisible(mark is not None)
        if mark is None:
            return
        self.word.setText(mark.title)
        self.setToolTip(mark.advice)
        self.setAccessibleName(f"{mark.title}: {mark.advice}")
        self._colour()

    def _colour(self) -> None:
        if self.mark is None:
            return
        colour = mark_colour(self.mark, current_colours())
        self._shape.setPixmap(tinted_icon(self.mark.icon_name, colour).pixmap(QSize(_SIDE, _SIDE)))
        self.word.setStyleSheet(f"color: {colour}; font-weight: 600;")

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """The colour follows the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
