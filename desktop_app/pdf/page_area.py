"""The part of a PDF window that scrolls over a page, and goes on to the next one at its end."""

from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QScrollArea, QScrollBar

from desktop_app.pdf.page_view import PageView

_TURNING = 240  # two notches of a wheel, as Qt counts them: past the edge of a page they turn it
_EDGE = 24  # units of the window round the mouse that stay in sight during a drag


class PageArea(QScrollArea):
    """Scrolls a page.

    Signals:
        page_turned(int): The page before (-1) or after (1) is wanted.
        zoom_stepped(int): A larger (1) or a smaller (-1) page is wanted.
        resized: There is other room for the page.
    """

    page_turned = Signal(int)
    zoom_stepped = Signal(int)
    resized = Signal()

    def __init__(self, view: PageView) -> None:
        super().__init__()
        self._view = view
        self.setWidget(view)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # or the width would change with it
        self._zoomed_at: QPoint | None = None
        self._wheeled = 0  # past the edge of the page
        view.dragged_to.connect(self._keep_in_sight)

    def resize_page(self, size: QSizeF) -> None:
        """Give the page another size; what is under the mouse that asked for it, or in the middle, stays there."""
        at = self._zoomed_at or self.viewport().rect().center()
        self._zoomed_at = None
        place = self._view.mapFrom(self.viewport(), at)
        across, down = place.x() / max(1, self._view.width()), place.y() / max(1, self._view.height())
        self._view.resize_page(size)
        self.horizontalScrollBar().setValue(round(across * self._view.width()) - at.x())
        self.verticalScrollBar().setValue(round(down * self._view.height()) - at.y())

    def go_to_edge(self, *, is_end: bool) -> None:
        """Show the beginning of the page, or its end."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum() if is_end else bar.minimum())

    def scroll_on(self, step: int) -> None:
        """Scroll by what is seen, up (-1) or down (1); at the edge of the page go to the next one."""
        if _is_at_end(self.verticalScrollBar(), step):
            self.page_turned.emit(step)
        else:
            action = QAbstractSlider.SliderAction
            self.verticalScrollBar().triggerAction(action.SliderPageStepAdd if step > 0 else action.SliderPageStepSub)

    def _keep_in_sight(self, place: QPointF) -> None:
        self.ensureVisible(round(place.x()), round(place.y()), _EDGE, _EDGE)

    # Qt overrides

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls, with Ctrl it zooms, and past the edge of the page it turns it."""
        turned = event.angleDelta().y()
        step = 1 if turned < 0 else -1
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoomed_at = event.position().toPoint()
            self.zoom_stepped.emit(-step)
        elif turned and _is_at_end(self.verticalScrollBar(), step):
            event.accept()
            self._wheeled += turned
            if abs(self._wheeled) >= _TURNING:
                self._wheeled = 0
                self.page_turned.emit(step)
        else:
            self._wheeled = 0
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of pages."""
        steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_Space: 1, Qt.Key.Key_Backspace: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.scroll_on(step)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell of it."""
        super().resizeEvent(event)
        self.resized.emit()


def _is_at_end(bar: QScrollBar, step: int) -> bool:
    return bar.value() == (bar.maximum() if step > 0 else bar.minimum())
