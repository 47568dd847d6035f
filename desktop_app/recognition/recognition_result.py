"""What the recogniser answers, as the plain values that the windows show; nothing of the model is loaded here."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF

from desktop_app.snips.snip import ReadToken, Snip
from desktop_app.snips.token_analysis import Alternative, TokenAnalysis

if TYPE_CHECKING:
    from model.recognition import token_analysis as model_analysis
    from model.recognition.result import Recognition


def read_snip(snip: Snip, reading: "Recognition") -> Snip:
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
        confidence_level=reading.confidence_level,
        tokens=tokens,
        text_height=snip.text_height if placement is None else placement.text_height,
        ink_size=snip.ink_size if placement is None else placement.ink_size,
    )


def token_analysis(snip: Snip, examination: "model_analysis.TokenAnalysis") -> TokenAnalysis:
    """What the windows keep of an analysis: attention in steps of 1/255 is fine enough to be seen."""
    attention = examination.attention
    highest = attention.max(axis=(1, 2), initial=0.0)
    scaled = attention / np.maximum(highest, 1e-9)[:, None, None]
    left, top, right, bottom = examination.extent()
    return TokenAnalysis(
        snip,
        tuple(
            _alternatives(others, left=1.0 - token.confidence)
            for token, others in zip(snip.tokens, examination.alternatives, strict=False)
        ),
        np.round(255 * scaled).astype(np.uint8),
        highest.astype(np.float32),
        QRectF(left, top, right - left, bottom - top),
    )


def _alternatives(others: Sequence[tuple[str, float]], *, left: float) -> tuple[Alternative, ...]:
    """The other tokens of one place; with the token that was read their shares are 1 at most."""
    total = sum(share for _, share in others)
    scale = min(1.0, left / total) if total else 0.0
    return tuple(Alternative(token, share * scale) for token, share in others)
