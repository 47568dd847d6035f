"""The small window from which the desktop is first asked for an image of the screen.

The desktop lets only a program that has the focus ask, and the user should know who asks.
"""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QLayout, QPushButton, QWidget

from desktop_app.widgets.layouts import bring_forward, column_of, row_of, text_label

# A desktop that gives us no focus is asked all the same.
_FOCUS_MS = 3000
_WIDTH = 380


class ConsentWindow(QWidget):
    """Says what the desktop is about to ask.

    Signals:
        focused: It has the focus, so the desktop can be asked.
        cancelled: The user wants no image.
    """

    focused = Signal()
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Dialog)
        self.setWindowTitle(self.tr("Snaptex: permission"))
        text = text_label(
            self.tr(
                "Snaptex asks your desktop for a picture of the screen. "
                "Allow it there; it stays on this computer, and you are asked only this once."
            ),
            width=_WIDTH,
        )
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self._cancel)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._cancel)
        layout = column_of(text, row_of(None, self.cancel_button), on=self, margins=(24, 20, 24, 20), spacing=14)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        self._is_asking = False
        self._patience = QTimer(self, singleShot=True, interval=_FOCUS_MS)
        self._patience.timeout.connect(self._tell)

    def ask(self) -> None:
        """Show the window, and tell when it has the focus."""
        self._is_asking = True
        bring_forward(self)
        self._patience.start()
        if self.isActiveWindow():
            self._tell()

    def portal_name(self) -> str:
        """The window's name for the portal. On Wayland Qt doesn't tell it, and the portal does without."""
        return f"x11:{int(self.winId()):x}" if QGuiApplication.platformName() == "xcb" else ""

    def _tell(self) -> None:
        if self._is_asking:
            self._is_asking = False
            self._patience.stop()
            self.focused.emit()

    def _cancel(self) -> None:
        self._is_asking = False
        self.hide()
        self.cancelled.emit()

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """It may have got the focus."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._tell()

    def closeEvent(self, event: QEvent) -> None:
        """The window's own button cancels."""
        super().closeEvent(event)  # type: ignore[arg-type]
        if self.isVisible() or self._is_asking:
            self._cancel()
