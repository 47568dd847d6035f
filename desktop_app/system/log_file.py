"""The log: one rotating file where the platform keeps logs, with every uncaught error and every Qt warning in it."""

import logging
import os
import sys
import threading
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from desktop_app.system.private_files import make_private, make_private_folder

logger = logging.getLogger(__name__)

_MAX_BYTES = 1_000_000
_KEPT_FILES = 2
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_path() -> Path:
    """The file that a bug report should bring along."""
    return platformdirs.user_log_path("snaptex", appauthor=False) / "snaptex.log"


def start_logging(path: Path) -> None:
    """Send every log record to the file and warnings to the terminal; a file that can't be written is done without."""
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    handlers[0].setLevel(logging.WARNING)
    refusal = None
    try:
        make_private_folder(path.parent)
        make_private(*path.parent.glob(f"{path.name}*"))
        handlers.append(_PrivateFileHandler(path, maxBytes=_MAX_BYTES, backupCount=_KEPT_FILES, encoding="utf-8"))
    except OSError as error:
        refusal = error
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        handlers=handlers,
        force=True,
    )
    if refusal:
        logger.warning("There is no log file: %s", refusal)
    qInstallMessageHandler(_log_qt_message)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)


class _PrivateFileHandler(RotatingFileHandler):
    """Makes its files so that nobody else may read them."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return TextIOWrapper(os.fdopen(descriptor, "ab"), encoding=self.encoding, errors=self.errors)


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    logging.getLogger(f"qt.{context.category or 'default'}").log(_QT_LEVELS[kind], text)


def _log_uncaught(kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None) -> None:
    """An error in a Qt slot is logged and the program goes on: the user's next snip may well work."""
    if error is None or isinstance(error, KeyboardInterrupt):
        return
    logger.critical("An error that nothing caught.", exc_info=(kind, error, traceback))
