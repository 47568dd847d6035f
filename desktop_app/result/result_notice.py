"""The notice in the corner of the screen: what was read, for a few seconds, without taking the focus."""

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QEnterEvent, QFontDatabase, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel

from desktop_app.rendering.formula_preview import FormulaPreview
from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.widgets.layouts import column_of, row_of, show_role
from desktop_app.widgets.trust_badge import TrustBadge
from model.recognition.calibration import ConfidenceLevel

_SHOWN_MS = 5000
_WIDTH = 360
_PREVIEW_HEIGHT = 92
_DISTANCE = 16  # from the edges of the screen


class ResultNotice(QFrame):
    """Says that a formula was read, or why none was.

    Signals:
        clicked: The user wants to see the whole result.
    """

    clicked = Signal()

    def __init__(self, renderer: PreviewRenderer) -> None:
        # A tool tip is the one kind of window that no window manager gives the focus or a frame.
        super().__init__(None, Qt.WindowType.ToolTip | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(self.tr("Snaptex: notice"))
        self.setProperty("role", "card")
        self.setFixedWidth(_WIDTH)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.title = QLabel()
        self.trust = TrustBadge()
        self.preview = FormulaPreview(renderer)
        self.preview.setProperty("role", "")  # the notice is the card
        self.preview.setFixedHeight(_PREVIEW_HEIGHT)
        self.preview.formula_drawn.connect(self._show_drawn)
        self.formula = QLabel()
        self.formula.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.formula.setTextFormat(Qt.TextFormat.PlainText)
        self.formula.setWordWrap(True)
        column_of(row_of((self.title, 1), self.trust), self.preview, self.formula, on=self, margins=(16, 12, 16, 12))
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self.hide)

    def show_formula(self, latex: str, *, is_copied: bool, trust: ConfidenceLevel | None = None) -> None:
        """Say what was read."""
        if not latex.strip():
            self.show_failure(self.tr("No formula was found in this picture."))
            return
        line = " ".join(latex.split())
        # A long word, as a formula without spaces is, would not be wrapped.
        shown = self.formula.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, _WIDTH - 40)
        title = self.tr("Copied to the clipboard") if is_copied else self.tr("Formula read")
        self.trust.show_level(trust)
        self._show(title, "good", shown)
        self.preview.show_formula(latex)

    def show_failure(self, sentence: str) -> None:
        """Say why there is no formula."""
        self.trust.show_level(None)
        self._show(self.tr("Nothing was read"), "bad", sentence)

    def _show(self, title: str, role: str, text: str) -> None:
        self.preview.clear()
        self.preview.hide()
        show_role(self.title, title, role)
        self.formula.setText(text)
        self._settle()
        self.show()
        self._timer.start()

    def _show_drawn(self) -> None:
        """A formula that cannot be drawn, or is not yet, leaves no hole."""
        self.preview.show()
        self._settle()

    def _settle(self) -> None:
        self.adjustSize()
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        corner = screen.availableGeometry().bottomRight()
        self.move(corner - QPoint(self.width() + _DISTANCE, self.height() + _DISTANCE))

    # Qt overrides

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click opens the result."""
        self.hide()
        self.clicked.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """It stays while the mouse is over it."""
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """And goes some time later."""
        self._timer.start()
