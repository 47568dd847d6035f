"""The countdown before a delayed snip: time to open a menu, whose image no hotkey could bring about.

It takes no focus, or the menu would close; so a click, or asking for a snip again, cancels it.
"""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel

from desktop_app.widgets.layouts import column_of, row_of, text_label

COUNTDOWN_SECONDS = 3

_FROM_TOP = 24


class SnipCountdown(QFrame):
    """Counts the seconds down at the top of the screen.

    Signals:
        elapsed: The time is over; the window is hidden.
        cancelled: The user clicked on it.
    """

    elapsed = Signal()
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__(None, _window_type())
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(self.tr("Snaptex: countdown"))
        self.setProperty("role", "card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.number = text_label(str(COUNTDOWN_SECONDS), "title")
        title = QLabel(self.tr("Open the menu that shows the formula"))
        remark = text_label(self.tr("Click here to cancel"), "remark")
        row_of(self.number, column_of(title, remark, spacing=2), on=self, margins=(20, 12, 20, 12), spacing=18)
        self._seconds = 0
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._tick)

    @property
    def is_running(self) -> bool:
        """Whether it counts."""
        return self._timer.isActive()

    def start(self) -> None:
        """Count from the beginning."""
        self._show_seconds(COUNTDOWN_SECONDS)
        self.adjustSize()
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        self.move(room.center().x() - self.width() // 2, room.top() + _FROM_TOP)
        self.show()
        self._timer.start()

    def cancel(self) -> None:
        """Stop, and tell so."""
        self.stop()
        self.cancelled.emit()

    def stop(self) -> None:
        """Stop without a word."""
        self._timer.stop()
        self.hide()

    def _tick(self) -> None:
        if self._seconds > 1:
            self._show_seconds(self._seconds - 1)
            return
        self.stop()
        self.elapsed.emit()

    def _show_seconds(self, seconds: int) -> None:
        self._seconds = seconds
        self.number.setText(str(seconds))
        self.setAccessibleName(self.tr("The screen is taken in %n second(s)", "", seconds))

    # Qt overrides

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Any button cancels."""
        self.cancel()


def _window_type() -> Qt.WindowType:
    if QGuiApplication.platformName() == "wayland":  # where only a window that belongs to another may be a tool tip
        return Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
    return Qt.WindowType.ToolTip | Qt.WindowType.WindowDoesNotAcceptFocus
