"""One frozen, dimmed screen on which a rectangle is dragged.

It shows the picture that the crop is made from, so what is seen is what is cut, whatever moves underneath meanwhile.
"""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from desktop_app.region import Region, region_between
from desktop_app.screen_capture import ScreenCapture

HINT = "Drag a rectangle around a formula  ·  Esc cancels"

# A click moves the mouse by a pixel or two; no formula is smaller than this.
_SMALLEST_REGION = 4

_DIMMING = QColor(10, 14, 24, 120)
_CROSSHAIR = QColor(255, 255, 255, 110)
_OUTLINE = QColor("#6c8cff")
_LABEL_BACKGROUND = QColor(18, 21, 28, 225)
_LABEL_TEXT = QColor("#f4f6fb")
_LABEL_MARGIN = 10.0


class RegionOverlay(QWidget):
    """The overlay of one screen.

    Signals:
        region_selected(Region): The drag has ended around something.
        cancelled: Esc or the right button.
    """

    region_selected = Signal(object)
    cancelled = Signal()

    def __init__(self, capture: ScreenCapture) -> None:
        super().__init__()
        self.capture = capture
        self._press: QPointF | None = None
        self._pointer: QPointF | None = None
        self._picture = QPixmap.fromImage(capture.image)
        self._picture.setDevicePixelRatio(capture.scale[0])
        self._dimmed = self._dim(self._picture)
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.Tool
        if QGuiApplication.platformName() == "xcb":
            # Unmanaged, so that a tiling window manager doesn't tile it and the focus stays where the person works.
            flags |= Qt.WindowType.BypassWindowManagerHint
        self.setWindowFlags(flags)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMouseTracking(True)
        self.setWindowTitle("Snaptex: choose a region")
        screen = QGuiApplication.screenAt(capture.geometry.center())
        if screen is not None:
            self.setScreen(screen)  # at its scale from the first
        self.setGeometry(capture.geometry)
        if self.geometry().contains(QCursor.pos()):
            self._pointer = QPointF(QCursor.pos() - self.pos())

    @property
    def region(self) -> Region | None:
        """The region dragged so far, in device pixels of the picture."""
        if self._press is None or self._pointer is None:
            return None
        return region_between(
            (self._press.x(), self._press.y()),
            (self._pointer.x(), self._pointer.y()),
            scale=self.capture.scale,
            picture_size=(self.capture.image.width(), self.capture.image.height()),
        )

    def _dim(self, picture: QPixmap) -> QPixmap:
        dimmed = QPixmap(picture)
        with QPainter(dimmed) as painter:
            painter.fillRect(dimmed.rect(), _DIMMING)
        return dimmed

    def _in_window(self, region: Region) -> QRectF:
        across, down = self.capture.scale
        return QRectF(region.left / across, region.top / down, region.width / across, region.height / down)

    def _paint_crosshair(self, painter: QPainter, pointer: QPointF) -> None:
        painter.setPen(QPen(_CROSSHAIR, 0))
        painter.drawLine(QPointF(0, pointer.y()), QPointF(self.width(), pointer.y()))
        painter.drawLine(QPointF(pointer.x(), 0), QPointF(pointer.x(), self.height()))

    def _paint_region(self, painter: QPainter, region: Region) -> None:
        chosen = self._in_window(region)
        painter.drawPixmap(chosen, self._picture, QRectF(region.left, region.top, region.width, region.height))
        pen = QPen(_OUTLINE, 1.5)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(chosen.adjusted(-1, -1, 1, 1))  # outside it: the pixels chosen stay as they are

    def _paint_label(self, painter: QPainter, text: str, corner: QPointF, *, centred: bool = False) -> None:
        font = QFont(self.font())
        font.setPointSizeF(10)
        metrics = QFontMetricsF(font)
        box = QRectF(0, 0, metrics.horizontalAdvance(text) + 2 * _LABEL_MARGIN, metrics.height() + _LABEL_MARGIN)
        box.moveTopLeft(corner - QPointF(box.width() / 2, 0) if centred else corner)
        # Near an edge the label moves inwards: it is read wherever the drag ends.
        box.moveLeft(min(max(box.left(), 4), self.width() - box.width() - 4))
        box.moveTop(min(max(box.top(), 4), self.height() - box.height() - 4))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_LABEL_BACKGROUND)
        painter.drawRoundedRect(box, 6, 6)
        painter.setFont(font)
        painter.setPen(_LABEL_TEXT)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dimmed picture; on it the region as it is, the crosshair and a label."""
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._dimmed)
            region = self.region
            if region is not None:
                self._paint_region(painter, region)
                corner = self._in_window(region).bottomRight() + QPointF(8, 8)
                self._paint_label(painter, f"{region.width} × {region.height}", corner)
            elif self._pointer is not None:
                self._paint_crosshair(painter, self._pointer)
                self._paint_label(painter, HINT, QPointF(self.width() / 2, 24), centred=True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The left button begins a drag, the right one cancels."""
        if event.button() == Qt.MouseButton.RightButton:
            self.cancelled.emit()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press = self._pointer = event.position()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        self._pointer = event.position()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a drag; a click without one leaves everything as it was."""
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            return
        self._pointer = event.position()
        region = self.region
        self._press = None
        if region is not None and min(region.width, region.height) >= _SMALLEST_REGION:
            self.region_selected.emit(region)
        else:
            self.update()

    def leaveEvent(self, event: object) -> None:
        """The crosshair is on the screen that has the pointer, and on no other."""
        if self._press is None:
            self._pointer = None
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
