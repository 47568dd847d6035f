"""What decoding sees of a network: arrays in NumPy, whatever runs it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]


class EngineError(ValueError):
    """A network cannot be run; the message is one plain sentence."""


@dataclass(frozen=True)
class StepOutput:
    """What the network says after each of a few tokens.

    Attributes:
        logits: (rows, tokens, vocabulary), of the token after each.
        hidden: (rows, tokens, width), what `GraphEngine.drafts` reads.
        attention: (images, rows of an image * tokens, cells), where each token looked in the memory, summing to 1; None
            where it was not asked for.
    """

    logits: FloatArray
    hidden: FloatArray
    attention: FloatArray | None = None
