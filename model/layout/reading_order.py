"""Which pieces on one row are one line, and in which order lines are read when there are columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.layout.layout import LineKind

_SAME_ROW = 0.5  # heights of a digit between the middles of two pieces of one row


@dataclass(frozen=True)
class Piece:
    """A line, or a part of one, as far as order is concerned; lengths are in heights of a digit.

    Attributes:
        kind: What it is.
        left, right: Ends of its core.
        top, bottom: Of its ink.
        start, end: Height of the middle of its core at its ends.
    """

    kind: LineKind
    left: float
    right: float
    top: float
    bottom: float
    start: float
    end: float

    @property
    def middle(self) -> float:
        """Height of the middle of its core."""
        return (self.start + self.end) / 2


Gap = tuple[int, int, float, float]
"""Two pieces beside each other, by index, the left one first; and where the space between them begins and ends."""


def join_pieces(pieces: Sequence[Piece]) -> list[list[int]]:
    """Put the pieces of a row together, unless they stand in different columns; return indices, from left to right."""
    gutters = _gutters(pieces)
    joined = {index: [index] for index in range(len(pieces))}
    for left, right, start, end in _gaps(pieces):
        is_apart = LineKind.NUMBER in (pieces[left].kind, pieces[right].kind)
        if is_apart or any(start < gutter < end for gutter in gutters) or joined[left] is joined[right]:
            continue
        merged = joined[left] + joined[right]
        for index in merged:
            joined[index] = merged
    unique = {id(group): group for group in joined.values()}
    return [sorted(group, key=lambda index: pieces[index].left) for group in unique.values()]


def reading_order(pieces: Sequence[Piece]) -> list[int]:
    """Return the indices in reading order: column after column, row after row, a number after what it numbers."""
    return _order(pieces, list(range(len(pieces))))


def _gaps(pieces: Sequence[Piece]) -> list[Gap]:
    """Return all pairs of pieces that follow each other on a row."""
    gaps = []
    for left, one in enumerate(pieces):
        followers = [
            (other.left, right)
            for right, other in enumerate(pieces)
            if right != left and other.left >= one.left + 0.1 and other.right > one.right and _are_level(one, other)
        ]
        if followers:
            start, right = min(followers)
            gaps.append((left, right, min(one.right, start), start))
    return gaps


def _are_level(one: Piece, other: Piece) -> bool:
    """Say whether the end of a piece and the beginning of another are on one row."""
    return abs(one.end - other.start) < _SAME_ROW


def _gutters(pieces: Sequence[Piece]) -> list[float]:
    """Return where columns of words meet: at least two rows are apart there, and words stand on one side."""
    gaps = [gap for gap in _gaps(pieces) if LineKind.NUMBER not in (pieces[gap[0]].kind, pieces[gap[1]].kind)]
    gutters = []
    for _, _, start, end in gaps:
        alike = [gap for gap in gaps if gap[2] < end and gap[3] > start]
        words = [gap for gap in alike if LineKind.WORDS in (pieces[gap[0]].kind, pieces[gap[1]].kind)]
        if len(alike) >= 2 and len(words) >= 2:
            low, high = max(gap[2] for gap in alike), min(gap[3] for gap in alike)
            if low < high:
                gutters.append((low + high) / 2)
    return gutters


def _order(pieces: Sequence[Piece], members: list[int]) -> list[int]:
    gutters = sorted(_gutters([pieces[index] for index in members]))
    if not gutters:
        return _row_by_row(pieces, members)
    gutter = gutters[len(gutters) // 2]
    ordered: list[int] = []
    band: list[int] = []
    for index in [*sorted(members, key=lambda index: pieces[index].middle), None]:
        if index is not None and not pieces[index].left < gutter < pieces[index].right:
            band.append(index)
            continue
        # What spans both columns ends the columns above it.
        for side in (
            [one for one in band if pieces[one].right <= gutter],
            [one for one in band if pieces[one].right > gutter],
        ):
            ordered += _order(pieces, side) if len(side) < len(members) else _row_by_row(pieces, side)
        band = []
        if index is not None:
            ordered.append(index)
    return ordered


def _row_by_row(pieces: Sequence[Piece], members: list[int]) -> list[int]:
    """Sort from top to bottom, each row from left to right with numbers last."""
    remaining = sorted((index for index in members), key=lambda index: pieces[index].middle)
    lines = [index for index in remaining if pieces[index].kind is not LineKind.NUMBER]
    rows: list[list[int]] = []
    for index in lines:
        if rows and abs(pieces[rows[-1][-1]].middle - pieces[index].middle) < _SAME_ROW:
            rows[-1].append(index)
        else:
            rows.append([index])
    ordered = [sorted(row, key=lambda index: pieces[index].left) for row in rows]
    for index in remaining:
        if pieces[index].kind is LineKind.NUMBER:
            numbered = _numbered_row(pieces, index, ordered)
            ordered.insert(len(ordered) if numbered is None else numbered + 1, [index])
    return [index for row in ordered for index in row]


def _numbered_row(pieces: Sequence[Piece], number: int, rows: list[list[int]]) -> int | None:
    """Return which row a number stands beside; None where there is nothing but numbers."""
    middle = pieces[number].middle
    distances = [
        (min(abs(pieces[index].middle - middle) for index in row), place)
        for place, row in enumerate(rows)
        if pieces[row[0]].kind is not LineKind.NUMBER
    ]
    return min(distances)[1] if distances else None
