"""One request for an image of the screen to the desktop's portal, through QtDBus."""

import logging
from pathlib import Path

from PySide6.QtCore import SLOT, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusObjectPath, QDBusPendingCallWatcher
from PySide6.QtGui import QImage

from desktop_app.system.desktop_portal import (
    GRANTED,
    PORTAL_PATH,
    PORTAL_SERVICE,
    REQUEST_INTERFACE,
    new_token,
    request_path,
)

logger = logging.getLogger(__name__)

_INTERFACE = "org.freedesktop.portal.Screenshot"
_RESPONSE_SLOT = SLOT("receive(uint,QVariantMap)")  # a str, whatever the stubs of PySide say


class ScreenshotRequest(QObject):
    """Asks once; exactly one of its signals is emitted, unless it is withdrawn.

    It lives on until the portal answers, even after the time is over: the portal leaves its image in a file of the
    person's, and an image that comes late has to be deleted as well.

    Signals:
        granted(QImage): The image.
        refused: The user said no, or the desktop did.
        unanswered: Nothing came in time.
        unavailable(str): There is no such portal; the text is the bus's own.
    """

    granted = Signal(QImage)
    refused = Signal()
    unanswered = Signal()
    unavailable = Signal(str)

    def __init__(self, connection: QDBusConnection, *, is_interactive: bool, window: str, timeout_ms: int) -> None:
        """Ask.

        Args:
            connection: The session bus.
            is_interactive: Whether the portal shows its dialog.
            window: The portal's name of the window that asks, such as "x11:1a2b"; may be empty.
            timeout_ms: After which it counts as unanswered.
        """
        super().__init__()
        self._connection = connection
        self._is_waiting = True
        self._path = request_path(connection.baseService(), token := new_token())
        self._listen(self._path)
        self._timer = QTimer(self, singleShot=True, interval=timeout_ms)
        self._timer.timeout.connect(self._give_up)
        self._timer.start()
        message = QDBusMessage.createMethodCall(PORTAL_SERVICE, PORTAL_PATH, _INTERFACE, "Screenshot")
        message.setArguments([window, {"handle_token": token, "interactive": is_interactive, "modal": True}])
        self._call = QDBusPendingCallWatcher(connection.asyncCall(message), self)
        self._call.finished.connect(self._follow_call)

    def withdraw(self) -> None:
        """Wait no longer, and take the portal's dialog away."""
        if self._is_waiting:
            self._is_waiting = False
            self._timer.stop()
            close = QDBusMessage.createMethodCall(PORTAL_SERVICE, self._path, REQUEST_INTERFACE, "Close")
            self._connection.asyncCall(close)

    def _listen(self, path: str) -> None:
        self._connection.connect("", path, REQUEST_INTERFACE, "Response", self, _RESPONSE_SLOT)  # type: ignore[call-overload]

    def _give_up(self) -> None:
        if self._is_waiting:
            self.withdraw()
            self.unanswered.emit()

    @Slot(QDBusPendingCallWatcher)
    def _follow_call(self, call: QDBusPendingCallWatcher) -> None:
        if call.isError():
            self._end()
            if self._is_waiting:
                self._is_waiting = False
                self.unavailable.emit(call.error().message())
            return
        path = call.reply().arguments()[0]
        # Portals before 0.9 choose the path themselves.
        if isinstance(path, QDBusObjectPath) and path.path() != self._path:
            self._path = path.path()
            self._listen(self._path)

    @Slot("uint", "QVariantMap")
    def receive(self, response: int, results: dict[str, object]) -> None:
        """Take the portal's answer; Qt's bus calls this."""
        self._end()
        image = _taken(str(results.get("uri", ""))) if response == GRANTED else None
        if not self._is_waiting:
            logger.info("The portal's answer came too late.")
            return
        self._is_waiting = False
        if image is None:
            self.refused.emit()
        else:
            self.granted.emit(image)

    def _end(self) -> None:
        self._timer.stop()
        self._connection.disconnect("", self._path, REQUEST_INTERFACE, "Response", self, _RESPONSE_SLOT)  # type: ignore[call-overload]


def _taken(uri: str) -> QImage | None:
    """The image in the portal's file, which is deleted; None where there is no image."""
    path = Path(QUrl(uri).toLocalFile()) if QUrl(uri).isLocalFile() else None
    if path is None:
        logger.warning("The portal's answer has no file: %r", uri)
        return None
    image = QImage(str(path))
    try:
        path.unlink()
    except OSError as error:
        logger.warning("The portal's file %s can't be deleted: %s", path, error)
    if image.isNull():
        logger.warning("The portal's file %s was no image.", path)
        return None
    return image
