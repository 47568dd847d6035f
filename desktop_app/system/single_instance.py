"""One program for each user and desktop: a second launch asks the running one to snip and ends.

This is also the way to a hotkey where the desktop has no global ones: a system shortcut that runs `snaptex snip`.
"""

import getpass
import hashlib
import logging
import os

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QAbstractSocket, QLocalServer, QLocalSocket

logger = logging.getLogger(__name__)

_SNIP = b"snip\n"
_REPEAT = b"repeat\n"
_ANSWER = b"ok\n"
_TIMEOUT_MS = 1000


def instance_name() -> str:
    """A name that the same person's programs on the same desktop share, and nobody else's do."""
    desktop = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY", "")
    return "snaptex-" + hashlib.sha256(f"{getpass.getuser()}@{desktop}".encode()).hexdigest()[:16]


def ask_running_to_snip(name: str, *, repeats: bool = False) -> bool:
    """Ask the running program, if there is one, to snip, or to snip the last region again; says whether it answered."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_TIMEOUT_MS):
        return False
    socket.write(_REPEAT if repeats else _SNIP)
    socket.flush()
    answered = socket.waitForReadyRead(_TIMEOUT_MS) and socket.readAll().data() == _ANSWER
    socket.disconnectFromServer()
    return answered


class SingleInstance(QObject):
    """The running program's ear.

    Signals:
        snip_requested: Another launch asked for a snip.
        repeat_requested: Another launch asked for the last region again.
    """

    snip_requested = Signal()
    repeat_requested = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._connections: list[QLocalSocket] = []
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)
        if self._server.listen(name):
            return
        if self._server.serverError() == QAbstractSocket.SocketError.AddressInUseError:
            # Nobody answered there, or we would not have come this far: a program that was killed left it behind.
            QLocalServer.removeServer(name)
        if not self._server.listen(name):
            logger.error("Other launches can't reach this one: %s", self._server.errorString())

    def close(self) -> None:
        """Answer no more."""
        self._server.close()
        self._connections.clear()

    def _accept(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            # Ours from here on: a socket that its server deletes may take its Python half with it.
            socket.setParent(None)
            self._connections = [one for one in self._connections if one.isOpen()]
            self._connections.append(socket)
            socket.readyRead.connect(self._read_all)
        self._read_all()  # what came before the line above

    def _read_all(self) -> None:
        for socket in self._connections:
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            return
        message = socket.readLine().data()
        if message not in (_SNIP, _REPEAT):
            logger.warning("A message that means nothing: %r", message[:80])
            return
        socket.write(_ANSWER)
        socket.flush()
        (self.repeat_requested if message == _REPEAT else self.snip_requested).emit()
