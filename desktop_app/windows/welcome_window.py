"""The page of the first start: the hotkey, a formula to try it on, and whether to start at login."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from desktop_app.system.bundled_resources import sample_formula_path
from desktop_app.widgets.layouts import column_of, row_of, show_role, text_label
from desktop_app.widgets.login_box import LoginBox
from desktop_app.widgets.scrolled_content import ScrolledContent

_WIDTH = 460
_IMAGE_RATIO = 2.0  # the image has the pixels of a dense screen
_SAMPLE = r"\sum_{n=1}^\infty\frac{1}{n^2}=\frac{\pi^2}{6}"  # what the image shows, as the recogniser spells it


class WelcomeWindow(QWidget):
    """Shown once.

    Signals:
        snip_requested: The user wants to try.
        closed: The user is done.
    """

    snip_requested = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Welcome to Snaptex"))
        self.hotkey_words = text_label(width=_WIDTH)
        self.snip_button = QPushButton(self.tr("Try it: snip this formula"))
        self.snip_button.setProperty("role", "primary")
        self.result = text_label(role="good", width=_WIDTH)
        self.login_box = LoginBox(self.tr("Start Snaptex when I log in"), width=_WIDTH)
        self.done_button = QPushButton(self.tr("Done"))
        self._lay_out()
        self.snip_button.clicked.connect(self.snip_requested)
        self.done_button.clicked.connect(self.close)

    def show_hotkey(self, written: str) -> None:
        """Say which keys begin a snip; none where there is no hotkey."""
        self.hotkey_words.setText(
            self.tr("Press {hotkey} in any program, and drag a rectangle round a formula.").format(hotkey=written)
            if written
            else self.tr("Press the button below, or Snip in Snaptex's window, and drag a rectangle round a formula.")
        )

    def show_result(self, latex: str) -> None:
        """Say what was read: where it is this page's formula trying it ends, else it begins anew."""
        is_right = "".join(latex.split()) == "".join(_SAMPLE.split())
        sentence = (
            self.tr("That is all. It was read as {latex}")
            if is_right
            else self.tr(
                "That was read as {latex}, which is another formula. Try again with a rectangle round this one."
            )
            if latex.strip()
            else self.tr("There was no formula in that rectangle. Try again with one round this formula.")
        )
        show_role(self.result, sentence.format(latex=latex), "good" if is_right else "bad")
        self.result.show()

    def _lay_out(self) -> None:
        then = self.tr("Its LaTeX is on the clipboard a moment later. Nothing leaves this computer.")
        self.result.setTextFormat(Qt.TextFormat.PlainText)
        self.result.hide()
        content = QWidget()
        column_of(
            text_label(self.tr("Formulas from the screen, as LaTeX"), "title"),
            self.hotkey_words,
            text_label(then, "remark", width=_WIDTH),
            _sample(),
            self.snip_button,
            self.result,
            6,
            row_of(self.login_box, None, self.done_button),
            self.login_box.problem,
            on=content,
            margins=(28, 24, 28, 20),
            spacing=12,
        )
        ScrolledContent(self, content)  # the result makes the window taller

    # Qt overrides

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the user is done."""
        super().closeEvent(event)
        self.closed.emit()


def _sample() -> QFrame:
    """A formula as a page has it, black on white whatever the theme."""
    frame = QFrame()
    frame.setObjectName("paper")
    frame.setStyleSheet("#paper { background: white; border: 1px solid #dcdfe6; border-radius: 8px; }")
    pixmap = QPixmap(str(sample_formula_path()))
    pixmap.setDevicePixelRatio(_IMAGE_RATIO)
    image = QLabel()
    image.setPixmap(pixmap)
    image.setAlignment(Qt.AlignmentFlag.AlignCenter)
    image.setAccessibleName(QCoreApplication.translate("WelcomeWindow", "A formula to try Snaptex on"))
    column_of(image, on=frame, margins=(24, 20, 24, 20))
    return frame
