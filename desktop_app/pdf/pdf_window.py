"""The window of a PDF file: its pages one at a time, and a region of one, read as a snip is.

The region is drawn anew at a resolution that is good to read, whatever the zoom is.
"""

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QCursor, QGuiApplication, QKeySequence, QShortcut, QTransform
from PySide6.QtWidgets import QLabel, QPushButton, QSpinBox, QToolTip, QWidget

from desktop_app.pdf.page_area import PageArea
from desktop_app.pdf.page_view import PageView
from desktop_app.pdf.pdf_drawer import DrawnPage, PageRequest, PdfDrawer
from desktop_app.snips.snip import Snip
from desktop_app.widgets.icon_button import IconButton
from desktop_app.widgets.layouts import column_of, row_of, show_role, text_label

_USUAL_SIZE = QSize(900, 960)
_READ_DPI = 250  # the digits of ten-point text are then a little larger than the recogniser scales them to
_POINTS_PER_INCH = 72.0
_SCREEN_DPI = 96.0  # of a page at 100%
_ZOOMS = (0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_RESIZE_MS = 80


class PdfWindow(QWidget):
    """Shows one file that is open, once `show_file` has been called.

    Signals:
        region_selected(Snip): A region of a page, to be read.
        closed(Path): The user is done with the file.
    """

    region_selected = Signal(Snip)
    closed = Signal(Path)

    def __init__(self, path: Path, drawer: PdfDrawer) -> None:
        super().__init__()
        self._path = path
        self._drawer = drawer
        self._page_count = 0
        self._page = 0
        self._zoom = 0.0  # 0 for the width of the window
        self._size = QSizeF()  # of the page shown, in points
        self._comes_from_below = False  # its end is shown first
        self._asked = PageRequest(path, 0)
        self._region_asked = PageRequest(path, 0)
        self._region_place = QRect()
        self.view = PageView()
        self.area = PageArea(self.view)
        self.page_field = QSpinBox()
        self._count = text_label(role="remark")
        self.before = IconButton("previous", self.tr("The page before"))
        self.after = IconButton("next", self.tr("The next page"))
        self.smaller = IconButton("minus", self.tr("Smaller"))
        self.larger = IconButton("plus", self.tr("Larger"))
        self.zoom_label = text_label(role="remark")
        self.fit_button = QPushButton(self.tr("Fit the width"))
        self.remark = QLabel()
        self._resizing = QTimer(self, singleShot=True, interval=_RESIZE_MS)
        self.setWindowTitle(f"{path.name} – Snaptex")
        self.resize(_USUAL_SIZE.boundedTo(QGuiApplication.primaryScreen().availableSize() * 0.9))
        self._set_up_parts()
        self._lay_out()
        self._connect()
        self.area.setFocus()

    def show_file(self, page_count: int) -> None:
        """Show the file as it is now; it may have been written anew."""
        self._page_count = page_count
        self.page_field.setMaximum(page_count)
        self._count.setText(self.tr("of {count}").format(count=page_count))
        self.turn_to(min(self._page, page_count - 1))

    def turn_to(self, page: int, *, from_below: bool = False) -> None:
        """Show a page, by its number from 0."""
        self._page = page
        self._comes_from_below = from_below
        self.page_field.setValue(page + 1)
        self.before.setEnabled(page > 0)
        self.after.setEnabled(page < self._page_count - 1)
        self.view.setEnabled(False)  # it still shows the page before
        self.area.go_to_edge(is_end=from_below)
        self._say_hint()
        self._ask()

    def _set_up_parts(self) -> None:
        self.page_field.setAccessibleName(self.tr("Page"))
        self.page_field.setMinimum(1)
        self.page_field.setKeyboardTracking(False)
        self.fit_button.setCheckable(True)
        self.fit_button.setChecked(True)
        self.remark.setWordWrap(True)
        self.zoom_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.zoom_label.setMinimumWidth(self.zoom_label.fontMetrics().horizontalAdvance("8888%"))

    def _lay_out(self) -> None:
        turning = (self.before, self.page_field, self._count, self.after)
        zooming = (self.smaller, self.zoom_label, self.larger, self.fit_button)
        bar = row_of(*turning, None, *zooming, margins=(12, 8, 12, 0), spacing=6)
        foot = row_of((self.remark, 1), margins=(12, 0, 12, 8))
        column_of(bar, (self.area, 1), foot, on=self, margins=(0, 0, 0, 0), spacing=8)

    def _connect(self) -> None:
        self._drawer.drawn.connect(self._follow_drawer)
        self.before.clicked.connect(lambda: self._turn(-1))
        self.after.clicked.connect(lambda: self._turn(1))
        self.page_field.valueChanged.connect(self._follow_field)
        self.page_field.editingFinished.connect(self.area.setFocus)
        self.smaller.clicked.connect(lambda: self._step_zoom(-1))
        self.larger.clicked.connect(lambda: self._step_zoom(1))
        self.fit_button.clicked.connect(lambda: self._set_zoom(0.0))
        self.area.page_turned.connect(self._turn)
        self.area.zoom_stepped.connect(self._step_zoom)
        self.area.resized.connect(self._resizing.start)
        self._resizing.timeout.connect(self._follow_width)
        self.view.region_dragged.connect(self._choose)
        self.view.click_made.connect(self._say_too_small)
        for keys, act in (
            (QKeySequence.StandardKey.ZoomIn, lambda: self._step_zoom(1)),
            (QKeySequence("Ctrl+="), lambda: self._step_zoom(1)),
            (QKeySequence.StandardKey.ZoomOut, lambda: self._step_zoom(-1)),
            (QKeySequence("Ctrl+0"), lambda: self._set_zoom(0.0)),
            (QKeySequence("Ctrl+1"), lambda: self._set_zoom(1.0)),
            (QKeySequence(Qt.Key.Key_Home), lambda: self.turn_to(0)),
            (QKeySequence(Qt.Key.Key_End), lambda: self.turn_to(self._page_count - 1)),
            (QKeySequence(Qt.Key.Key_Escape), self._leave),
            (QKeySequence.StandardKey.Close, self.close),
        ):
            QShortcut(keys, self, act)

    def _turn(self, step: int) -> None:
        if 0 <= self._page + step < self._page_count:
            self.turn_to(self._page + step, from_below=step < 0 and not self.before.hasFocus())

    def _follow_field(self, number: int) -> None:
        if number - 1 != self._page:
            self.turn_to(number - 1)

    def _leave(self) -> None:
        """Esc gives up the region first, and closes the window when there is none."""
        if not self.view.forget_region():
            self.close()

    def _shown_zoom(self) -> float:
        """How large the page is, 1 for the size of its paper."""
        return self.view.width() / self._size.width() * _POINTS_PER_INCH / _SCREEN_DPI if self._size.width() else 1.0

    def _step_zoom(self, step: int) -> None:
        """The next larger or smaller zoom."""
        shown = self._shown_zoom()
        larger = [one for one in _ZOOMS if one > shown * 1.01]
        smaller = [one for one in _ZOOMS if one < shown * 0.99]
        self._set_zoom((larger or _ZOOMS[-1:])[0] if step > 0 else (smaller or _ZOOMS[:1])[-1])

    def _set_zoom(self, zoom: float) -> None:
        self._zoom = zoom
        self.fit_button.setChecked(not zoom)
        if not self._size.isEmpty():
            self.area.resize_page(self._size * self._units_per_point())
            self._show_zoom()
        self._ask()

    def _units_per_point(self) -> float:
        """Units of the window for each point of the page shown."""
        fitting = self.area.viewport().width() / self._size.width()
        return self._zoom * _SCREEN_DPI / _POINTS_PER_INCH if self._zoom else fitting

    def _follow_width(self) -> None:
        if not self._zoom:
            self._set_zoom(0.0)

    def _ask(self) -> None:
        """Have the page drawn as it is to be shown; what was asked before is not wanted any more."""
        self._asked.cancellation.set()
        ratio = self.devicePixelRatioF()
        scale = self._zoom * _SCREEN_DPI / _POINTS_PER_INCH * ratio
        width = round(self.area.viewport().width() * ratio)
        self._asked = PageRequest(self._path, self._page, scale, width)
        self._drawer.draw(self._asked)

    def _follow_drawer(self, drawn: DrawnPage) -> None:
        if drawn.request is self._asked:
            self._show_page(drawn)
        elif drawn.request is self._region_asked:
            self._give_region(drawn)

    def _show_page(self, drawn: DrawnPage) -> None:
        self.view.setEnabled(drawn.image is not None)
        if drawn.image is None:
            self.view.show_sentence(drawn.refusal)
            self._size = QSizeF()
            self.view.setFixedSize(self.area.viewport().size())
        else:
            self._size = drawn.size
            self.view.show_page(drawn.image, drawn.size * self._units_per_point())
        if self._comes_from_below:
            self.area.go_to_edge(is_end=True)
            self._comes_from_below = False
        self._show_zoom()

    def _show_zoom(self) -> None:
        self.zoom_label.setText(f"{self._shown_zoom():.0%}")

    def _choose(self, shares: QRectF) -> None:
        """Have a region drawn as it is to be read."""
        part = QTransform.fromScale(self._size.width(), self._size.height()).mapRect(shares)
        region = self.view.region.toAlignedRect()
        self._region_place = QRect(self.view.mapToGlobal(region.topLeft()), region.size())
        self._region_asked.cancellation.set()
        self._region_asked = PageRequest(self._path, self._page, _READ_DPI / _POINTS_PER_INCH, part=part)
        self._say_hint()
        self._drawer.draw(self._region_asked)

    def _give_region(self, drawn: DrawnPage) -> None:
        if drawn.image is None or drawn.request.part is None:
            show_role(self.remark, drawn.refusal, "bad")
            return
        pixels_per_point = drawn.image.width() / drawn.request.part.width()
        ratio = pixels_per_point * _POINTS_PER_INCH / _SCREEN_DPI  # it is shown in the size that it has on paper
        self.region_selected.emit(Snip(drawn.image, device_pixel_ratio=ratio, place=self._region_place))

    def _say_too_small(self) -> None:
        QToolTip.showText(QCursor.pos(), self.tr("Too small for a formula: drag a rectangle around it"), self.view)

    def _say_hint(self) -> None:
        show_role(self.remark, self.tr("Drag a rectangle around a formula"), "remark")

    # Qt overrides

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing is drawn for it any more."""
        super().closeEvent(event)
        self._asked.cancellation.set()
        self._region_asked.cancellation.set()
        self.closed.emit(self._path)
