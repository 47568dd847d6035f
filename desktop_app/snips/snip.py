"""Snip: the one value that travels from the hotkey to the clipboard.

It carries its own image, so an image can never be paired with another image's formula.
"""

import math
from dataclasses import dataclass, field
from threading import Event

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from desktop_app.snips.copy_format import CopyFormat
from model.recognition.calibration import ConfidenceLevel

LOWEST_COPIED, LEAST_LEGIBLE_COPIED = 0.1, 0.8
"""Confidence in a formula, and legibility of an image, below which nothing is copied unasked."""

FEW_SYMBOLS, LOWEST_COPIED_OF_FEW, LOWEST_COPIED_OF_ONE = 4, 0.65, 0.85
"""So few symbols may be a blot that looks like a letter, so they are to be right rather than wrong, in words as well.
Confidence promises too much of a symbol alone: between these two little more than half of them were right."""


@dataclass(frozen=True)
class ReadToken:
    """One token of the formula, as the recogniser wrote it."""

    token: str
    span: tuple[int, int] | None  # start and end in the LaTeX; none where printing left it out
    confidence: float  # from 0 to 1
    is_unsure: bool  # worth a look
    source: tuple[int, int] | None = None  # the row it was read in and its place there; none for what joins rows


@dataclass(frozen=True)
class ReadRow:
    """One line of the image, or a block of rows that was read whole."""

    box: QRect  # in pixels of the image
    latex: str
    confidence: float  # from 0 to 1
    confidence_level: ConfidenceLevel
    is_number: bool = False  # an equation number, which goes with the row beside it
    number: str = ""  # of the equation


@dataclass(frozen=True)
class LeftOutPart:
    """What of the image was not read."""

    kind: str  # as the recogniser names it: "neighbour" or "frame"
    box: QRect  # in pixels of the image


@dataclass(frozen=True)
class Snip:
    """One pass from a region on the screen to a formula; the last fields are filled in by the recogniser."""

    image: QImage  # device pixels
    device_pixel_ratio: float = 1.0  # of the screen it was taken from
    latex: str = ""
    confidence: float = math.nan
    seconds: float = math.nan
    entry_id: int = 0  # of the history's entry that it comes from; 0 for a new one
    copy_format: CopyFormat | None = None  # the one its hotkey stands for; none for the last used
    confidence_level: ConfidenceLevel | None = None
    tokens: tuple[ReadToken, ...] = ()
    text_height: float = math.nan  # of a digit in the image, as estimated, in device pixels
    cancellation: Event = field(default_factory=Event, compare=False, repr=False)  # set once nobody wants its formula
    place: QRect | None = None  # where it was on the desktop, in its logical units; none for what is on no screen
    ink_size: tuple[int, int] = (0, 0)  # width and height of what is written in the image, in device pixels
    is_words: bool = False  # text with formulas, and no formula
    number: str = ""  # of the equation, without its parentheses; no part of the LaTeX
    rows: tuple[ReadRow, ...] = ()  # in reading order, those struck out among them
    struck_out: frozenset[int] = frozenset()  # the rows that are not in the LaTeX
    left_out: tuple[LeftOutPart, ...] = ()
    taken_in: tuple[LeftOutPart, ...] = ()  # what was left out at first and is to be read
    legibility: float = 1.0  # how probably the image holds something to read at all
    symbols: int = 0  # tokens that are seen on the page; 0 where the recogniser has not read it
    reading: object = field(default=None, repr=False, compare=False)  # the recogniser's own result, with all rows

    @property
    def is_held_back(self) -> bool:
        """Whether what was read is hardly that, so that the clipboard keeps what it holds until the user copies it.

        The confidence in many words is that every letter of them is right, so it says little. What the recogniser says
        no confidence of is not held back.
        """
        if 0 < self.symbols <= FEW_SYMBOLS:
            lowest = LOWEST_COPIED_OF_ONE if self.symbols == 1 else LOWEST_COPIED_OF_FEW
        else:
            lowest = 0.0 if self.is_words else LOWEST_COPIED
        return self.legibility < LEAST_LEGIBLE_COPIED or self.confidence < lowest
