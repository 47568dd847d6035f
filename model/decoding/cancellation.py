"""Cancelling a reading from another thread: between any two runs of the network it looks whether its answer is wanted.

The one hard fact: no decoder knows of it. Each of their steps goes through the engine, and so does this.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the windows know the error, and nothing of networks
    from model.engines.interface import DecoderState, Encoded, Engine, FloatArray, IntArray, StepOutput


class RecognitionCancelledError(Exception):
    """Nobody wants the formula any more; the image was not read to its end."""


def stop_if_cancelled(cancellation: Event | None) -> None:
    """Go on only while the answer is wanted.

    Raises:
        RecognitionCancelledError: The event is set.
    """
    if cancellation is not None and cancellation.is_set():
        raise RecognitionCancelledError


class CancellableEngine:
    """An engine that runs its network only until an event is set; then each call raises RecognitionCancelledError."""

    def __init__(self, engine: Engine, cancellation: Event) -> None:
        self._engine = engine
        self._cancellation = cancellation
        self.name, self.device = engine.name, engine.device
        self.reads_side_by_side = engine.reads_side_by_side
        self.has_drafts = engine.has_drafts

    def encode(self, images: Sequence[FloatArray]) -> Encoded:
        """Encode images, looking before each."""
        first, *others = [self._encode_one(image) for image in images]
        return first.joined(others) if others else first

    def start(self, encoded: Encoded) -> DecoderState:
        """Begin one formula for each image."""
        return self._engine.start(encoded)

    def extend(self, tokens: IntArray, state: DecoderState, *, attention: bool = False) -> StepOutput:
        """Take a few tokens more, (rows, tokens), unless the answer is not wanted any more."""
        stop_if_cancelled(self._cancellation)
        return self._engine.extend(tokens, state, attention=attention)

    def drafts(self, hidden: FloatArray, token_id: int) -> list[int]:
        """Guess the tokens after the next one."""
        return self._engine.drafts(hidden, token_id)

    def _encode_one(self, image: FloatArray) -> Encoded:
        stop_if_cancelled(self._cancellation)
        return self._engine.encode([image])
