"""What must not happen while Qt delivers an event."""

from PySide6.QtCore import QObject, QTimer


def keep_alive_until_idle(*objects: QObject | None) -> None:
    """Keep objects alive until the event that is being delivered is dealt with.

    Qt goes on with the window that it delivers an event to when the handler returns; a window that Python has let go
    of meanwhile is gone by then.
    """
    QTimer.singleShot(0, lambda: objects)
