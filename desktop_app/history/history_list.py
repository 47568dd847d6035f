"""The list of the history: a page of entries at a time, each with its image in small."""

import math
from datetime import datetime

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontDatabase, QPainter, QPalette, QPixmap, QPixmapCache
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.history.history import History, HistoryEntry
from desktop_app.widgets.appearance import current_colours, paint_icon
from desktop_app.widgets.trust_badge import level_colour, level_icon_name, level_title
from model.recognition.calibration import ConfidenceLevel

_PAGE = 100
_THUMBNAIL = QSize(132, 44)
_MARGIN = 8
_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class HistoryList(QAbstractListModel):
    """The entries that fit a search, the newest first."""

    def __init__(self, history: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self._entries: list[HistoryEntry] = []
        self._text = ""
        self._favourites_only = False
        self._has_more = False

    def search(self, text: str, *, favourites_only: bool) -> None:
        """Show the entries that fit, as they are now; as many as were shown before, so that the list stays in place."""
        is_same = (text, favourites_only) == (self._text, self._favourites_only)
        limit = max(_PAGE, len(self._entries)) if is_same else _PAGE
        self.beginResetModel()
        self._text, self._favourites_only = text, favourites_only
        self._entries = self._history.search(text, favourites_only=favourites_only, limit=limit)
        self._has_more = len(self._entries) == limit
        self.endResetModel()

    def entry(self, index: _Index) -> HistoryEntry:
        """The entry in a row."""
        return self._entries[index.row()]

    def row_of(self, entry_id: int) -> int:
        """Where an entry is; -1 where it is not shown."""
        return next((row for row, entry in enumerate(self._entries) if entry.entry_id == entry_id), -1)

    def replace(self, entry: HistoryEntry) -> None:
        """Show an entry as it is now, where it is."""
        row = self.row_of(entry.entry_id)
        if row >= 0:
            self._entries[row] = entry
            self.dataChanged.emit(self.index(row), self.index(row))

    def thumbnail(self, entry: HistoryEntry, *, device_pixel_ratio: float) -> QPixmap:
        """The image of an entry, in its own size or smaller."""
        key = f"{self._history.path}:{entry.entry_id}:{device_pixel_ratio}"
        pixmap = QPixmap()
        if QPixmapCache.find(key, pixmap):
            return pixmap
        image = self._history.image(entry.entry_id)
        if not image.isNull():
            room = _THUMBNAIL * device_pixel_ratio
            own = image.size() * (device_pixel_ratio / entry.device_pixel_ratio)
            size = own if own.width() <= room.width() and own.height() <= room.height() else None
            size = size or own.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            image = image.scaled(
                size.expandedTo(QSize(1, 1)),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(device_pixel_ratio)
        QPixmapCache.insert(key, pixmap)
        return pixmap

    # Qt overrides

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """How many entries are loaded."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a screen reader says of a row; the image is painted by HistoryRow."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.entry(index).latex
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            entry = self.entry(index)
            mark = "" if entry.trust is None else f"{level_title(entry.trust)}  ·  "
            return mark + remark_of(entry)
        return None

    def canFetchMore(self, parent: _Index) -> bool:
        """Whether there are older entries."""
        return self._has_more

    def fetchMore(self, parent: _Index) -> None:
        """Load the next page; the view asks when its end is seen."""
        if not self._entries:
            return
        page = self._history.search(
            self._text, favourites_only=self._favourites_only, limit=_PAGE, before=self._entries[-1].entry_id
        )
        self._has_more = len(page) == _PAGE
        if page:
            self.beginInsertRows(QModelIndex(), len(self._entries), len(self._entries) + len(page) - 1)
            self._entries += page
            self.endInsertRows()


class HistoryRow(QStyledItemDelegate):
    """Paints one entry: its image, its LaTeX on one line, and when and how surely it was read."""

    def __init__(self, entries: HistoryList, parent: QObject) -> None:
        super().__init__(parent)
        self._entries = entries

    # Qt overrides

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Every row has the same height."""
        return QSize(320, _THUMBNAIL.height() + 2 * _MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the row."""
        entry = self._entries.entry(index)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        palette: QPalette = option.palette
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        colours = current_colours()
        painter.save()
        if is_selected:
            painter.fillRect(area, palette.highlight())
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(colours.window))
        inner = area.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        frame = QRectF(inner.topLeft(), _THUMBNAIL)
        pixmap = self._entries.thumbnail(entry, device_pixel_ratio=painter.device().devicePixelRatioF())
        size = pixmap.deviceIndependentSize()
        corner = frame.center() - QPointF(size.width() / 2, size.height() / 2)
        painter.drawPixmap(QPointF(corner.toPoint()), pixmap)

        text = inner.adjusted(_THUMBNAIL.width() + 12, 2, 0, -2)
        painter.setPen(palette.highlightedText().color() if is_selected else QColor(colours.text))
        painter.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        line = " ".join(entry.latex.split()) or self.tr("(no formula)")
        line = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, line)
        if not is_selected:
            painter.setPen(QColor(colours.muted))
        painter.setFont(option.font)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        if entry.trust is not None:
            text = self._paint_mark(painter, text, entry.trust, is_selected=is_selected)
        remark = painter.fontMetrics().elidedText(remark_of(entry), Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, flags, remark)
        painter.restore()

    def _paint_mark(self, painter: QPainter, text: QRect, mark: ConfidenceLevel, *, is_selected: bool) -> QRect:
        """Paint shape and word at the foot of a row; returns the room beside them."""
        before = painter.pen()
        colour = before.color().name() if is_selected else level_colour(mark, current_colours())
        height = painter.fontMetrics().height()
        shape = QRect(text.left(), text.bottom() - height + 1, height, height)
        paint_icon(painter, level_icon_name(mark), colour, QRectF(shape).adjusted(1, 1, -1, -1))
        word = text.adjusted(height + 4, 0, 0, 0)
        painter.setPen(QColor(colour))
        painter.drawText(word, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, level_title(mark))
        painter.setPen(before)
        return word.adjusted(painter.fontMetrics().horizontalAdvance(level_title(mark) + "   "), 0, 0, 0)


def remark_of(entry: HistoryEntry, *, now: datetime | None = None) -> str:
    """When and how surely an entry was read, and whether it is a favourite."""
    now = now or datetime.now().astimezone()
    when = datetime.fromtimestamp(entry.time).astimezone()
    age = (now.date() - when.date()).days
    days = {
        0: QCoreApplication.translate("HistoryRow", "Today"),
        1: QCoreApplication.translate("HistoryRow", "Yesterday"),
    }
    day = days.get(age, when.strftime("%Y-%m-%d"))
    parts = [f"{day} {when:%H:%M}"]
    if not math.isnan(entry.confidence):
        parts.append(f"{entry.confidence:.0%}")
    if entry.number:
        parts.append(f"({entry.number})")
    if entry.is_favourite:
        parts.append("★")
    return "  ·  ".join(parts)
