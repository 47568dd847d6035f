"""One frozen, dimmed screen on which a rectangle is dragged.

It shows the image that the crop is made from, so what is seen is what is cut, whatever moves underneath meanwhile.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QCursor,
    QEnterEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from desktop_app.capture.region import Pixel, Region, nearest_pixel, pixel_under, region_between
from desktop_app.capture.region_adjustment import Handle, handle_at, handle_point, moved, pulled
from desktop_app.capture.region_painting import RegionPainting
from desktop_app.capture.screen_capture import ScreenCapture

# A click moves the mouse by a pixel or two; no formula is smaller than this.
_SMALLEST_REGION = 4
_HANDLE_REACH = 9.0  # units of the window
_FAR_NUDGE = 10  # pixels, with Ctrl
_REMARK_MS = 2500

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_CURSORS = {
    Handle.TOP_LEFT: Qt.CursorShape.SizeFDiagCursor,
    Handle.BOTTOM_RIGHT: Qt.CursorShape.SizeFDiagCursor,
    Handle.TOP_RIGHT: Qt.CursorShape.SizeBDiagCursor,
    Handle.BOTTOM_LEFT: Qt.CursorShape.SizeBDiagCursor,
    Handle.TOP: Qt.CursorShape.SizeVerCursor,
    Handle.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Handle.LEFT: Qt.CursorShape.SizeHorCursor,
    Handle.RIGHT: Qt.CursorShape.SizeHorCursor,
    Handle.INSIDE: Qt.CursorShape.SizeAllCursor,
}


@dataclass(frozen=True)
class _Grip:
    """A handle that is being pulled: which, from where, and the region as it was then."""

    handle: Handle
    since: Pixel
    region: Region


class RegionOverlay(QWidget):
    """The overlay of one screen.

    It is in one of three states: nothing is chosen yet; a drag is under way, from its anchor to the pointer; or a
    region was let go with Shift and is adjusted until Enter accepts it.

    Signals:
        region_selected(Region): A region was chosen.
        begun: A drag has begun here, so any selection on another screen is over.
        entered: The pointer came to this screen.
        cancelled: Esc or the right button.
    """

    region_selected = Signal(object)
    begun = Signal()
    entered = Signal()
    cancelled = Signal()

    def __init__(self, capture: ScreenCapture) -> None:
        super().__init__()
        self.capture = capture
        self._mouse: QPointF | None = None
        self._nudge = (0, 0)  # how far the arrow keys have moved the crosshair away from the mouse, in pixels
        self._anchor: Pixel | None = None
        self._adjusted: Region | None = None
        self._grip: _Grip | None = None
        self._nudged: Handle | None = None  # what the arrow keys moved last
        self._has_keys = False
        self._remark = ""  # at the pointer, for a moment
        self._remark_timer = QTimer(self, singleShot=True, interval=_REMARK_MS)
        self._remark_timer.timeout.connect(lambda: self._say(""))
        self._painting = RegionPainting(capture)
        self.setWindowFlags(_window_flags())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMouseTracking(True)
        self.setWindowTitle(self.tr("Snaptex: choose a region"))
        screen = QGuiApplication.screenAt(capture.geometry.center())
        if screen is not None:
            self.setScreen(screen)  # at its scale from the first
        self.setGeometry(capture.geometry)
        if self.geometry().contains(QCursor.pos()):
            self._mouse = QPointF(QCursor.pos() - self.pos())

    @property
    def region(self) -> Region | None:
        """The region chosen so far, in device pixels of the image."""
        if self._adjusted is not None:
            return self._adjusted
        if self._anchor is None or self._pointer is None:
            return None
        return region_between(self._anchor, self._pointer)

    @property
    def is_adjusted(self) -> bool:
        """Whether the region waits for Enter."""
        return self._adjusted is not None

    def take_keys(self) -> None:
        """Have the keys come here although the focus stays in the other program."""
        if QGuiApplication.platformName() == "wayland":
            self.activateWindow()
            return
        self.grabKeyboard()
        # An open menu of another program has the keyboard until it is closed; then the next movement gets it.
        self._has_keys = self.windowHandle().setKeyboardGrabEnabled(True)

    def forget_region(self) -> None:
        """Begin anew."""
        self._anchor = self._adjusted = self._grip = None
        self._nudge = (0, 0)
        self._follow_pointer()

    @property
    def _size(self) -> tuple[int, int]:
        return self.capture.image.width(), self.capture.image.height()

    @property
    def _pointer(self) -> Pixel | None:
        """The pixel under the crosshair."""
        if self._mouse is None:
            return None
        under = pixel_under((self._mouse.x(), self._mouse.y()), scale=self.capture.scale, image_size=self._size)
        return nearest_pixel((under[0] + self._nudge[0], under[1] + self._nudge[1]), self._size)

    def _handle_under_mouse(self) -> Handle | None:
        if self._adjusted is None or self._mouse is None:
            return None
        across, down = self.capture.scale
        place = self._mouse.x() * across, self._mouse.y() * down
        return handle_at(place, self._adjusted, reach=_HANDLE_REACH * across)

    def _begin(self) -> None:
        self._adjusted = None
        self._say("")
        self._anchor = self._pointer
        self.begun.emit()

    def _finish(self, *, is_adjusted: bool) -> None:
        """End a drag; one that was no more than a click leaves everything as it was, and says so."""
        region = self.region
        self._anchor = None
        if region is None or min(region.width, region.height) < _SMALLEST_REGION:
            self._adjusted = None
            self._say(self.tr("Too small for a formula: drag a rectangle around it"))
        elif is_adjusted:
            self._adjusted = region
        else:
            self._accept(region)
            return
        self._nudge = (0, 0)
        self._follow_pointer()

    def _accept(self, region: Region) -> None:
        if min(region.width, region.height) >= _SMALLEST_REGION:
            self.region_selected.emit(region)

    def _say(self, remark: str) -> None:
        self._remark = remark
        if remark:
            self._remark_timer.start()
        self.update()

    @property
    def _crossed(self) -> tuple[int, int]:
        """Over which edges of this screen the mouse has dragged: -1 left or top, 1 right or bottom, 0 over none."""
        if self._anchor is None or self._mouse is None:
            return 0, 0
        place, size = self._mouse, self.size()
        across = (place.x() >= size.width()) - (place.x() < 0)
        down = (place.y() >= size.height()) - (place.y() < 0)
        return across, down

    def _press_enter(self) -> None:
        """Accept what is chosen; without a drag begin one, so that the keyboard alone is enough."""
        if self._adjusted is not None:
            self._accept(self._adjusted)
        elif self._anchor is not None:
            self._finish(is_adjusted=False)
        else:
            self._mouse = self._mouse or QPointF(self.rect().center())
            self._begin()

    def _press_arrow(self, step: Pixel, modifiers: Qt.KeyboardModifier) -> None:
        far = _FAR_NUDGE if modifiers & Qt.KeyboardModifier.ControlModifier else 1
        by = step[0] * far, step[1] * far
        if self._adjusted is None:
            self._nudge_pointer(by)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._nudged = Handle.BOTTOM_RIGHT
            self._adjusted = pulled(self._adjusted, self._nudged, by, self._size)
        else:
            self._nudged = Handle.TOP_LEFT
            self._adjusted = moved(self._adjusted, by, self._size)

    def _nudge_pointer(self, by: Pixel) -> None:
        self._mouse = self._mouse or QPointF(self.rect().center())
        before = self._pointer
        if before is None:
            return
        wanted = nearest_pixel((before[0] + by[0], before[1] + by[1]), self._size)
        self._nudge = self._nudge[0] + wanted[0] - before[0], self._nudge[1] + wanted[1] - before[1]

    def _follow_pointer(self) -> None:
        """The shape of the cursor says what pressing the button does; beside a nudged crosshair there is none."""
        handle = self._grip.handle if self._grip is not None else self._handle_under_mouse()
        if handle is not None:
            self.setCursor(_CURSORS[handle])
        elif self._nudge != (0, 0):
            self.setCursor(Qt.CursorShape.BlankCursor)
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)
        self.update()

    def _hint(self) -> str:
        if self._adjusted is not None:
            return self.tr("Drag the handles, or use the arrow keys  ·  Enter accepts  ·  Esc cancels")
        if self._crossed != (0, 0):
            return self.tr("A region ends at the edge of its screen")
        if self._anchor is not None:
            return self.tr("Hold Shift to correct the rectangle before it is read  ·  Esc cancels")
        return self.tr("Drag a rectangle around a formula  ·  Arrow keys move by a pixel  ·  Esc cancels")

    def _magnified(self) -> Pixel | None:
        """The pixel that the magnifier is over: a region's own corner while it is pulled or nudged."""
        if self._adjusted is None:
            return self._pointer
        handle = self._grip.handle if self._grip is not None else self._nudged
        if handle is None:
            return None
        left, top = handle_point(self._adjusted, handle)
        across, down = handle.value
        return nearest_pixel((int(left) - (across > 0), int(top) - (down > 0)), self._size)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dimmed image; on it the region as it is, the crosshair, the magnifier and the labels."""
        with QPainter(self) as painter:
            self._painting.paint(
                painter,
                self.rect(),
                region=self.region,
                magnified=self._magnified(),
                has_handles=self._adjusted is not None,
                crossed=self._crossed,
                remark=self._remark,
                hint=self._hint() if self._mouse is not None or self._adjusted is not None else "",
            )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The left button begins a drag or pulls a handle, the right one cancels."""
        if event.button() == Qt.MouseButton.RightButton:
            self.cancelled.emit()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._mouse = event.position()
            handle = self._handle_under_mouse()
            if self._adjusted is not None and handle is not None and self._pointer is not None:
                self._grip = _Grip(handle, self._pointer, self._adjusted)
            elif self._anchor is None:  # else the keyboard has begun, and the button ends it
                self._begin()
            self._follow_pointer()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        self._mouse = event.position()
        self._nudged = None
        if not self._has_keys and self.keyboardGrabber() is self:
            self.take_keys()
        if self._grip is not None and self._pointer is not None:
            by = self._pointer[0] - self._grip.since[0], self._pointer[1] - self._grip.since[1]
            self._adjusted = pulled(self._grip.region, self._grip.handle, by, self._size)
        self._follow_pointer()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a drag: the region is chosen, or with Shift stays to be adjusted."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._mouse = event.position()
        if self._grip is not None:
            self._grip = None
            self._follow_pointer()
        elif self._anchor is not None:
            self._finish(is_adjusted=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Accept, as Enter does."""
        if event.button() == Qt.MouseButton.LeftButton and self._handle_under_mouse() is not None:
            self._grip = None
            self._press_enter()
        else:
            self.mousePressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The keys follow the pointer from screen to screen."""
        self._mouse = event.position()
        self.entered.emit()
        self._follow_pointer()

    def leaveEvent(self, event: object) -> None:
        """The crosshair is on the screen that has the pointer, and on no other."""
        if self._anchor is None and self._grip is None:
            self._mouse = None
            self._nudge = (0, 0)
            self.update()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The desktop closed it, by Alt+F4 say: nothing is chosen."""
        super().closeEvent(event)
        if event.spontaneous():
            self.cancelled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels, Enter accepts, the arrow keys move what is in hand."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press_enter()
            self.update()
        elif key in _ARROWS:
            self._press_arrow(_ARROWS[key], event.modifiers())
            self._follow_pointer()


def _window_flags() -> Qt.WindowType:
    flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
    platform = QGuiApplication.platformName()
    if platform == "wayland":
        return flags  # the desktop places it: a full-screen window, asked for when it is shown
    if platform == "xcb":
        # Unmanaged, so that a tiling window manager doesn't tile it and the focus stays where the user works.
        flags |= Qt.WindowType.BypassWindowManagerHint
    return flags | Qt.WindowType.Tool
