"""One program for each user and desktop: a second launch asks the running one to snip and ends.

This is also the way to a hotkey where the desktop has no global ones: a system shortcut that runs `snaptex snip`.
"""

import getpass
import hashlib
import logging
import os
import socket as socketlib
import stat
import struct
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QAbstractSocket, QLocalServer, QLocalSocket

from desktop_app.system.private_files import make_private_folder

logger = logging.getLogger(__name__)

_SNIP = b"snip\n"
_REPEAT = b"repeat\n"
_ANSWER = b"ok\n"
_CONNECT_MS = 1000
# A program that runs and has much to do answers late; one taken for dead would have a second beside it, deaf from then.
_ANSWER_MS = 20_000
_LONGEST_PATH = 100  # Bytes: the system's limit for sockets is 104 to 108, and Qt needs one of them.
_CREDENTIALS = struct.Struct("3i")  # process, user and group of the other end, as Linux tells them


def instance_name() -> str:
    """A name that the same user's programs on the same desktop share, and nobody else's can take.

    On Windows that of a pipe; elsewhere the path of a socket in a folder that others may not even look into: in the
    temporary folder of all users another could have taken it before.
    """
    desktop = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY", "")
    name = "snaptex-" + hashlib.sha256(f"{getpass.getuser()}@{desktop}".encode()).hexdigest()[:16]
    if sys.platform == "win32":
        return name
    path = ""
    for folder in _private_folders():
        path = str(folder / name)
        if len(os.fsencode(path)) <= _LONGEST_PATH:
            break
    return path or str(_data_folder() / name)  # which may not be there; listening then says so


def _private_folders() -> Iterator[Path]:
    """Yield folders that are the user's alone, the best first; those that are not asked for are not made.

    They are the user's runtime folder, that of the program's data, and one in the temporary folder, for homes whose
    paths are too long for a socket.
    """
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    if _is_private(runtime):
        yield runtime
    for find in (_data_folder, lambda: Path(tempfile.gettempdir()) / f"snaptex-{getpass.getuser()}"):
        with suppress(OSError):
            make_private_folder(folder := find())
            if _is_private(folder):
                yield folder


def _data_folder() -> Path:
    return platformdirs.user_data_path("snaptex", appauthor=False)


def _is_private(folder: Path) -> bool:
    """Whether a folder is the user's own, no link to another's, and closed to all others."""
    if not folder.is_absolute() or sys.platform == "win32":
        return False
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077


def ask_running_to_snip(name: str, *, repeats: bool = False) -> bool:
    """Ask the running program, if there is one, to snip, or to snip the last region again; says whether it answered."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_CONNECT_MS):
        return False
    if not _is_own(socket):
        logger.warning("Another user of this computer listens at %s.", name)
        return False
    socket.write(_REPEAT if repeats else _SNIP)
    socket.flush()
    answered = socket.waitForReadyRead(_ANSWER_MS) and socket.readAll().data() == _ANSWER
    socket.disconnectFromServer()
    return answered


def _is_own(socket: QLocalSocket) -> bool:
    """Whether a program of the same user is at the other end, where the system tells."""
    if sys.platform != "linux":
        return True
    try:
        with socketlib.socket(fileno=os.dup(int(socket.socketDescriptor()))) as peer:
            credentials = peer.getsockopt(socketlib.SOL_SOCKET, socketlib.SO_PEERCRED, _CREDENTIALS.size)
    except OSError:
        return False
    _, user, _ = _CREDENTIALS.unpack(credentials)
    return bool(user == os.getuid())


class SingleInstance(QObject):
    """The running program's ear.

    Signals:
        snip_requested: Another launch asked for a snip.
        repeat_requested: Another launch asked for the last region again.

    Attributes:
        problem: Why no other launch can reach this one, in one sentence; empty where they can.
    """

    snip_requested = Signal()
    repeat_requested = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.problem = ""
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
            self.problem = self.tr(
                "Another start of Snaptex will not find this one, and `snaptex snip` will not either."
            )

    def close(self) -> None:
        """Answer no more."""
        self._server.close()
        self._connections.clear()

    def _accept(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            # Ours from here on: a socket that its server deletes may take its Python half with it.
            socket.setParent(None)
            if not _is_own(socket):
                logger.warning("Another user of this computer was refused.")
                socket.abort()
                continue
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
