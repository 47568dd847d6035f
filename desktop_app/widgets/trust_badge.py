"""How far a formula can be trusted, shown by colour, shape and word together, so that none of them is needed alone."""

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtWidgets import QLabel, QWidget

from desktop_app.widgets.appearance import Colours, FollowsColours, current_colours, tinted_icon
from desktop_app.widgets.layouts import row_of
from model.recognition.calibration import ConfidenceLevel

_SIDE = 16


def level_title(level: ConfidenceLevel) -> str:
    """The word for a level."""
    return {
        ConfidenceLevel.SURE: QCoreApplication.translate("TrustBadge", "Sure"),
        ConfidenceLevel.CHECK: QCoreApplication.translate("TrustBadge", "Check"),
        ConfidenceLevel.DOUBTFUL: QCoreApplication.translate("TrustBadge", "Doubtful"),
    }[level]


def level_advice(level: ConfidenceLevel) -> str:
    """What to do about it."""
    return {
        ConfidenceLevel.SURE: QCoreApplication.translate("TrustBadge", "The formula was read with confidence."),
        ConfidenceLevel.CHECK: QCoreApplication.translate("TrustBadge", "Look over what is underlined."),
        ConfidenceLevel.DOUBTFUL: QCoreApplication.translate("TrustBadge", "Compare the formula with the picture."),
    }[level]


def level_icon_name(level: ConfidenceLevel) -> str:
    """The shape of a level: a circle, a triangle, an octagon."""
    return f"trust-{level.value}"


def level_colour(level: ConfidenceLevel, colours: Colours) -> str:
    """The colour of a level in a theme."""
    return {
        ConfidenceLevel.SURE: colours.good,
        ConfidenceLevel.CHECK: colours.warning,
        ConfidenceLevel.DOUBTFUL: colours.bad,
    }[level]


class TrustBadge(FollowsColours, QWidget):
    """The level of a formula on a window; nothing where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.level: ConfidenceLevel | None = None
        self._shape = QLabel()
        self.word = QLabel()
        row_of(self._shape, self.word, on=self, margins=(0, 0, 0, 0), spacing=5)
        self.hide()

    def show_level(self, level: ConfidenceLevel | None) -> None:
        """Show a level, or none."""
        self.level = level
        self.setVisible(level is not None)
        if level is None:
            return
        self.word.setText(level_title(level))
        self.setToolTip(level_advice(level))
        self.setAccessibleName(f"{level_title(level)}: {level_advice(level)}")
        self.follow_colours()

    def follow_colours(self) -> None:
        """Shape and word follow the colours."""
        if self.level is None:
            return
        colour = level_colour(self.level, current_colours())
        self._shape.setPixmap(tinted_icon(level_icon_name(self.level), colour).pixmap(QSize(_SIDE, _SIDE)))
        self.word.setStyleSheet(f"color: {colour}; font-weight: 600;")
