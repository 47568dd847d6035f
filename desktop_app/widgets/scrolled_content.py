"""What a window holds, in a window as large as that, but no larger than its screen: there it scrolls."""

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from desktop_app.widgets.layouts import column_of

_TITLE_BAR = 36  # units of the window, where it is not known yet
_SCROLL_BAR = 16


class ScrolledContent(QScrollArea):
    """Fills a window; the window follows its content, as when a sentence is added, and never leaves the screen.

    It has no attributes of its own: Python would clear them before Qt has sent its last events.
    """

    def __init__(self, window: QWidget, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        column_of(self, on=window, margins=(0, 0, 0, 0))
        content.installEventFilter(self)
        window.installEventFilter(self)
        self._fit()

    def _fit(self) -> None:
        window, content = self.window(), self.widget()
        if content is None:  # it goes before this does
            return
        wanted = content.sizeHint()
        screen = window.screen().availableGeometry()
        room = screen.size() - (window.frameSize() - window.size()).expandedTo(QSize(0, _TITLE_BAR))
        if wanted.height() > room.height():
            wanted.setWidth(wanted.width() + _SCROLL_BAR)
        window.setFixedSize(wanted.boundedTo(room))
        below = window.frameGeometry().bottom() - screen.bottom()
        if window.isVisible() and below > 0:
            window.move(window.pos() - QPoint(0, below))

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the content, and the screen that the window comes to."""
        kinds = QEvent.Type
        if event.type() in (kinds.LayoutRequest, kinds.Show, kinds.ScreenChangeInternal):
            self._fit()
        return super().eventFilter(watched, event)
