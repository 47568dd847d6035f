"""From the pieces of a page to its lines in reading order, each with its label."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from model.data_preparation.pages.displays import CANONICAL_ENVIRONMENTS
from model.data_preparation.pages.documents import Document, PagePart, Piece
from model.data_preparation.pages.typesetting import PlacedPiece, TypesetPages
from model.latex import LatexError, normalise
from model.latex.prose import prose_tokens

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

_ONE_FORMULA: Final = re.compile(r"\(?\$((?:[^$\\]|\\.)+)\$([.,;:]?)")
_INK: Final = 225  # darker than paper: small points and thin strokes are as faint as this at 64 dpi


@dataclass(frozen=True)
class PageLine:
    """A line of a page, or a block that is read whole.

    Attributes:
        kind: "formula", "words" or "number".
        box: Of its ink.
        baseline: In pixels from the top.
        tokens: Its label.
        group, row, rows: The rows of one display share a group; -1 for lines of a paragraph.
        cells: Left edges of a row's cells.
        environment: Of its display: "aligned", "gathered", "multline" or "".
        is_block: Whether it holds rows or cells of its own, as a matrix does.
        number: Tokens of the equation number that stands in the same row.
        whole: Tokens of the whole display, where this is its first row.
        source: What the line is from.
    """

    kind: str
    box: Box
    baseline: float
    tokens: tuple[str, ...]
    group: int = -1
    row: int = 0
    rows: int = 1
    cells: tuple[float, ...] = ()
    environment: str = ""
    is_block: bool = False
    number: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    source: str = ""


def page_lines(document: Document, pages: TypesetPages) -> list[list[PageLine]]:
    """Return the lines of each page in reading order, those whose pieces are all there."""
    lines: list[list[PageLine]] = [[] for _ in pages.images]
    for group, part in enumerate(document.parts):
        found = _lines_of_display(part, group, pages) if part.display else _lines_of_words(part, pages)
        for page, line in found:
            trimmed = _trimmed(line.box, pages.images[page])
            if trimmed is not None:
                lines[page].append(replace(line, box=trimmed))
    return lines


def _lines_of_words(part: PagePart, pages: TypesetPages) -> Iterator[tuple[int, PageLine]]:
    """Put the pieces of a paragraph together that stand side by side."""
    runs: list[list[tuple[Piece, PlacedPiece]]] = []
    is_whole: list[bool] = []
    for piece in part.words:
        place = pages.places.get(piece.number)
        if place is None:
            if is_whole:
                is_whole[-1] = False
            continue
        if runs and _continues(runs[-1][-1][1], place):
            runs[-1].append((piece, place))
        else:
            runs.append([(piece, place)])
            is_whole.append(True)
    for index, run in enumerate(runs):
        if not is_whole[index] or (index and not is_whole[index - 1]):
            continue
        following = runs[index + 1][0][0].glue if index + 1 < len(runs) else "space"
        text = "".join(
            piece.text if place_in_run == 0 else {"space": " "}.get(piece.glue, "") + piece.text
            for place_in_run, (piece, _) in enumerate(run)
        ).replace("$$", "")  # a formula that was cut at a relation, together again
        hyphen = following == "hyphen"
        tokens = _label_of_words(text + ("-" if hyphen else ""))
        if tokens is None:
            continue
        box = _union([place.box for _, place in run])
        if hyphen:
            box = (box[0], box[1], box[2] + 4.0 * pages.pixels_per_point, box[3])
        kind = "words" if tokens[0] == "\\words" else "formula"
        yield run[0][1].page, PageLine(kind, box, run[0][1].baseline, tuple(tokens), source="words")


def _continues(before: PlacedPiece, place: PlacedPiece) -> bool:
    is_level = before.page == place.page and abs(before.baseline - place.baseline) < 0.5
    return is_level and place.left >= before.left + before.width - 1


def _label_of_words(text: str) -> list[str] | None:
    """Return the tokens of a line; a formula that stands alone on it is no line of words."""
    try:
        if match := _ONE_FORMULA.fullmatch(text.strip()):
            return [*normalise(match[1]), *match[2]]
        return prose_tokens(text)
    except LatexError:
        return None


def _lines_of_display(part: PagePart, group: int, pages: TypesetPages) -> Iterator[tuple[int, PageLine]]:
    assert part.display is not None  # noqa: S101 - the caller has looked
    rows = part.display.rows
    for index, (row, pieces, number) in enumerate(zip(rows, part.pieces, part.numbers, strict=True)):
        inked = [piece for piece in pieces if piece.text]
        places = [pages.places.get(piece.number) for piece in inked]
        number_place = pages.places.get(number[0].number) if number else None
        if not places or any(place is None for place in places) or (number and number_place is None):
            continue
        found = [place for place in places if place is not None]
        number_tokens: tuple[str, ...] = ()
        if number and number_place:
            number_tokens = tuple(number[1].strip("()[]").replace(" ", ""))
        line = PageLine(
            "formula",
            _union([place.box for place in found]),
            found[0].baseline,
            row.tokens,
            group,
            index,
            len(rows),
            tuple(pages.places[piece.number].left for piece in pieces if piece.number in pages.places),
            CANONICAL_ENVIRONMENTS.get(part.display.environment, ""),
            row.is_block,
            number_tokens,
            part.display.tokens if index == 0 else (),
            part.source,
        )
        yield found[0].page, line
        if number and number_place:
            tokens = tuple(number[1])
            yield (
                number_place.page,
                PageLine("number", number_place.box, number_place.baseline, tokens, group, index, len(rows)),
            )


def _union(boxes: Sequence[Box]) -> Box:
    array = np.array(boxes)
    left, top = array[:, :2].min(axis=0)
    right, bottom = array[:, 2:].max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _trimmed(box: Box, image: np.ndarray) -> Box | None:
    """Bring TeX's box to the ink in it; None where there is none, or where the box leaves the page."""
    height, width = image.shape
    left, top = max(0, int(box[0]) - 2), max(0, int(box[1]) - 1)
    right, bottom = min(width, int(np.ceil(box[2])) + 2), min(height, int(np.ceil(box[3])) + 1)
    if box[2] > width or box[0] < 0 or right - left < 2 or bottom - top < 2:
        return None
    ink = image[top:bottom, left:right] < _INK
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return None
    return float(left + columns[0]), float(top + rows[0]), float(left + columns[-1] + 1), float(top + rows[-1] + 1)


def lines_by_group(lines: Sequence[PageLine]) -> dict[int, list[PageLine]]:
    """Return the rows of each display, numbers left out; a display that two columns share is left out."""
    groups: dict[int, list[PageLine]] = defaultdict(list)
    for line in lines:
        if line.group >= 0 and line.kind == "formula":
            groups[line.group].append(line)
    return {
        group: rows
        for group, rows in groups.items()
        if all(before.baseline < after.baseline for before, after in pairwise(rows))
    }
