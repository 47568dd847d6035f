"""A card with an image on it, or with the sentence that stands in its place."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

_MARGIN = 16


class ImageCard(QFrame):
    """Shows an image in its own size or a multiple of it, or smaller where there is no room for that.

    Attributes:
        image: The one shown, if any.
        sentence: What is said where there is none.

    Signals:
        fit_changed: Another image, or another room for it.
    """

    fit_changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(name)
        self.setMinimumHeight(84)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.image: QImage | None = None
        self.sentence = ""
        self._is_faded = False
        self._magnification = 1.0
        self._most = 1.0

    def show_image(self, image: QImage) -> None:
        """Show an image; its device pixel ratio says how large."""
        self._set(image, "")

    def show_sentence(self, sentence: str) -> None:
        """Show words in place of an image."""
        self._set(None, sentence)

    @property
    def wanted_size(self) -> QSizeF:
        """How large the image would be with all the room there could be, in device-independent pixels."""
        return self.image.deviceIndependentSize() * self._magnification if self.image else QSizeF(0, 0)

    def magnify(self, factor: float) -> None:
        """Show images so many times their own size."""
        self._magnification = factor
        self._follow_fit()

    def fitting(self) -> float:
        """The share of the wanted size for which there is room; at most 1."""
        wanted, inside = self.wanted_size, self._inside()
        if wanted.isEmpty():
            return 1.0
        return max(min(1.0, inside.width() / wanted.width(), inside.height() / wanted.height()), 0.0)

    def limit(self, share: float) -> None:
        """Show no image larger than this share of its wanted size."""
        if share != self._most:
            self._most = share
            self.update()

    def image_place(self) -> QRectF:
        """Where on the card the image is."""
        place = QRectF(QPointF(), self.wanted_size * min(self.fitting(), self._most))
        place.moveCenter(self._inside().center())
        place.moveTopLeft(self._on_pixel(place.topLeft()))
        return place

    def fade(self) -> None:
        """Show that the image belongs to an earlier text."""
        self._is_faded = True
        self.update()

    def _set(self, image: QImage | None, sentence: str) -> None:
        self.image, self.sentence, self._is_faded = image, sentence, False
        self.setAccessibleDescription(sentence)
        self._follow_fit()

    def _follow_fit(self) -> None:
        self.updateGeometry()
        self.update()
        self.fit_changed.emit()

    def _inside(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)

    def _on_pixel(self, corner: QPointF) -> QPointF:
        """The corner moved to a device pixel; between two of them an image is blurred."""
        ratio = self.devicePixelRatioF()
        origin = QPointF(self.mapTo(self.window(), QPoint(0, 0)))
        return (QPointF(((corner + origin) * ratio).toPoint()) / ratio) - origin

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Room for the whole image, within reason."""
        return self.wanted_size.toSize().boundedTo(QSize(1100, 420)) + QSize(2 * _MARGIN, 2 * _MARGIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card; on it, in the middle, the image or the sentence."""
        super().paintEvent(event)
        inside = self._inside()
        with QPainter(self) as painter:
            if self.image is None:
                painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(inside, flags, self.sentence)
                return
            place = self.image_place()
            is_scaled = place.size() != self.image.deviceIndependentSize()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_scaled)
            painter.setOpacity(0.35 if self._is_faded else 1.0)
            painter.drawImage(place, _shrunk(self.image, place.size() * self.devicePixelRatioF()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room."""
        super().resizeEvent(event)
        self.fit_changed.emit()


def _shrunk(image: QImage, pixels: QSizeF) -> QImage:
    """An image near a size in device pixels; the painter alone would leave pixels out, and thin lines with them."""
    if pixels.width() > 0.75 * image.width() or pixels.isEmpty():
        return image
    return image.scaled(
        pixels.toSize().expandedTo(QSize(1, 1)),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
