"""Sheets of images with lines of text below each, to look at: of random pairs of image and label, above all.

The one hard fact: a fault of pairing is seen here at a glance and nowhere else.
"""

from __future__ import annotations

import random
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

from model.data_preparation.packed_images import PackedImages

COLUMNS: Final = 2

_MARGIN = 8
_CELL_WIDTH = 760
_LABEL_LINES = 4
_MARKED_PAIRS = 8


def draw_cell(
    image: Image.Image, lines: Sequence[tuple[str, str]], *, width: int, most_height: int, line_height: int
) -> Image.Image:
    """Draw an image, reduced to fit, with lines of (text, colour) below it."""
    shown = image.copy()
    shown.thumbnail((width - 2 * _MARGIN, most_height))
    cell = Image.new("RGB", (width, shown.height + line_height * len(lines) + 3 * _MARGIN), "white")
    cell.paste(shown, (_MARGIN, _MARGIN))
    draw = ImageDraw.Draw(cell)
    font = ImageFont.truetype(font_manager.findfont("DejaVu Sans"), line_height - 3)  # Pillow's own has no Cyrillic
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


def draw_contact_sheet(packed: PackedImages, path: Path, *, pairs: int = 48, seed: int = 0) -> None:
    """Write a PNG with random image-label pairs; on the last few, red dots mark where the glyphs are said to be.

    Args:
        packed: Where the pairs are drawn from.
        path: The image to write.
        pairs: How many.
        seed: Of the random choice.
    """
    chosen = random.Random(seed).sample(range(len(packed)), min(pairs, len(packed)))
    cells = [
        _draw_pair(packed, index, is_marked=place >= len(chosen) - _MARKED_PAIRS) for place, index in enumerate(chosen)
    ]
    join_cells(cells).save(path)


def _draw_pair(packed: PackedImages, index: int, *, is_marked: bool) -> Image.Image:
    record = packed.record(index)
    pixels = np.repeat(255 - packed.image(index)[:, :, None], 3, axis=2)
    if is_marked:
        for _, x, y in packed.glyphs(index):
            if 0 <= y < pixels.shape[0] and 0 <= x < pixels.shape[1]:
                pixels[y, x] = (255, 0, 0)
    lines = [(line, "blue") for line in textwrap.wrap(record.tokens, 120)[:_LABEL_LINES]]
    look = f"{record.source}  {record.font} {record.size_pt} pt {record.dpi} dpi {record.style}  #{index}"
    lines.append((look, "grey"))
    return draw_cell(Image.fromarray(pixels), lines, width=_CELL_WIDTH, most_height=400, line_height=13)
