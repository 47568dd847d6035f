"""What the overlay shows: the dimmed image, the region as it is, crosshair, handles, magnifier and labels."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPainter, QPen, QPixmap

from desktop_app.capture.region import Pixel, Region
from desktop_app.capture.region_adjustment import EDGE_HANDLES, handle_point
from desktop_app.capture.region_magnifier import magnifier_place, paint_magnifier
from desktop_app.capture.screen_capture import ScreenCapture

_DIMMING = QColor(10, 14, 24, 120)
_CROSSHAIR = QColor(255, 255, 255, 110)
_OUTLINE = QColor("#6c8cff")
_HANDLE = QColor("#ffffff")
_EDGE = QColor("#ffb340")
_EDGE_BAR = 5.0
_HANDLE_SIDE = 8.0
_LABEL_BACKGROUND = QColor(18, 21, 28, 235)
_LABEL_TEXT = QColor("#f4f6fb")
_LABEL_MARGIN = 10.0
_FROM_EDGE = 4.0
_GAP = 8.0
_HINT_TOP = 24.0


class RegionPainting:
    """Paints one screen's overlay; everything it is told is in device pixels of the capture."""

    def __init__(self, capture: ScreenCapture) -> None:
        self._capture = capture
        self._image = QPixmap.fromImage(capture.image)
        self._image.setDevicePixelRatio(capture.scale[0])
        self._dimmed = QPixmap(self._image)
        with QPainter(self._dimmed) as painter:
            painter.fillRect(self._dimmed.rect(), _DIMMING)

    def paint(
        self,
        painter: QPainter,
        window: QRect,
        *,
        region: Region | None,
        magnified: Pixel | None,
        has_handles: bool,
        crossed: tuple[int, int],
        remark: str,
        hint: str,
    ) -> None:
        """Paint everything.

        Args:
            painter: Of the overlay.
            window: The whole overlay, in its units.
            region: What is chosen so far.
            magnified: The pixel in the middle of the magnifier; None for no magnifier.
            has_handles: Whether the region waits to be adjusted.
            crossed: The edges of the screen that the drag goes over: -1 left or top, 1 right or bottom, 0 none.
            remark: What is to be read at the pointer; empty for nothing.
            hint: What the user can do now; empty on a screen without the pointer.
        """
        painter.drawPixmap(0, 0, self._dimmed)
        bounds = QRectF(window)
        chosen = self._in_window(region) if region is not None else None
        pointer = self._middle_of(magnified) if magnified is not None else None
        if region is not None and chosen is not None:
            self._paint_region(painter, region, chosen)
            if has_handles:
                self._paint_handles(painter, region)
        elif pointer is not None:
            painter.setPen(QPen(_CROSSHAIR, 0))
            painter.drawLine(QPointF(0, pointer.y()), QPointF(bounds.right(), pointer.y()))
            painter.drawLine(QPointF(pointer.x(), 0), QPointF(pointer.x(), bounds.bottom()))
        self._paint_crossed_edges(painter, bounds, crossed)
        if remark and pointer is not None:
            box = _label_box(remark)
            box.moveCenter(pointer - QPointF(0, box.height() + _GAP))
            _paint_label(painter, bounds, box, remark)
        if hint:
            self._paint_hint(painter, bounds, hint, avoided=chosen)
        to_right, to_bottom = _side_of(pointer, chosen)
        if region is not None and chosen is not None:
            self._paint_size(painter, bounds, region, chosen, to_right=to_right, to_bottom=to_bottom)
        if magnified is not None and pointer is not None:
            self._paint_magnifier(painter, bounds, magnified, pointer, to_right=to_right, to_bottom=to_bottom)

    def _in_window(self, region: Region) -> QRectF:
        across, down = self._capture.scale
        return QRectF(region.left / across, region.top / down, region.width / across, region.height / down)

    def _middle_of(self, pixel: Pixel) -> QPointF:
        across, down = self._capture.scale
        return QPointF((pixel[0] + 0.5) / across, (pixel[1] + 0.5) / down)

    def _paint_region(self, painter: QPainter, region: Region, chosen: QRectF) -> None:
        painter.drawPixmap(chosen, self._image, QRectF(region.left, region.top, region.width, region.height))
        pen = QPen(_OUTLINE, 1.5)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(chosen.adjusted(-1, -1, 1, 1))  # outside it: the pixels chosen stay as they are

    def _paint_handles(self, painter: QPainter, region: Region) -> None:
        across, down = self._capture.scale
        painter.setPen(QPen(_OUTLINE, 1.5))
        painter.setBrush(_HANDLE)
        for handle in EDGE_HANDLES:
            left, top = handle_point(region, handle)
            # Outside the region, for the same reason.
            middle = QPointF(left / across, top / down) + QPointF(*handle.value) * (_HANDLE_SIDE / 2 + 1)
            half = QPointF(_HANDLE_SIDE, _HANDLE_SIDE) / 2
            painter.drawRect(QRectF(middle - half, middle + half))

    def _paint_crossed_edges(self, painter: QPainter, bounds: QRectF, crossed: tuple[int, int]) -> None:
        """A bar along each edge that the region can't go over."""
        for across, down in ((crossed[0], 0), (0, crossed[1])):
            if across or down:
                beside = QPointF(across * (bounds.width() - _EDGE_BAR), down * (bounds.height() - _EDGE_BAR))
                painter.fillRect(bounds & bounds.translated(beside), _EDGE)

    def _paint_hint(self, painter: QPainter, bounds: QRectF, text: str, *, avoided: QRectF | None) -> None:
        box = _label_box(text)
        box.moveTopLeft(QPointF(bounds.center().x() - box.width() / 2, _HINT_TOP))
        if avoided is not None and avoided.intersects(box):
            box.moveBottom(bounds.bottom() - _HINT_TOP)
        _paint_label(painter, bounds, box, text)

    def _paint_size(
        self, painter: QPainter, bounds: QRectF, region: Region, chosen: QRectF, *, to_right: bool, to_bottom: bool
    ) -> None:
        """The size stands at the corner that the drag began from, away from the magnifier."""
        text = f"{region.width} × {region.height}"
        box = _label_box(text)
        box.moveLeft(chosen.left() - 1 if to_right else chosen.right() + 1 - box.width())
        distance = _GAP + _HANDLE_SIDE
        box.moveTop(chosen.top() - distance - box.height() if to_bottom else chosen.bottom() + distance)
        _paint_label(painter, bounds, box, text)

    def _paint_magnifier(
        self, painter: QPainter, bounds: QRectF, pixel: Pixel, pointer: QPointF, *, to_right: bool, to_bottom: bool
    ) -> None:
        text = f"{pixel[0]}, {pixel[1]}"
        box = _label_box(text)
        room = bounds.adjusted(_FROM_EDGE, _FROM_EDGE, -_FROM_EDGE, -_FROM_EDGE - box.height() - _GAP)
        place = magnifier_place(pointer, room, to_right=to_right, to_bottom=to_bottom)
        paint_magnifier(painter, self._capture.image, pixel, place)
        box.moveTopLeft(QPointF(place.center().x() - box.width() / 2, place.bottom() + _GAP / 2))
        _paint_label(painter, bounds, box, text)


def _side_of(pointer: QPointF | None, chosen: QRectF | None) -> tuple[bool, bool]:
    """Whether the pointer is in the right and in the lower half of the region."""
    if pointer is None or chosen is None:
        return True, True
    return pointer.x() >= chosen.center().x(), pointer.y() >= chosen.center().y()


def _font() -> QFont:
    font = QFont(QGuiApplication.font())
    font.setPointSizeF(10)
    return font


def _label_box(text: str) -> QRectF:
    metrics = QFontMetricsF(_font())
    return QRectF(0, 0, metrics.horizontalAdvance(text) + 2 * _LABEL_MARGIN, metrics.height() + _LABEL_MARGIN)


def _paint_label(painter: QPainter, bounds: QRectF, box: QRectF, text: str) -> None:
    # Near an edge a label moves inwards: it is read wherever the drag ends.
    box.moveLeft(min(max(box.left(), _FROM_EDGE), bounds.right() - box.width() - _FROM_EDGE))
    box.moveTop(min(max(box.top(), _FROM_EDGE), bounds.bottom() - box.height() - _FROM_EDGE))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_LABEL_BACKGROUND)
    painter.drawRoundedRect(box, 6, 6)
    painter.setFont(_font())
    painter.setPen(_LABEL_TEXT)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
