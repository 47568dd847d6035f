"""Draw random pairs of image and label on one sheet: to look at before training on them.

The one hard fact: a fault of pairing is seen here at a glance and nowhere else.
"""

from __future__ import annotations

import random
import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from model.data_preparation.packed_images import PackedImages

_COLUMNS = 2
_CELL_WIDTH = 760
_LINE_HEIGHT = 13
_LABEL_LINES = 4
_MARKED_PAIRS = 8


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
    rows = [cells[start : start + _COLUMNS] for start in range(0, len(cells), _COLUMNS)]
    heights = [max(cell.height for cell in row) for row in rows]
    sheet = Image.new("RGB", (_COLUMNS * _CELL_WIDTH, sum(heights)), "white")
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for column, cell in enumerate(row):
            sheet.paste(cell, (column * _CELL_WIDTH, top))
        top += height
    sheet.save(path)


def _draw_pair(packed: PackedImages, index: int, *, is_marked: bool) -> Image.Image:
    record = packed.record(index)
    pixels = np.repeat(255 - packed.image(index)[:, :, None], 3, axis=2)
    if is_marked:
        for _, x, y in packed.glyphs(index):
            if 0 <= y < pixels.shape[0] and 0 <= x < pixels.shape[1]:
                pixels[y, x] = (255, 0, 0)
    image = Image.fromarray(pixels)
    image.thumbnail((_CELL_WIDTH - 10, 400))
    lines = textwrap.wrap(record.tokens, 120)[:_LABEL_LINES]
    lines.append(f"{record.source}  {record.font} {record.size_pt} pt {record.dpi} dpi {record.style}  #{index}")
    cell = Image.new("RGB", (_CELL_WIDTH, image.height + _LINE_HEIGHT * len(lines) + 14), "white")
    cell.paste(image, (5, 5))
    draw = ImageDraw.Draw(cell)
    font = ImageFont.load_default(11)
    for number, line in enumerate(lines):
        colour = "blue" if number < len(lines) - 1 else "grey"
        draw.text((5, image.height + 8 + number * _LINE_HEIGHT), line, fill=colour, font=font)
    draw.line((0, cell.height - 1, _CELL_WIDTH, cell.height - 1), fill="lightgrey")
    return cell
