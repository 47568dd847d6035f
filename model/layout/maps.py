"""What the layout network draws: the channels of its output, and their arrays by name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray


class InkClass(IntEnum):
    """What a cell's ink belongs to."""

    FORMULA = 0
    WORDS = 1
    NUMBER = 2
    NEIGHBOUR = 3
    FRAME = 4


class Channel(IntEnum):
    """Channels before the classes; the classes follow in their order."""

    CORE = 0
    THRESHOLD = 1
    BLOCK = 2
    OFFSET = 3
    CLASSES = 4


MAP_COUNT: Final = Channel.CLASSES + len(InkClass)


@dataclass(frozen=True)
class LayoutMaps:
    """What the network says of each cell; all are float32 (rows, columns), `classes` has the classes first.

    Attributes:
        core: Probability that the cell lies between baseline and x-height of a line.
        block: Probability that the cell's ink is of a line that is read whole: a matrix, cases.
        offset: How far below the cell the middle of its line's core lies, in heights of a digit; negative above.
        classes: Probabilities of what the cell's ink is.
    """

    core: NDArray[np.float32]
    block: NDArray[np.float32]
    offset: NDArray[np.float32]
    classes: NDArray[np.float32]

    @classmethod
    def from_output(cls, maps: NDArray[np.float32]) -> LayoutMaps:
        """Name the channels of one output, (MAP_COUNT, rows, columns), already probabilities."""
        return cls(maps[Channel.CORE], maps[Channel.BLOCK], maps[Channel.OFFSET], maps[Channel.CLASSES :])
