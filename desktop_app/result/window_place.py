"""Where the result's window stands: where its user left it, but on a screen, and beside what was just snipped.

A desktop under Wayland places windows itself, and ignores all of this but the size.
"""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop_app.settings.settings import Settings

_USUAL_SIZE = QSize(760, 460)
_FRAME = 40  # the height of a title bar, where the window had none yet
_GAP = 12
_POINTER = 24  # half of the square round the pointer that stays free


class WindowPlace:
    """Puts one window where it belongs, and remembers where it was."""

    def __init__(self, window: QWidget, settings: Settings) -> None:
        self._window = window
        self._settings = settings
        self._has_been_placed = False
        remembered = _read(settings.result_place)
        window.resize(_within(remembered.size() if remembered is not None else _USUAL_SIZE, _screen_at(remembered)))

    def settle(self, region: QRect | None) -> None:
        """Choose a place for the window that is about to be shown.

        Args:
            region: What was snipped, in the desktop's units; None for what is on no screen.
        """
        remembered = _read(self._settings.result_place)
        if region is None and (self._window.isVisible() or remembered is None):
            return
        size = self._window.frameSize() if self._window.isVisible() else self._window.size() + QSize(0, _FRAME)
        place = QRect(self._window.pos(), size)
        if not self._has_been_placed and remembered is not None:
            place.moveTopLeft(remembered.topLeft())
        elif not self._has_been_placed and not self._window.isVisible() and region is not None:
            place.moveCenter(_available_at(region.center()).center())
        self._has_been_placed = True
        pointer = QRect(QCursor.pos() - QPoint(_POINTER, _POINTER), QSize(2 * _POINTER, 2 * _POINTER))
        avoided = [region, pointer] if region is not None else []
        self._window.move(free_place(place, avoided, _available_at(place.center())).topLeft())

    def remember(self) -> None:
        """Keep where the window is now."""
        place, size = self._window.pos(), self._window.size()
        written = f"{place.x()} {place.y()} {size.width()} {size.height()}"
        if written != self._settings.result_place:
            self._settings.result_place = written


def free_place(place: QRect, avoided: list[QRect], room: QRect) -> QRect:
    """The place nearest to one that covers nothing of what is to be seen, or as little as can be.

    Args:
        place: Where a window would stand.
        avoided: What it is not to cover.
        room: What there is of the screen.
    """
    lefts = [place.left(), room.left(), room.right() + 1 - place.width()]
    tops = [place.top(), room.top(), room.bottom() + 1 - place.height()]
    for one in avoided:
        lefts += [one.right() + 1 + _GAP, one.left() - _GAP - place.width()]
        tops += [one.bottom() + 1 + _GAP, one.top() - _GAP - place.height()]
    places = [_moved_into(QRect(QPoint(left, top), place.size()), room) for left in lefts for top in tops]
    return min(places, key=lambda one: (_covered(one, avoided), (one.topLeft() - place.topLeft()).manhattanLength()))


def _covered(place: QRect, avoided: list[QRect]) -> int:
    parts = [place.intersected(one) for one in avoided]
    return sum(part.width() * part.height() for part in parts if not part.isEmpty())


def _moved_into(place: QRect, room: QRect) -> QRect:
    left = max(min(place.left(), room.right() + 1 - place.width()), room.left())
    top = max(min(place.top(), room.bottom() + 1 - place.height()), room.top())
    return QRect(QPoint(left, top), place.size())


def _read(written: str) -> QRect | None:
    """The place in a settings' text; None where it is none, or on no screen any more."""
    parts = written.split()
    try:
        left, top, width, height = (int(one) for one in parts)
    except ValueError:
        return None
    place = QRect(left, top, width, height)
    seen = any(screen.availableGeometry().contains(place.center()) for screen in QGuiApplication.screens())
    return place if seen and not place.isEmpty() else None


def _screen_at(place: QRect | None) -> QSize:
    return _available_at(place.center() if place is not None else QCursor.pos()).size()


def _available_at(point: QPoint) -> QRect:
    screen = QGuiApplication.screenAt(point) or QGuiApplication.primaryScreen()
    return screen.availableGeometry()


def _within(size: QSize, room: QSize) -> QSize:
    return size.boundedTo(room * 0.95 - QSize(0, _FRAME))
