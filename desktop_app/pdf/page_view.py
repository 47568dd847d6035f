"""One page of a PDF file, on which a region is dragged."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QTransform
from PySide6.QtWidgets import QWidget

from desktop_app.widgets.appearance import current_colours

_SMALLEST = 4.0  # units of the window; a click moves the mouse by one or two
_VEIL = 40  # of 255, over the region


class PageView(QWidget):
    """Shows the image of a page, stretched to the size that the page is to have.

    Attributes:
        image: The one shown, if any.
        sentence: What is said where there is none.
        region: What is chosen, in the view's units; empty for nothing.

    Signals:
        region_dragged(QRectF): A region was chosen, in shares of the page's width and height.
        click_made: A drag ended where it began.
        dragged_to(QPointF): Where the mouse is during a drag, in the view's units.
    """

    region_dragged = Signal(QRectF)
    click_made = Signal()
    dragged_to = Signal(QPointF)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Page"))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.image: QImage | None = None
        self.sentence = ""
        self._anchor: QPointF | None = None
        self.region = QRectF()

    def show_page(self, image: QImage, size: QSizeF) -> None:
        """Show a page in a size, in units of the window."""
        self.image, self.sentence = image, ""
        self.resize_page(size)

    def show_sentence(self, sentence: str) -> None:
        """Say why there is no page."""
        self.image, self.sentence = None, sentence
        self.setAccessibleDescription(sentence)
        self.forget_region()

    def resize_page(self, size: QSizeF) -> None:
        """Show the same page in another size, until there is an image for it."""
        self.forget_region()
        self.setFixedSize(size.toSize())

    def forget_region(self) -> bool:
        """Choose nothing; says whether anything was chosen."""
        was_chosen = not self.region.isEmpty()
        self._anchor = None
        self.region = QRectF()
        self.update()
        return was_chosen

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page, and the region on it; or the sentence."""
        area = QRectF(self.rect())
        with QPainter(self) as painter:
            if self.image is None:
                painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.sentence)
                return
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, self.image)
            if not self.region.isEmpty():
                accent = QColor(current_colours().accent)
                veil = QColor(accent)
                veil.setAlpha(_VEIL)
                painter.fillRect(self.region, veil)
                painter.setPen(QPen(accent, 1.5))
                painter.drawRect(self.region)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The left button begins a drag; any other one gives it up."""
        self.forget_region()
        if event.button() == Qt.MouseButton.LeftButton and self.image is not None:
            self._anchor = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The region follows the mouse, as far as the page goes."""
        if self._anchor is not None:
            self.region = QRectF(self._anchor, event.position()).normalized() & QRectF(self.rect())
            self.dragged_to.emit(event.position())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a drag: the region is chosen, unless it was no more than a click."""
        if self._anchor is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self.mouseMoveEvent(event)
        self._anchor = None
        if min(self.region.width(), self.region.height()) < _SMALLEST:
            self.forget_region()
            self.click_made.emit()
        else:
            self.region_dragged.emit(QTransform.fromScale(1 / self.width(), 1 / self.height()).mapRect(self.region))
