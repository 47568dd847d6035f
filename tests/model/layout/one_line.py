"""An image of one line whose network input is known."""

from __future__ import annotations

import numpy as np

from model.image_transform import Placement, ReducedInk
from model.layout.layout import Layout, Line, LineKind, PixelBox
from model.layout.line_inputs import ImageLines, LineInput


def image_of(ink: np.ndarray) -> ImageLines:
    """The image whose only line has this input for the network."""
    line = Line(LineKind.FORMULA, PixelBox(0, 0, ink.shape[1], ink.shape[0]), ink, ink.shape[0] / 2, False, 1.0)
    inputs = (LineInput(line, ink, Placement(*line.box, scale=1.0)),)
    return ImageLines(Layout((line,), (), 10.0), inputs, ReducedInk(ink, 0, 0, 1.0))
