"""Every error leaves a trace, and no error of logging stops the program."""

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qInstallMessageHandler, qWarning

from desktop_app.system.log_file import start_logging


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    handlers, level = root.handlers[:], root.level
    yield
    qInstallMessageHandler(None)
    sys.excepthook, threading.excepthook = hooks
    for handler in set(root.handlers) - set(handlers):
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.qt_no_exception_capture
@pytest.mark.qt_log_level_fail("CRITICAL")
def test_uncaught_error_and_qt_warning_reach_the_file(tmp_path: Path) -> None:
    # An error in a slot is printed to a terminal that nobody sees.
    path = tmp_path / "deep" / "snaptex.log"
    start_logging(path)
    error = RuntimeError("the roof leaks")
    sys.excepthook(RuntimeError, error, error.__traceback__)
    qWarning("a warning of Qt")
    text = path.read_text(encoding="utf-8")
    assert "the roof leaks" in text
    assert "a warning of Qt" in text


def test_error_of_a_thread_reaches_the_file(tmp_path: Path) -> None:
    # The hotkey's listener is a thread of its own on some platforms.
    path = tmp_path / "snaptex.log"
    start_logging(path)

    def fail() -> None:
        raise RuntimeError("thread gone")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert "thread gone" in path.read_text(encoding="utf-8")


def test_program_runs_without_a_log_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # A full disk or a home that can't be written is no reason not to start.
    (tmp_path / "file").write_text("")
    start_logging(tmp_path / "file" / "snaptex.log")
    assert "There is no log file" in capsys.readouterr().err
