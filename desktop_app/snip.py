"""Snip: the one value that travels from the hotkey to the clipboard.

It carries its own picture, so a picture can never be paired with another picture's formula.
"""

import math
from dataclasses import dataclass

from PySide6.QtGui import QImage


@dataclass(frozen=True)
class Snip:
    """One pass from a region on the screen to a formula; the last fields are filled in by the recogniser."""

    image: QImage  # device pixels
    device_pixel_ratio: float = 1.0  # of the screen it was taken from
    latex: str = ""
    confidence: float = math.nan
    seconds: float = math.nan
    entry_id: int = 0  # of the history's entry that it comes from; 0 for a new one
