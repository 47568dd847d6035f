"""Work that would hold up the windows, on a thread of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEventLoop

_EVENTS_MS = 40
_GLANCE_SECONDS = 0.01

Result = TypeVar("Result")


def while_windows_live(work: Callable[[], Result]) -> Result:
    """Have something worked out on a thread, while the windows are painted but take no keys and clicks.

    Raises:
        Exception: What the work raises.
    """
    outcome: Future[Result] = Future()
    threading.Thread(target=_work_out, args=(work, outcome), daemon=True).start()
    while not outcome.done():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, _EVENTS_MS)
        wait([outcome], timeout=_GLANCE_SECONDS)
    return outcome.result()


def _work_out(work: Callable[[], Result], outcome: "Future[Result]") -> None:
    try:
        outcome.set_result(work())
    except BaseException as error:  # noqa: BLE001 - it is raised where the result is taken
        outcome.set_exception(error)
