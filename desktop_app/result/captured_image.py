"""The image that was captured; on it where a token of its formula was read, and crossed out what was not read."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.snips.snip import LeftOutPart, ReadRow, Snip
from desktop_app.widgets.appearance import current_colours
from desktop_app.widgets.image_card import ImageCard
from desktop_app.widgets.trust_badge import level_colour

_NOWHERE = QPointF(-1, -1)
_NO_ROW = -1
_GROWN = 4.0  # device-independent pixels round what is crossed out: slices of a line are thin
_FRAME_BAND = 8.0  # of a frame its border alone can be clicked; the formula lies within
_VEIL = 150  # of 255, over what is crossed out
_MARK_WIDTH, _MARK_GAP = 3.0, 7.0


class CapturedImage(ImageCard):
    """A card whose image can be pointed at.

    Attributes:
        heat: What lights up on it, if anything.

    Signals:
        pointed(QPointF): Where the mouse is, in pixels of the image; with negative numbers when it has left.
        row_clicked(int): The user wants a row back that is struck out.
        part_clicked(LeftOutPart): The user wants to have read what was left out.
    """

    pointed = Signal(QPointF)
    row_clicked = Signal(int)
    part_clicked = Signal(LeftOutPart)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setMouseTracking(True)
        self.heat: QImage | None = None
        self._heated = QRectF()
        self._rows: tuple[ReadRow, ...] = ()
        self._struck_out: frozenset[int] = frozenset()
        self._left_out: tuple[LeftOutPart, ...] = ()
        self._pointed_row = _NO_ROW

    def show_rows(self, snip: Snip | None) -> None:
        """Mark the rows of a snip, and cross out what is not in its formula; none for a snip that was not read."""
        self._rows = () if snip is None else snip.rows
        self._struck_out = frozenset() if snip is None else snip.struck_out
        self._left_out = () if snip is None else snip.left_out
        self._pointed_row = _NO_ROW
        self.update()

    def point_row(self, place: int) -> None:
        """Show which row the mouse is on in the list of rows; -1 for none."""
        self._pointed_row = place
        self.update()

    def light_up(self, heat: QImage | None, extent: QRectF) -> None:
        """Lay an image of few pixels over a part of this one, given in its pixels; none takes it away."""
        self.heat, self._heated = heat, extent
        self.update()

    def _scale(self) -> float:
        """Device-independent pixels on the card for each pixel of the image."""
        return self.image_place().width() / self.image.width() if self.image and self.image.width() else 0.0

    def place_of(self, box: QRect) -> QRectF:
        """Where a box of the image is on the card."""
        scale = self._scale()
        return QRectF(QPointF(box.topLeft()) * scale + self.image_place().topLeft(), QRectF(box).size() * scale)

    def _part_at(self, point: QPointF) -> LeftOutPart | None:
        for part in self._left_out:
            area = self.place_of(part.box).adjusted(-_GROWN, -_GROWN, _GROWN, _GROWN)
            inner = self.place_of(part.box).adjusted(_FRAME_BAND, _FRAME_BAND, -_FRAME_BAND, -_FRAME_BAND)
            is_within = part.kind == "frame" and inner.isValid() and inner.contains(point)
            if area.contains(point) and not is_within:
                return part
        return None

    def _row_out_at(self, point: QPointF) -> int:
        """The row at a point that is struck out."""
        return next((one for one in self._struck_out if self.place_of(self._rows[one].box).contains(point)), _NO_ROW)

    def _paint_rows(self, painter: QPainter) -> None:
        """A bar in the colour of its mark beside each row, a box round the one pointed at in the list."""
        rows = [row for row in self._rows if not row.is_number]
        colours = current_colours()
        if len(rows) > 1:
            left = min(self.place_of(row.box).left() for row in rows) - _MARK_GAP
            for row in rows:
                area = self.place_of(row.box)
                bar = QRectF(max(left, 1.0), area.top(), _MARK_WIDTH, area.height())
                painter.fillRect(bar, QColor(level_colour(row.confidence_level, colours)))
        if 0 <= self._pointed_row < len(self._rows):
            painter.setPen(QPen(QColor(colours.accent), 1.5))
            painter.drawRect(self.place_of(self._rows[self._pointed_row].box).adjusted(-2, -2, 2, 2))

    def _cross_out(self, painter: QPainter, box: QRect, *, is_frame: bool) -> None:
        area = self.place_of(box).intersected(QRectF(self.rect()))
        colours = current_colours()
        painter.setPen(QPen(QColor(colours.bad), 1.5, Qt.PenStyle.DashLine if is_frame else Qt.PenStyle.SolidLine))
        if is_frame:
            painter.drawRect(area)
            return
        area = area.adjusted(-1, -1, 1, 1)
        veil = QColor(colours.card)
        veil.setAlpha(_VEIL)
        painter.fillRect(area, veil)
        painter.drawLine(area.topLeft(), area.bottomRight())
        painter.drawLine(area.bottomLeft(), area.topRight())

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """The image, and what lights up and is crossed out on it."""
        super().paintEvent(event)
        if self.image is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_rows(painter)
            for part in self._left_out:
                self._cross_out(painter, part.box, is_frame=part.kind == "frame")
            for place in self._struck_out:
                self._cross_out(painter, self._rows[place].box, is_frame=False)
        if self.heat is None:
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
                self.heat.scaled(
                    size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
                ),
            )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which pixel the mouse is on."""
        super().mouseMoveEvent(event)
        place, scale = self.image_place(), self._scale()
        is_inside = scale > 0 and place.contains(event.position())
        self.pointed.emit((event.position() - place.topLeft()) / scale if is_inside else _NOWHERE)
        is_out = self._row_out_at(event.position()) != _NO_ROW or self._part_at(event.position()) is not None
        if is_out:
            self.setToolTip(self.tr("Not in the LaTeX; a click takes it in"))
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_out else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click takes in what is crossed out."""
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton or not self.rect().contains(event.position().toPoint()):
            return
        place, part = self._row_out_at(event.position()), self._part_at(event.position())
        if place != _NO_ROW:
            self.row_clicked.emit(place)
        elif part is not None:
            self.part_clicked.emit(part)

    def leaveEvent(self, event: QEvent) -> None:
        """It is on none."""
        super().leaveEvent(event)
        self.pointed.emit(_NOWHERE)
