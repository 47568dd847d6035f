r"""Crops of a page as a hand cuts them, with their labels.

Two kinds are made. Crops for the recogniser hold one line, one display or one formula of a line, mostly with what is
not theirs painted over, as the layout leaves it, and now and then with the cut lines beside them. Crops for the layout
hold whatever a rectangle dragged somewhere over the page holds.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PIL import Image, ImageDraw

from model.data_preparation.pages.degradations import Grey, degrade, draw_kind
from model.data_preparation.pages.documents import Document
from model.data_preparation.pages.lines import Box, PageLine, lines_by_group
from model.data_preparation.pages.typesetting import TypesetPages
from model.latex import LatexError, normalise
from model.latex.prose import TAG

_WORDS_SHARE: Final = 0.4
_ROW_SHARE: Final = 0.55
_NUMBER_SHARE: Final = 0.5
_WHOLE_SHARE: Final = 0.5
_NUMBER_ALONE_SHARE: Final = 0.25
_FORMULAS_OF_LINES_A_PAGE: Final = 8
_NEIGHBOURS_LEFT_SHARE: Final = 0.2
_FRAME_SHARE: Final = 0.04
_MOST_NEIGHBOUR: Final = 0.5
_MARGINS: Final = ((0.3, 0, 2), (0.45, 2, 10), (0.25, 8, 20))
DIGIT_POINTS: Final = 6.4
_LONGEST_LABEL: Final = 260


@dataclass(frozen=True)
class Crop:
    """A crop and its label.

    Attributes:
        image: As it comes from the screen.
        tokens: What the recogniser shall write.
        kind: "words", "display", "numbered", "number", "row", "rows", "block", "inline".
        degradation: What was done to the image.
        source: What the line is from.
    """

    image: Grey
    tokens: tuple[str, ...]
    kind: str
    degradation: str
    source: str


@dataclass(frozen=True)
class LayoutCrop:
    """A crop with every line in it: `lines` as they stand in a layout shard."""

    image: Grey
    lines: list[dict[str, Any]]
    degradation: str


@dataclass(frozen=True)
class Target:
    """What a rectangle is dragged round.

    Attributes:
        box: Of all that belongs to it.
        tokens: Its label.
        kind: As of `Crop`.
        source: What the line is from.
        own_box: The box without the equation number.
    """

    box: Box
    tokens: tuple[str, ...]
    kind: str
    source: str
    own_box: Box


@dataclass(frozen=True)
class Hand:
    """How a rectangle is dragged; what is None is drawn anew for each.

    Attributes:
        margins: Least and greatest margin in pixels.
        neighbours: Whether what is cut beside the target is left in the image.
        least_neighbour: Which share of some other line's height has to be in the image at least.
        border: Blank pixels added round the image.
        frame: Whether a frame is drawn round it.
    """

    margins: tuple[float, float] | None = None
    neighbours: bool | None = None
    least_neighbour: float = 0.0
    border: int = 0
    frame: bool | None = None


def recogniser_crops(
    document: Document, pages: TypesetPages, lines: Sequence[Sequence[PageLine]], generator: random.Random
) -> Iterator[Crop]:
    """Cut what one page after another has to read."""
    for page, on_page in enumerate(lines):
        found = [
            *targets(on_page, generator),
            *_formulas_of_lines(document, pages, page, generator),
            *_numbers(on_page, generator),
        ]
        for target in found:
            if len(target.tokens) > _LONGEST_LABEL:
                continue
            hand = Hand(neighbours=False) if target.kind in {"inline", "number"} else Hand()
            image = cut(target, pages.images[page], on_page, pages.pixels_per_point, generator, hand)
            if image is not None:
                smaller = 0.6 if target.kind == "inline" else 1.0
                digit_height = DIGIT_POINTS * pages.pixels_per_point
                kind = draw_kind(generator, digit_height * smaller)
                seen = degrade(image, kind, generator, digit_height=digit_height)
                yield Crop(seen, target.tokens, target.kind, kind, target.source)


def targets(lines: Sequence[PageLine], generator: random.Random, *, everything: bool = False) -> Iterator[Target]:
    """Choose what to cut out of a page: lines of words, displays, rows of them, with their numbers or without.

    Args:
        lines: Of the page.
        generator: Draws what is left out, and which numbers are taken in.
        everything: Whether nothing is left out, and every number is taken in.
    """

    def is_taken(share: float) -> bool:
        return everything or generator.random() < share

    numbers = {(line.group, line.row): line for line in lines if line.kind == "number"}
    for line in lines:
        if line.kind == "words" and is_taken(_WORDS_SHARE):
            yield Target(line.box, line.tokens, "words", line.source, line.box)
        if line.kind != "formula":
            continue
        if line.group < 0 or line.rows == 1 or is_taken(_ROW_SHARE):
            kind = "block" if line.is_block else "display" if line.rows == 1 else "row"
            number = numbers.get((line.group, line.row))
            if number is not None and is_taken(_NUMBER_SHARE):
                tag = (TAG, "{", *number.tokens[1:-1], "}")
                box = _around(line.box, number.box)
                yield Target(box, (*line.tokens, *tag), "numbered", line.source, line.box)
            else:
                yield Target(line.box, line.tokens, kind, line.source, line.box)
    for rows in lines_by_group(lines).values():
        is_complete = len(rows) == rows[0].rows > 1 and rows[0].whole
        if is_complete and is_taken(_WHOLE_SHARE):
            box = rows[0].box
            for row in rows[1:]:
                box = _around(box, row.box)
            yield Target(box, rows[0].whole, "rows", rows[0].source, box)


def _formulas_of_lines(
    document: Document, pages: TypesetPages, page: int, generator: random.Random
) -> Iterator[Target]:
    """Yield some formulas of paragraphs, each to be cut out of its line."""
    found = [
        (piece, place)
        for part in document.parts
        for piece in part.words
        if piece.text.startswith("$") and piece.text.endswith("$") and (place := pages.places.get(piece.number))
        if place.page == page and piece.text.count("$") == 2
    ]
    for piece, place in generator.sample(found, min(len(found), _FORMULAS_OF_LINES_A_PAGE)):
        try:
            tokens = tuple(normalise(piece.text[1:-1]))
        except LatexError:
            continue
        if len(tokens) > 2 or generator.random() < 0.2:
            yield Target(place.box, tokens, "inline", "inline", place.box)


def _numbers(lines: Sequence[PageLine], generator: random.Random) -> Iterator[Target]:
    """Yield some equation numbers alone, as the layout hands them over."""
    for line in lines:
        if line.kind == "number" and generator.random() < _NUMBER_ALONE_SHARE:
            tokens = tuple(token for token in line.tokens if token != " ")
            yield Target(line.box, tokens, "number", line.source, line.box)


def cut(
    target: Target,
    page: Grey,
    lines: Sequence[PageLine],
    pixels_per_point: float,
    generator: random.Random,
    hand: Hand,
) -> Grey | None:
    """Cut a target out of its page; None where another line would come in too far, or not far enough."""
    rectangle = _rectangle(target.box, page.shape, lines, generator, hand)
    if rectangle is None:
        return None
    left, top, right, bottom = rectangle
    image = page[top:bottom, left:right].copy()
    is_left = generator.random() < _NEIGHBOURS_LEFT_SHARE if hand.neighbours is None else hand.neighbours
    if not is_left and not hand.least_neighbour:
        _paint_over(image, _moved(target.box, left, top), pixels_per_point)
    if hand.border:
        image = np.pad(image, hand.border, constant_values=255)
    if generator.random() < _FRAME_SHARE if hand.frame is None else hand.frame:
        image = _framed(image, pixels_per_point, generator)
    return image


def _rectangle(
    box: Box, shape: tuple[int, ...], lines: Sequence[PageLine], generator: random.Random, hand: Hand
) -> tuple[int, int, int, int] | None:
    """Draw the margins of a rectangle round a box; neighbours may come in by half their height, no further."""
    low, high = (
        hand.margins
        or generator.choices([(low, high) for _, low, high in _MARGINS], [share for share, _, _ in _MARGINS])[0]
    )
    margins = [generator.uniform(low, high) for _ in range(4)]
    for _ in range(3):
        left, top = max(0, int(box[0] - margins[0])), max(0, int(box[1] - margins[1]))
        right = min(shape[1], int(np.ceil(box[2] + margins[2])))
        bottom = min(shape[0], int(np.ceil(box[3] + margins[3])))
        taken_in = [_share_inside(line.box, (left, top, right, bottom)) for line in lines if _is_apart(line.box, box)]
        if max(taken_in, default=0.0) <= _MOST_NEIGHBOUR:
            is_enough = max(taken_in, default=0.0) >= hand.least_neighbour
            return (left, top, right, bottom) if is_enough and right - left > 2 and bottom - top > 2 else None
        margins = [margin * 0.4 for margin in margins]
    return None


def _is_apart(box: Box, target: Box) -> bool:
    """Say whether a box is another line's: its middle is outside of the target."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    inside = target[0] <= x <= target[2] and target[1] <= y <= target[3]
    holds_target = (
        box[0] - 3 <= target[0] and target[2] <= box[2] + 3 and box[1] - 3 <= target[1] and target[3] <= box[3] + 3
    )
    return not inside and not holds_target


def _share_inside(box: Box, rectangle: tuple[int, int, int, int]) -> float:
    """Return which share of a box's height lies in a rectangle, 0 where they are apart."""
    wide = min(box[2], rectangle[2]) - max(box[0], rectangle[0])
    high = min(box[3], rectangle[3]) - max(box[1], rectangle[1])
    if wide <= 0 or high <= 0:
        return 0.0
    return high / max(box[3] - box[1], 1.0)


def _paint_over(image: Grey, own: Box, pixels_per_point: float) -> None:
    """Leave only what lies in the line's own box, and a hair round it."""
    hair = max(1, round(0.6 * pixels_per_point))
    left, top = max(0, int(own[0]) - hair), max(0, int(own[1]) - hair)
    right, bottom = int(np.ceil(own[2])) + hair, int(np.ceil(own[3])) + hair
    image[:top] = 255
    image[bottom:] = 255
    image[:, :left] = 255
    image[:, right:] = 255


def _framed(image: Grey, pixels_per_point: float, generator: random.Random) -> Grey:
    r"""Draw a frame of a slide or a table's cell round the crop, further off than that of `\boxed`."""
    gap = round(generator.uniform(6, 16) * pixels_per_point)
    outside = generator.randint(0, 4)
    padded = np.pad(image, gap + outside, constant_values=255)
    framed = Image.fromarray(padded)
    box = (outside, outside, padded.shape[1] - 1 - outside, padded.shape[0] - 1 - outside)
    grey, thick = generator.randint(0, 170), generator.randint(1, 3)
    ImageDraw.Draw(framed).rectangle(box, outline=grey, width=thick)
    return np.asarray(framed)


def layout_crops(
    pages: TypesetPages, lines: Sequence[Sequence[PageLine]], generator: random.Random, a_page: int
) -> Iterator[LayoutCrop]:
    """Drag rectangles over the pages: round a display, some lines of a paragraph, or both."""
    for page, on_page in enumerate(lines):
        if not on_page:
            continue
        for _ in range(a_page):
            crop = _layout_crop(pages.images[page], on_page, pages.pixels_per_point, generator)
            if crop is not None:
                yield crop


def _layout_crop(
    page: Grey, lines: Sequence[PageLine], pixels_per_point: float, generator: random.Random
) -> LayoutCrop | None:
    start = generator.choice(lines)
    if start.group >= 0 and generator.random() < 0.7:
        wanted = [line for line in lines if line.group == start.group]
        if generator.random() < 0.3:
            wanted = [line for line in wanted if line.kind != "number"] or wanted
    else:
        first = lines.index(start)
        wanted = list(lines[first : first + generator.choice((1, 1, 2, 3, 4, 6, 9))])
    box = wanted[0].box
    for line in wanted[1:]:
        box = _around(box, line.box)
    margins = [generator.uniform(0, generator.choice((2, 10, 20, 30))) for _ in range(4)]
    left, top = max(0, int(box[0] - margins[0])), max(0, int(box[1] - margins[1]))
    right = min(page.shape[1], int(np.ceil(box[2] + margins[2])))
    bottom = min(page.shape[0], int(np.ceil(box[3] + margins[3])))
    if (right - left) * (bottom - top) > 1_500_000 or right - left < 4 or bottom - top < 4:
        return None
    entries = []
    for line in lines:
        share = _share_inside(line.box, (left, top, right, bottom))
        if share <= 0:
            continue
        moved = _moved(line.box, left, top)
        wide = min(line.box[2], right) - max(line.box[0], left)
        is_cut = share < 0.75 or wide < 0.75 * (line.box[2] - line.box[0])
        entries.append(
            {
                "kind": line.kind, "box": [round(value, 1) for value in moved],
                "baseline": round(line.baseline - top, 1),
                "size": round(10 * pixels_per_point, 2), "cut": is_cut and line not in wanted, "group": line.group,
                "row": line.row, "rows": line.rows, "cells": [round(x - left, 1) for x in line.cells],
                "environment": line.environment, "block": line.is_block, "tokens": " ".join(line.tokens),
            }
        )  # fmt: skip
    image = page[top:bottom, left:right].copy()
    kind = draw_kind(generator, DIGIT_POINTS * pixels_per_point)
    # What turns or bends the page would move the lines from their boxes.
    kind = "clean" if kind in {"scan", "photo"} else kind
    return LayoutCrop(degrade(image, kind, generator), entries, kind)


def _around(first: Box, second: Box) -> Box:
    return (
        min(first[0], second[0]), min(first[1], second[1]), max(first[2], second[2]), max(first[3], second[3])
    )  # fmt: skip


def _moved(box: Box, left: int, top: int) -> Box:
    return box[0] - left, box[1] - top, box[2] - left, box[3] - top
