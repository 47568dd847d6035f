"""Snips of several rows, as the recogniser reads them, without a network."""

from collections.abc import Sequence

from PySide6.QtGui import QImage

from desktop_app.recognition.recognition_result import with_recognition
from desktop_app.snips.snip import Snip
from model.latex import format_latex, normalise
from model.layout.layout import LeftOut, LineKind, PixelBox
from model.recognition.calibration import UNCALIBRATED
from model.recognition.joined_lines import with_line
from model.recognition.result import RecognisedLine, Recognition

Row = tuple[LineKind, str, PixelBox, float]
"""Kind, LaTeX, box in pixels of the image, confidence."""


def reading_in_rows(rows: Sequence[Row], left_out: Sequence[LeftOut] = (), *, text_height: float = 12.0) -> Recognition:
    """What was read in an image of these rows."""
    lines = tuple(
        RecognisedLine(
            kind, box, False, "", (), 0.0, UNCALIBRATED.confidence_level(0.0), (), (box.top + box.bottom) / 2
        )
        for kind, _, box, _ in rows
    )
    reading = Recognition("", (), (), 0.0, 0.1, lines=lines, left_out=tuple(left_out), text_height=text_height)
    for index, (_, latex, _, confidence) in enumerate(rows):
        tokens = tuple(normalise(latex))
        row = Recognition(
            format_latex(tokens), tokens, (-0.1,) * len(tokens), confidence, 0.1,
            confidence_level=UNCALIBRATED.confidence_level(confidence),
        )  # fmt: skip
        reading = with_line(reading, index, row) if len(lines) > 1 else row
    return reading


def snip_in_rows(image: QImage, rows: Sequence[Row], left_out: Sequence[LeftOut] = (), *, height: float = 12.0) -> Snip:
    """A snip of an image of these rows."""
    return with_recognition(Snip(image), reading_in_rows(rows, left_out, text_height=height))
