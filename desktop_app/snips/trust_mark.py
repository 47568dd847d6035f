"""How far a formula can be trusted, shown by colour, shape and word together, so that none of them is needed alone."""

from enum import Enum

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop_app.appearance import Colours, current_colours, tinted_icon

_SIDE = 16


class TrustMark(Enum):
    """The recogniser's three marks; the value is what it and the history call them."""

    SURE = "sure"
    CHECK = "check"
    DOUBTFUL = "doubtful"

    @property
    def title(self) -> str:
        """The word."""
        return {
            TrustMark.SURE: QCoreApplication.translate("TrustMark", "Sure"),
            TrustMark.CHECK: QCoreApplication.translate("TrustMark", "Check"),
            TrustMark.DOUBTFUL: QCoreApplication.translate("TrustMark", "Doubtful"),
        }[self]

    @property
    def advice(self) -> str:
        """What to do about it."""
        return {
            TrustMark.SURE: QCoreApplication.translate("TrustMark", "The formula was read with confidence."),
            TrustMark.CHECK: QCoreApplication.translate("TrustMark", "Look over what is underlined."),
            TrustMark.DOUBTFUL: QCoreApplication.translate("TrustMark", "Compare the formula with the picture."),
        }[self]

    @property
    def icon_name(self) -> str:
        """The shape: a circle, a triangle, an octagon."""
        return f"trust-{self.value}"

    def colour(self, colours: Colours) -> str:
        """The colour in a theme."""
        return {
            TrustMark.SURE: colours.good,
            TrustMark.CHECK: colours.warning,
            TrustMark.DOUBTFUL: colours.bad,
        }[self]


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
        colour = self.mark.colour(current_colours())
        self._shape.setPixmap(tinted_icon(self.mark.icon_name, colour).pixmap(QSize(_SIDE, _SIDE)))
        self.word.setStyleSheet(f"color: {colour}; font-weight: 600;")

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """The colour follows the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
