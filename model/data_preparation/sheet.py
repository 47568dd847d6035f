"""A sheet of images with lines of text below each, to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw, ImageFont

COLUMNS: Final = 2

_MARGIN = 8


def draw_cell(
    image: Image.Image, lines: Sequence[tuple[str, str]], *, width: int, most_height: int, line_height: int
) -> Image.Image:
    """Draw an image, reduced to fit, with lines of (text, colour) below it."""
    shown = image.copy()
    shown.thumbnail((width - 2 * _MARGIN, most_height))
    cell = Image.new("RGB", (width, shown.height + line_height * len(lines) + 3 * _MARGIN), "white")
    cell.paste(shown, (_MARGIN, _MARGIN))
    draw = ImageDraw.Draw(cell)
    font = ImageFont.load_default(line_height - 2)
    for number, (text, colour) in enumerate(lines):
        draw.text((_MARGIN, shown.height + 2 * _MARGIN + number * line_height), text, fill=colour, font=font)
    draw.line((0, cell.height - 1, width, cell.height - 1), fill="lightgrey")
    return cell


def join_cells(cells: Sequence[Image.Image]) -> Image.Image:
    """Return a sheet of cells of one width, in two columns."""
    rows = [cells[start : start + COLUMNS] for start in range(0, len(cells), COLUMNS)]
    heights = [max(cell.height for cell in row) for row in rows]
    width = max((cell.width for cell in cells), default=1)
    sheet = Image.new("RGB", (COLUMNS * width, max(sum(heights), 1)), "white")
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for column, cell in enumerate(row):
            sheet.paste(cell, (column * width, top))
        top += height
    return sheet
