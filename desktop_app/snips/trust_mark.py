"""How far a formula can be trusted, in a word and a shape; widgets/trust_badge.py adds the colour."""

from enum import Enum

from PySide6.QtCore import QCoreApplication


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
