"""Pieces of rows and columns, in heights of a digit."""

from __future__ import annotations

from model.layout.layout import LineKind
from model.layout.reading_order import Piece, continues, join_pieces, reading_order, stands_beside


def piece(left: float, right: float, middle: float, kind: LineKind = LineKind.WORDS) -> Piece:
    return Piece(kind, left, right, middle - 0.7, middle + 0.7, middle, middle, left, right)


def test_a_row_whose_core_broke_is_one_line_again() -> None:
    pieces = [piece(12, 20, 1.1, LineKind.FORMULA), piece(0, 10, 1, LineKind.FORMULA)]
    assert join_pieces(pieces) == [[1, 0]]


def test_columns_and_numbers_are_not_joined_to_what_stands_beside_them() -> None:
    columns = [piece(0, 10, row) for row in (1, 3, 5)] + [piece(11.5, 20, row) for row in (1, 3, 5)]
    assert sorted(map(len, join_pieces(columns))) == [1] * 6
    numbered = [piece(0, 10, 1, LineKind.FORMULA), piece(18, 21, 1, LineKind.NUMBER)]
    assert sorted(map(len, join_pieces(numbered))) == [1, 1]


def test_columns_are_read_between_what_spans_them() -> None:
    pieces = [
        piece(0, 20, 1),
        *(piece(left, left + 9, row) for row in (3, 5) for left in (0, 11)),
        piece(0, 20, 7),
        *(piece(left, left + 9, row) for row in (9, 11) for left in (0, 11)),
    ]
    assert reading_order(pieces) == [0, 1, 3, 2, 4, 5, 6, 8, 7, 9]


def test_a_number_between_two_rows_follows_the_nearer_one() -> None:
    pieces = [
        piece(0, 10, 1, LineKind.FORMULA),
        piece(0, 10, 4, LineKind.FORMULA),
        piece(18, 20, 2, LineKind.NUMBER),
    ]
    assert reading_order(pieces) == [0, 2, 1]


def test_rows_beside_a_brace_are_part_of_it() -> None:
    # The network may find them one by one; what holds them together is as tall as both.
    brace = Piece(LineKind.FORMULA, 0, 3, 0, 5, 2.5, 2.5, 0, 3)
    rows = [piece(3.5, 9, 1.2, LineKind.FORMULA), piece(3.5, 8, 3.8, LineKind.FORMULA)]
    assert sorted(join_pieces([brace, *rows])[0]) == [0, 1, 2]


def test_a_number_stands_beside_rows() -> None:
    rows = [piece(0, 10, 1, LineKind.FORMULA), piece(0, 10, 3, LineKind.FORMULA)]
    assert stands_beside(piece(14, 16, 1, LineKind.NUMBER), rows)
    assert stands_beside(piece(14, 16, 2, LineKind.NUMBER), rows)
    # `y = 3` below other rows is one of them, however much it looks like a number.
    assert not stands_beside(piece(0, 3, 5, LineKind.NUMBER), rows)
    assert stands_beside(piece(0, 3, 5, LineKind.NUMBER), [])


def test_the_end_of_a_line_is_no_neighbour() -> None:
    line = [piece(0, 10, 1, LineKind.FORMULA)]
    assert continues(piece(10.6, 12, 1), line)
    assert not continues(piece(0, 12, 3), line)
    assert not continues(piece(13, 15, 1), line)


def test_matrices_side_by_side_are_one_line() -> None:
    matrices = [Piece(LineKind.FORMULA, left, left + 5, 0, 4, 2, 2, left, left + 5) for left in (0, 6.5)]
    assert sorted(join_pieces(matrices)[0]) == [0, 1]
