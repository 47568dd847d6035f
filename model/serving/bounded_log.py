"""Keeps what strangers can make the service log to a rate: they need no token for it."""

from __future__ import annotations

import logging
import threading
from time import monotonic

RECORDS_A_MINUTE = 30

# Whoever reaches the port can fill these: with requests that are no HTTP, connections that break off, and the like.
_LOGGERS = (
    "asyncio",
    "uvicorn.error",
    "model.serving.guard",
    "model.serving.recognition_handler",
    "model.formats.helper_pool",
)


class BoundedLog(logging.Filter):
    """Lets so many records a minute pass, and says in the next minute how many were left out."""

    def __init__(self) -> None:
        super().__init__()
        self._counting = threading.Lock()
        self._minute = -1.0
        self._records = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Count a record."""
        with self._counting:
            minute = monotonic() // 60
            if minute != self._minute:
                left_out = max(self._records - RECORDS_A_MINUTE, 0)
                self._minute, self._records = minute, 0
                if left_out:
                    record.msg = f"{record.getMessage()} ({left_out} further records were left out before.)"
                    record.args = None
            self._records += 1
            return self._records <= RECORDS_A_MINUTE


def bound_logs() -> None:
    """Set the bounds, once."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, BoundedLog) for one in logger.filters):
            logger.addFilter(BoundedLog())
