"""Which pieces on one row are one line, and in which order lines are read when there are columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.layout.layout import LineKind

_TALLER, _WITHIN, _ADJACENT = 1.2, 0.85, 1.0  # times as tall; share of its height; heights of a digit beside it
_BLOCK_HEIGHT, _BETWEEN_BLOCKS = 2.5, 2.0  # heights of a digit: of a matrix, and between two of one row
_STACKED, _FRACTION = 0.5, 0.25  # heights of a digit between a sign and its limits, a bar and what is below it
_LETTER = 1.3  # heights of a digit
_NUMBERED_ROW = 0.8  # heights of a digit between the middle of a row and that of its number
_NUMBER_HEIGHT, _NUMBER_WIDTH = 2.0, 7.0  # heights of a digit
_NUMBER_GAP = 0.8  # heights of a digit between a row and its number
_SLIVER, _SAME_HEIGHT = 0.75, 0.6  # heights of a digit; share of its height
_SIDE_GAP = 1.5  # heights of a digit between what is wanted and what stands beside it
_SAME_ROW = 0.5  # heights of a digit between the middles of two pieces of one row


@dataclass(frozen=True)
class Piece:
    """A line, or a part of one, as far as order is concerned; lengths are in heights of a digit.

    Attributes:
        kind: What it is.
        left, right: Ends of its core.
        top, bottom: Of its ink.
        start, end: Height of the middle of its core at its ends.
        ink_left, ink_right: Ends of its ink.
        has_core: Whether its core was found.
    """

    kind: LineKind
    left: float
    right: float
    top: float
    bottom: float
    start: float
    end: float
    ink_left: float
    ink_right: float
    has_core: bool = True

    @property
    def middle(self) -> float:
        """Height of the middle of its core."""
        return (self.start + self.end) / 2


Gap = tuple[int, int, float, float]
"""Two pieces beside each other, by index, the left one first; and where the space between them begins and ends."""


def join_pieces(pieces: Sequence[Piece]) -> list[list[int]]:
    """Put the pieces of a row together, unless they stand in different columns; return indices, from left to right."""
    gutters = _gutters(pieces)
    pairs = [
        (left, right)
        for left, right, start, end in _gaps(pieces)
        if not any(start < gutter < end for gutter in gutters)
    ]
    pairs += [
        (one, other)
        for one in range(len(pieces))
        for other in range(len(pieces))
        if one != other and _is_part(pieces[other], pieces[one])
    ]
    joined = {index: [index] for index in range(len(pieces))}
    for one, other in pairs:
        if LineKind.NUMBER in (pieces[one].kind, pieces[other].kind) or joined[one] is joined[other]:
            continue
        merged = joined[one] + joined[other]
        for index in merged:
            joined[index] = merged
    unique = {id(group): group for group in joined.values()}
    return [sorted(group, key=lambda index: pieces[index].left) for group in unique.values()]


def _is_part(piece: Piece, whole: Piece) -> bool:
    """Say whether a piece lies beside or within one that is taller, as a row does beside the brace that holds it."""
    height = piece.bottom - piece.top
    common = min(piece.bottom, whole.bottom) - max(piece.top, whole.top)
    gap = max(piece.ink_left, whole.ink_left) - min(piece.ink_right, whole.ink_right)
    is_letter = height <= _LETTER and piece.ink_right - piece.ink_left <= _LETTER
    near = _STACKED if not piece.has_core else _FRACTION if is_letter else -1.0
    if -common <= near and gap <= -_WITHIN * (piece.ink_right - piece.ink_left):
        return True  # a limit above or below its sign, or a letter below a bar
    both_tall = min(height, whole.bottom - whole.top) >= _BLOCK_HEIGHT
    if common >= _WITHIN * height and (gap < 0 or (both_tall and gap <= _BETWEEN_BLOCKS)):
        return True
    is_taller = whole.bottom - whole.top >= _TALLER * height
    return is_taller and common >= _WITHIN * height and gap <= _ADJACENT


def stands_beside(piece: Piece, others: Sequence[Piece]) -> bool:
    """Say whether a piece of a number's size stands beside what it may number: beside a row, or between two rows.

    Args:
        piece: Perhaps an equation number.
        others: All lines that are none.
    """
    if not others:
        return True
    if piece.bottom - piece.top > _NUMBER_HEIGHT or piece.ink_right - piece.ink_left > _NUMBER_WIDTH:
        return False
    row = [other for other in others if is_in_row(piece, other)]
    if not row:
        above = [other for other in others if other.middle < piece.middle]
        below = [other for other in others if other.middle > piece.middle]
        row = [max(above, key=lambda one: one.middle)] if above else []
        row += [min(below, key=lambda one: one.middle)] if below else []
    gaps = [max(other.ink_left - piece.ink_right, piece.ink_left - other.ink_right) for other in row]
    return min(gaps) >= _NUMBER_GAP


def is_in_row(number: Piece, other: Piece) -> bool:
    """Say whether an equation number is as high as a line, or within its height."""
    return abs(other.middle - number.middle) < _NUMBERED_ROW or other.top <= number.middle <= other.bottom


def continues(piece: Piece, others: Sequence[Piece]) -> bool:
    """Say whether a piece is on the row of another line, close by: then no edge of an image cut it off that line."""
    height = piece.bottom - piece.top
    return any(
        max(other.ink_left - piece.ink_right, piece.ink_left - other.ink_right) < _SIDE_GAP
        and (
            abs(other.middle - piece.middle) < _NUMBERED_ROW
            or (
                height > _SLIVER
                and min(other.bottom, piece.bottom) - max(other.top, piece.top) >= _SAME_HEIGHT * height
            )
        )
        for other in others
    )


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
