"""The image that was captured, and on it where a token of its formula was read."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_app.widgets.image_card import ImageCard

_NOWHERE = QPointF(-1, -1)


class CapturedImage(ImageCard):
    """A card whose image can be pointed at.

    Signals:
        pointed(QPointF): Where the mouse is, in pixels of the image; with negative numbers when it has left.
    """

    pointed = Signal(QPointF)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setMouseTracking(True)
        self._heat: QImage | None = None
        self._heated = QRectF()

    @property
    def heat(self) -> QImage | None:
        """What lights up."""
        return self._heat

    def light_up(self, heat: QImage | None, extent: QRectF) -> None:
        """Lay an image of few pixels over a part of this one, given in its pixels; none takes it away."""
        self._heat, self._heated = heat, extent
        self.update()

    def _scale(self) -> float:
        """Device-independent pixels on the card for each pixel of the image."""
        return self.image_place().width() / self.image.width() if self.image and self.image.width() else 0.0

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """The image, and what lights up on it."""
        super().paintEvent(event)
        if self._heat is None or self.image is None:
            return
        scale, corner = self._scale(), self.image_place().topLeft()
        area = QRectF(self._heated.topLeft() * scale + corner, self._heated.size() * scale)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setClipRect(self.image_place())
            # Scaled first: stretched by the painter the outermost cells would be cut off sharply.
            size = area.size().toSize()
            painter.drawImage(
                area,
                self._heat.scaled(
                    size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
                ),
            )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which pixel the mouse is on."""
        super().mouseMoveEvent(event)
        place, scale = self.image_place(), self._scale()
        is_inside = scale > 0 and place.contains(event.position())
        self.pointed.emit((event.position() - place.topLeft()) / scale if is_inside else _NOWHERE)

    def leaveEvent(self, event: QEvent) -> None:
        """It is on none."""
        super().leaveEvent(event)
        self.pointed.emit(_NOWHERE)
