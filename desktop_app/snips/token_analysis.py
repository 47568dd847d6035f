"""What the recogniser tells of a formula once it is shown: what each token could be else, and where it was read."""

from dataclasses import dataclass
from typing import cast

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
class RowAttention:
    """Where the tokens of one row were read."""

    attention: NDArray[np.uint8]  # (tokens, rows, columns); 255 is a token's highest
    weights: NDArray[np.float32]  # (tokens,): that highest, as a share of the token's whole attention
    extent: QRectF  # of the grid of rows and columns, in pixels of the image

    def strengths_at(self, point: QPointF) -> NDArray[np.float32] | None:
        """How much each token was read at a point of the image; none beyond the grid."""
        rows, columns = self.attention.shape[1:]
        if not self.extent.contains(point) or not rows or not columns:
            return None
        row = min(int((point.y() - self.extent.top()) / self.extent.height() * rows), rows - 1)
        column = min(int((point.x() - self.extent.left()) / self.extent.width() * columns), columns - 1)
        shares = self.attention[:, row, column] / 255
        strengths: NDArray[np.float32] = np.where(shares >= _SEEN, shares * self.weights, 0.0).astype(np.float32)
        return strengths


@dataclass(frozen=True)
class TokenAnalysis:
    """Alternatives and attention for each token of a snip."""

    snip: Snip
    alternatives: tuple[tuple[Alternative, ...], ...]
    rows: tuple[RowAttention, ...]
    places: tuple[tuple[int, int] | None, ...]  # of each token: which of these rows, and its place there

    def heat(self, index: int, colour: QColor) -> QImage | None:
        """Where a token was read, as an image of one pixel a cell; none for one that is not seen."""
        if not self._is_seen(index):
            return None
        row, place = self._place(index)
        attention = self.rows[row].attention[place]
        rows, columns = attention.shape
        pixels = np.empty((rows, columns, 4), dtype=np.uint8)
        pixels[..., :3] = (colour.red(), colour.green(), colour.blue())
        share = (attention / 255 - _GLOW) / (1 - _GLOW)
        pixels[..., 3] = np.clip(share, 0, 1) * _STRONGEST
        return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888).copy()

    def extent(self, index: int) -> QRectF:
        """Where the image of `heat` lies, in pixels of the captured one."""
        return self.rows[self._place(index)[0]].extent if self._is_seen(index) else QRectF()

    def token_at(self, point: QPointF) -> int:
        """Which token was read at a point of the image; -1 for none."""
        at_point = [row.strengths_at(point) for row in self.rows]
        best, strongest = -1, 0.0
        for index in range(len(self.places)):
            if not self._is_seen(index):
                continue
            row, place = self._place(index)
            strengths = at_point[row]
            if strengths is not None and strengths[place] > strongest:
                best, strongest = index, float(strengths[place])
        return best

    def _place(self, index: int) -> tuple[int, int]:
        return cast("tuple[int, int]", self.places[index])  # asked of what is seen alone

    def _is_seen(self, index: int) -> bool:
        if not 0 <= index < len(self.places) or self.snip.tokens[index].token in _STRUCTURE:
            return False
        place = self.places[index]
        return place is not None and place[1] < len(self.rows[place[0]].attention)
