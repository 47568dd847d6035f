"""Lets ONNX Runtime's own providers for graphics cards encode images: DirectML on Windows, CoreML on macOS.

The one hard fact: whether that is faster depends on the card and its driver, so it is tried when the recogniser is
loaded, and what comes out must be what the processor computes. Only the encoder can gain: the decoder's steps are
integers, and too small to be sent anywhere.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from time import perf_counter
from typing import Any, Protocol

import numpy as np

logger = logging.getLogger(__name__)

_NAMES = {"DmlExecutionProvider": "DirectML", "CoreMLExecutionProvider": "CoreML"}

_IMAGE = (1, 1, 72, 400)  # about a formula of one line
_RUNS = 3

_TOLERANCE = 0.02
"""Of the largest number that the processor computes; float16 keeps well below it."""


class Session(Protocol):
    """What is asked of `onnxruntime.InferenceSession`."""

    def run(self, names: Sequence[str] | None, inputs: dict[str, Any], options: Any = None) -> list[np.ndarray]:
        """Run the graph and return the outputs named, or all."""
        ...


class OneAtATime:
    """A session that several threads may use: DirectML's takes one run at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._running = threading.Lock()

    def run(self, names: Sequence[str] | None, inputs: dict[str, Any], _options: Any = None) -> list[np.ndarray]:
        """Run the graph without the options, which are of the processor's memory."""
        with self._running:
            return self._session.run(names, inputs)


def may_have_a_card(available: Collection[str]) -> bool:
    """Say whether one of the providers may find a graphics card."""
    return any(one in available for one in _NAMES)


def encoder_session(
    on_processor: Session,
    make: Callable[[str], Session],
    available: Collection[str],
    *,
    seconds: Callable[[Session, dict[str, Any]], float] | None = None,
) -> tuple[Session, str]:
    """Return the session that encodes images, and the name of what it runs on, or nothing for the processor.

    Args:
        on_processor: The encoder's session there.
        make: Makes the session of a provider; it may raise whatever the driver does.
        available: The providers of the installed ONNX Runtime.
        seconds: Times a session; the quickest of a few runs by default.
    """
    time = seconds or _seconds
    inputs = {"image": (np.random.default_rng(0).random(_IMAGE) < 0.2).astype(np.float32)}
    for provider in (one for one in _NAMES if one in available):
        try:
            session = OneAtATime(make(provider))
            if not _agree(session.run(None, inputs), on_processor.run(None, inputs)):
                logger.warning("%s computes something else than the processor, which is used.", _NAMES[provider])
            elif time(session, inputs) < time(on_processor, inputs):
                return session, _NAMES[provider]
        except Exception:  # a provider may be there without a card, or with a driver that fails
            logger.warning("%s cannot be used; the processor is.", _NAMES[provider], exc_info=True)
    return on_processor, ""


def _agree(outputs: Sequence[np.ndarray], expected: Sequence[np.ndarray]) -> bool:
    return all(
        one.shape == other.shape and float(np.abs(one - other).max()) <= _TOLERANCE * float(np.abs(other).max())
        for one, other in zip(outputs, expected, strict=True)
    )


def _seconds(session: Session, inputs: dict[str, Any]) -> float:
    taken = []
    for _ in range(_RUNS):
        started = perf_counter()
        session.run(None, inputs)
        taken.append(perf_counter() - started)
    return min(taken)
