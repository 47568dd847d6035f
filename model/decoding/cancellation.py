"""Cancelling a reading from another thread: between any two runs of the network it looks whether its answer is wanted.

The one hard fact: no decoder knows of it. Each of their steps goes through the engine, which checks before it.
"""

from __future__ import annotations

from threading import Event


class RecognitionCancelledError(Exception):
    """Nobody wants the formula any more; the image was not read to its end."""


def stop_if_cancelled(cancellation: Event | None) -> None:
    """Go on only while the answer is wanted.

    Raises:
        RecognitionCancelledError: The event is set.
    """
    if cancellation is not None and cancellation.is_set():
        raise RecognitionCancelledError
