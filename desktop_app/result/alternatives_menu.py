"""The menu of other tokens for one that was read, each with how probable the recogniser holds it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.snips.snip import ReadToken
from desktop_app.snips.token_analysis import Alternative


class AlternativesMenu(QMenu):
    """Offers tokens.

    Signals:
        chosen(int, str): Put this token in the place of the one of that number.
    """

    chosen = Signal(int, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Snaptex: other readings"))
        self.setAccessibleName(self.tr("Other readings"))

    def offer(self, index: int, token: ReadToken, alternatives: Sequence[Alternative]) -> None:
        """Hold the alternatives of a token."""
        self.clear()
        heading = self.tr("Read: {token}").format(token=self._written(token.token, token.confidence))
        self.addAction(heading).setEnabled(False)
        self.addSeparator()
        for one in alternatives:
            name = one.token
            action = self.addAction(self._written(name, one.confidence))
            action.triggered.connect(lambda _checked=False, name=name: self.chosen.emit(index, name))
        if not alternatives:
            self.addAction(self.tr("Nothing else can stand here.")).setEnabled(False)

    def _written(self, token: str, confidence: float) -> str:
        meanings = {
            "{": self.tr("several symbols together"),
            "}": self.tr("end of what stands together"),
            "_": self.tr("subscript"),
            "^": self.tr("superscript"),
            "&": self.tr("next column"),
            "\\\\": self.tr("next line"),
            "~": self.tr("space"),
            r"\quad": self.tr("gap"),
        }
        meaning = f" ({meanings[token]})" if token in meanings else ""
        share = f"{confidence:.0%}" if confidence >= 0.01 else "< 1%"
        return f"{token}{meaning}\t{share}".replace("&", "&&")
