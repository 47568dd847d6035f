"""A card with a picture on it, or with the sentence that stands in its place."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

_MARGIN = 16


class PictureCard(QFrame):
    """Shows a picture in its own size, or smaller where there is no room for that; never larger."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(name)
        self.setMinimumHeight(84)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._image: QImage | None = None
        self._sentence = ""
        self._is_faded = False

    @property
    def image(self) -> QImage | None:
        """The picture shown."""
        return self._image

    @property
    def sentence(self) -> str:
        """What is said where there is no picture."""
        return self._sentence

    def show_image(self, image: QImage) -> None:
        """Show a picture; its device pixel ratio says how large."""
        self._set(image, "")

    def show_sentence(self, sentence: str) -> None:
        """Show words in place of a picture."""
        self._set(None, sentence)

    def fade(self) -> None:
        """Show that the picture belongs to an earlier text."""
        self._is_faded = True
        self.update()

    def _set(self, image: QImage | None, sentence: str) -> None:
        self._image, self._sentence, self._is_faded = image, sentence, False
        self.setAccessibleDescription(sentence)
        self.updateGeometry()
        self.update()

    def _inside(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)

    def _on_pixel(self, corner: QPointF) -> QPointF:
        """The corner moved to a device pixel; between two of them a picture is blurred."""
        ratio = self.devicePixelRatioF()
        origin = QPointF(self.mapTo(self.window(), QPoint(0, 0)))
        return (QPointF(((corner + origin) * ratio).toPoint()) / ratio) - origin

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Room for the whole picture, within reason."""
        size = self._image.deviceIndependentSize().toSize() if self._image else QSize(0, 0)
        return size.boundedTo(QSize(1100, 420)) + QSize(2 * _MARGIN, 2 * _MARGIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card; on it, in the middle, the picture or the sentence."""
        super().paintEvent(event)
        inside = self._inside()
        with QPainter(self) as painter:
            if self._image is None:
                painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(inside, flags, self._sentence)
                return
            size = self._image.deviceIndependentSize()
            if size.width() > inside.width() or size.height() > inside.height():
                size.scale(inside.size(), Qt.AspectRatioMode.KeepAspectRatio)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            place = QRectF(inside.topLeft(), size)
            place.moveCenter(inside.center())
            place.moveTopLeft(self._on_pixel(place.topLeft()))
            painter.setOpacity(0.35 if self._is_faded else 1.0)
            painter.drawImage(place, self._image)
