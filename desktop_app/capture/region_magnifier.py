"""The magnifier of the overlay: the pixels round the pointer, large, with a grid between them."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from desktop_app.capture.region import Pixel

COLUMNS, ROWS = 19, 13  # odd, so that one pixel is in the middle
_CELL = 8.0  # units of the window a pixel
_DISTANCE = 26.0  # from the pointer
_GRID = QColor(120, 128, 145, 120)
_BEYOND = QColor("#12151c")  # where the screen ends
_FRAME = QColor("#12151c")
_MIDDLE = QColor("#6c8cff")


def magnifier_place(pointer: QPointF, window: QRectF, *, to_right: bool, to_bottom: bool) -> QRectF:
    """Where the magnifier goes: beside the pointer on the side asked for, or on the other where there is no room."""
    width, height = COLUMNS * _CELL, ROWS * _CELL
    left = pointer.x() + _DISTANCE if to_right else pointer.x() - _DISTANCE - width
    top = pointer.y() + _DISTANCE if to_bottom else pointer.y() - _DISTANCE - height
    if not window.left() <= left <= window.right() - width:
        left = 2 * pointer.x() - left - width
    if not window.top() <= top <= window.bottom() - height:
        top = 2 * pointer.y() - top - height
    return QRectF(left, top, width, height)


def paint_magnifier(painter: QPainter, image: QImage, pixel: Pixel, place: QRectF) -> None:
    """Paint the pixels round one pixel of the image, that one outlined."""
    first_column, first_row = pixel[0] - COLUMNS // 2, pixel[1] - ROWS // 2
    # Beyond the edge of the image a copy is transparent.
    around = image.copy(first_column, first_row, COLUMNS, ROWS)
    seen = QRectF(-first_column, -first_row, image.width(), image.height()) & QRectF(0, 0, COLUMNS, ROWS)
    painter.fillRect(place, _BEYOND)
    shown = QRectF(place.topLeft() + seen.topLeft() * _CELL, seen.size() * _CELL)
    painter.drawImage(shown, around, seen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_GRID, 0))
    for column in range(1, COLUMNS):
        across = place.left() + column * _CELL
        painter.drawLine(QPointF(across, place.top()), QPointF(across, place.bottom()))
    for row in range(1, ROWS):
        down = place.top() + row * _CELL
        painter.drawLine(QPointF(place.left(), down), QPointF(place.right(), down))
    middle = QPointF(COLUMNS // 2, ROWS // 2) * _CELL + place.topLeft()
    painter.setPen(_sharp(_MIDDLE, 2))
    painter.drawRect(QRectF(middle.x(), middle.y(), _CELL, _CELL))
    painter.setPen(_sharp(_FRAME, 2))
    painter.drawRect(place)


def _sharp(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen
