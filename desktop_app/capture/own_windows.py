"""Our own windows while a region is chosen: out of the image, and afterwards as they were."""

import logging
import weakref
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from shiboken6 import isValid

logger = logging.getLogger(__name__)

# What a menu, a drop-down or a tip is; it belongs to what the user was about to do, and is closed for good.
_PASSING = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)


class OwnWindows:
    """Hides every window of the program and shows it again, dialogs with all that was typed into them.

    A dialog must have been opened with open() or show(): exec() takes the hiding for an answer.
    """

    def __init__(self) -> None:
        self._left: weakref.WeakSet[QWidget] = weakref.WeakSet()
        self._hidden: list[QWidget] = []
        self._active: QWidget | None = None

    def leave_in_images(self, window: QWidget) -> None:
        """Never hide this one: it shows what is to be snipped."""
        self._left.add(window)

    def hide(self) -> bool:
        """Hide what is open; says whether there was anything, which takes a moment to be gone from the screen."""
        has_passing = _close_passing()
        windows = [one for one in QApplication.topLevelWidgets() if _is_in_the_way(one) and one not in self._left]
        windows.sort(key=_depth)  # a dialog is shown again after the window that it belongs to
        self._active = _with_keys(windows)
        self._hidden = windows
        for window in reversed(windows):
            window.hide()
        return has_passing or bool(windows)

    def are_gone(self) -> bool:
        """Whether the frames of what was hidden are off the screen, too; a busy window manager takes them away late."""
        return not any(_has_frame_left(window) for window in self._hidden)

    def show_again(self) -> None:
        """Show what was hidden, and give the keys back to the window of ours that had them."""
        hidden, self._hidden = self._hidden, []
        active, self._active = self._active, None
        alive = [one for one in hidden if isValid(one)]  # others may have been closed by their program part meanwhile
        for window in alive:
            _show_again(window)
        if active is not None and active in alive:
            active.raise_()
            active.activateWindow()


def _with_keys(windows: Sequence[QWidget]) -> QWidget | None:
    """The one of these that has the keys.

    Under X11 the server is asked: Qt tells of a focus that went to another program only some tenths of a second later,
    and a hotkey may come before.
    """
    if QGuiApplication.platformName() != "xcb":
        active = QApplication.activeWindow()
        return active if active in windows else None
    from Xlib.display import Display
    from Xlib.error import DisplayError

    try:
        display = Display()
    except (DisplayError, OSError):
        logger.warning("The X server did not say which window has the focus.", exc_info=True)
        return None
    focus = display.get_input_focus().focus  # a window, or a number where none has it
    display.close()
    return next((one for one in windows if int(one.winId()) == getattr(focus, "id", focus)), None)


def _has_frame_left(window: QWidget) -> bool:
    if QGuiApplication.platformName() != "xcb" or not isValid(window):
        return False
    from Xlib import X
    from Xlib.display import Display
    from Xlib.error import DisplayError, XError

    try:
        display = Display()
    except (DisplayError, OSError):
        return False
    try:
        own = outer = display.create_resource_object("window", int(window.winId()))
        while (parent := outer.query_tree().parent) not in (X.NONE, display.screen().root):
            outer = parent
        return bool(outer != own and outer.get_attributes().map_state == X.IsViewable)
    except XError:  # the window manager has just destroyed it
        return False
    finally:
        display.close()


def _close_passing() -> bool:
    """Close menus and drop-downs, which would keep every key and the mouse from the overlay; says if there were any."""
    QToolTip.hideText()
    is_any = False
    while (popup := QApplication.activePopupWidget()) is not None and popup.isVisible():
        is_any = True
        popup.close()
    return is_any


def _is_in_the_way(window: QWidget) -> bool:
    return window.isVisible() and not window.isMinimized() and window.windowType() not in _PASSING


def _depth(window: QWidget) -> int:
    """How many windows a window belongs to."""
    parent = window.parentWidget()
    return 0 if parent is None else 1 + _depth(parent.window())


def _show_again(window: QWidget) -> None:
    """Show a window where it was, and leave the focus with the program that the user works in."""
    place = window.pos()
    native = window.windowHandle()
    # WORKAROUND: Qt reads WA_ShowWithoutActivating only once, when it makes the native window.
    was_quiet = native.property("_q_showWithoutActivating")
    native.setProperty("_q_showWithoutActivating", True)
    window.move(place)  # without this some window managers choose a new place
    window.show()
    native.setProperty("_q_showWithoutActivating", was_quiet)
