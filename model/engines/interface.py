"""What decoding sees of a network: arrays in NumPy, whatever runs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

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
        hidden: (rows, tokens, width), what `Engine.drafts` reads.
        attention: (images, rows of an image * tokens, cells), where each token looked in the memory, summing to 1; None
            where it was not asked for.
    """

    logits: FloatArray
    hidden: FloatArray
    attention: FloatArray | None = None


class Encoded(Protocol):
    """What an encoder made of some images."""

    def __len__(self) -> int:
        """Return the number of images."""
        ...

    def select(self, images: Sequence[int]) -> Self:
        """Return some of the images, by their places."""
        ...

    def joined(self, others: Sequence[Self]) -> Self:
        """Return these images and those of others."""
        ...

    def grid(self, image: int) -> tuple[tuple[int, int], IntArray]:
        """Return rows and columns of an image's grid, and the place in it, row * columns + column, of each cell."""
        ...


class DecoderState(Protocol):
    """The formulas that are being written; the rows of one image stand together and are as many for each image."""

    @property
    def length(self) -> int:
        """How many tokens each row has taken."""
        ...

    @property
    def can_truncate(self) -> bool:
        """Whether tokens can be taken back; else nothing is guessed ahead."""
        ...

    def select(self, rows: Sequence[int]) -> None:
        """Keep these rows, in this order; one may come several times, and an image none of whose rows comes leaves."""
        ...

    def truncate(self, length: int) -> None:
        """Take back all tokens but the first `length`."""
        ...


class Engine(Protocol):
    """Runs one network."""

    @property
    def name(self) -> str:
        """What runs the network, and where, for a report."""
        ...

    @property
    def device(self) -> str:
        """The processor: "cpu", "cuda" or "mps"."""
        ...

    @property
    def reads_side_by_side(self) -> int:
        """How many threads may use the engine at once to advantage."""
        ...

    @property
    def has_drafts(self) -> bool:
        """Whether the network has draft heads."""
        ...

    def encode(self, images: Sequence[FloatArray]) -> Encoded:
        """Encode images, each (height, width), ink in [0, 1]. An image gives the same in any company."""
        ...

    def start(self, encoded: Encoded) -> DecoderState:
        """Begin one formula, a row, for each image."""
        ...

    def extend(self, tokens: IntArray, state: DecoderState, *, attention: bool = False) -> StepOutput:
        """Take a few tokens more, (rows, tokens)."""
        ...

    def drafts(self, hidden: FloatArray, token_id: int) -> list[int]:
        """Guess the tokens after the next one, `token_id`, from what is hidden behind the logits of that, (width,)."""
        ...
