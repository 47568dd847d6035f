"""What the recogniser tells of a formula once it is shown: what each token could be else, and where it was read."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage

from desktop_app.snips.snip import Snip

# They have no place of their own in the image.
_STRUCTURE = frozenset({"{", "}", "_", "^", "&", "\\\\"})
_SEEN = 0.3  # a token was read where its attention has at least this share of its highest
_GLOW = 0.12  # a token looks a little at everything
_STRONGEST = 170  # of 255: the image stays readable below


@dataclass(frozen=True)
class Alternative:
    """Another token for a place."""

    token: str
    confidence: float  # from 0 to 1


@dataclass(frozen=True)
class TokenChoice:
    """A user's choice of another token; the recogniser reads on from there."""

    snip: Snip
    index: int  # of the token that is replaced
    token: str


@dataclass(frozen=True)
class TokenAnalysis:
    """Alternatives and attention for each token of a snip."""

    snip: Snip
    alternatives: tuple[tuple[Alternative, ...], ...]
    attention: NDArray[np.uint8]  # (tokens, rows, columns); 255 is a token's highest
    weights: NDArray[np.float32]  # (tokens,): that highest, as a share of the token's whole attention
    extent: QRectF  # of the grid of rows and columns, in pixels of the image

    def heat(self, index: int, colour: QColor) -> QImage | None:
        """Where a token was read, as an image of one pixel a cell; none for one that is not seen."""
        if not self._is_seen(index):
            return None
        rows, columns = self.attention.shape[1:]
        pixels = np.empty((rows, columns, 4), dtype=np.uint8)
        pixels[..., :3] = (colour.red(), colour.green(), colour.blue())
        share = (self.attention[index] / 255 - _GLOW) / (1 - _GLOW)
        pixels[..., 3] = np.clip(share, 0, 1) * _STRONGEST
        return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888).copy()

    def token_at(self, point: QPointF) -> int:
        """Which token was read at a point of the image; -1 for none."""
        rows, columns = self.attention.shape[1:]
        if not self.extent.contains(point) or not rows or not columns:
            return -1
        row = min(int((point.y() - self.extent.top()) / self.extent.height() * rows), rows - 1)
        column = min(int((point.x() - self.extent.left()) / self.extent.width() * columns), columns - 1)
        shares = self.attention[:, row, column] / 255
        strengths = [
            share * weight if share >= _SEEN and self._is_seen(index) else 0.0
            for index, (share, weight) in enumerate(zip(shares, self.weights, strict=True))
        ]
        best = int(np.argmax(strengths)) if strengths else -1
        return best if best >= 0 and strengths[best] > 0 else -1

    def _is_seen(self, index: int) -> bool:
        return index < len(self.attention) and self.snip.tokens[index].token not in _STRUCTURE
