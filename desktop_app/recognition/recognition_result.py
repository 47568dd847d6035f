"""What the recogniser answers, and the plain values that the windows make of it; the model itself is not imported."""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from desktop_app.snips.snip import ReadToken, Snip
from desktop_app.snips.token_analysis import Alternative, TokenAnalysis
from desktop_app.snips.trust_mark import TrustMark


class FormulaPlacement(Protocol):
    """Where the formula is in its picture."""

    @property
    def text_height(self) -> float:
        """Height of a digit, in pixels of the picture."""
        ...

    @property
    def ink_size(self) -> tuple[int, int]:
        """Width and height of the formula, in pixels of the picture."""
        ...


class FormulaReading(Protocol):
    """What the windows use of a recognition."""

    @property
    def latex(self) -> str:
        """The formula; empty when the picture has none."""
        ...

    @property
    def confidence(self) -> float:
        """How sure the recogniser is, from 0 to 1."""
        ...

    @property
    def seconds(self) -> float:
        """How long it took."""
        ...

    @property
    def confidence_level(self) -> Enum:
        """One of three marks, whose values are those of TrustMark."""
        ...

    @property
    def tokens(self) -> Sequence[str]:
        """The formula in the network's own spelling."""
        ...

    @property
    def token_confidences(self) -> Sequence[float]:
        """How sure it is of each token, from 0 to 1."""
        ...

    @property
    def unsure(self) -> Sequence[int]:
        """Numbers of the tokens that are worth a look."""
        ...

    @property
    def placement(self) -> FormulaPlacement | None:
        """Where the formula is in the picture."""
        ...

    def token_ranges(self) -> Sequence[tuple[int, int] | None]:
        """Start and end of each token in the LaTeX; none for one that printing left out."""
        ...


class FormulaExamination(Protocol):
    """What the windows use of the analysis of a reading."""

    @property
    def alternatives(self) -> Sequence[Sequence[tuple[str, float]]]:
        """For each token the likeliest others, with how sure the recogniser is of each."""
        ...

    @property
    def attention(self) -> NDArray[np.float32]:
        """Where it looked for each token: (tokens, rows, columns)."""
        ...

    def extent(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the attention's grid, in pixels of the picture."""
        ...


def read_snip(snip: Snip, reading: FormulaReading) -> Snip:
    """A snip with what was read in it."""
    unsure = set(reading.unsure)
    parts = zip(reading.tokens, reading.token_ranges(), reading.token_confidences, strict=True)
    tokens = tuple(
        ReadToken(token, span, confidence, index in unsure) for index, (token, span, confidence) in enumerate(parts)
    )
    placement = reading.placement
    return replace(
        snip,
        latex=reading.latex,
        confidence=reading.confidence,
        seconds=reading.seconds,
        trust=TrustMark(reading.confidence_level.value),
        tokens=tokens,
        text_height=snip.text_height if placement is None else placement.text_height,
        ink_size=snip.ink_size if placement is None else placement.ink_size,
    )


def token_analysis(snip: Snip, examination: FormulaExamination) -> TokenAnalysis:
    """What the windows keep of an analysis: attention in steps of 1/255 is fine enough to be seen."""
    attention = examination.attention
    highest = attention.max(axis=(1, 2), initial=0.0)
    scaled = attention / np.maximum(highest, 1e-9)[:, None, None]
    left, top, right, bottom = examination.extent()
    return TokenAnalysis(
        snip,
        tuple(tuple(Alternative(token, share) for token, share in others) for others in examination.alternatives),
        np.round(255 * scaled).astype(np.uint8),
        highest.astype(np.float32),
        QRectF(left, top, right - left, bottom - top),
    )
