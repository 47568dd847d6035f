"""Draw random pairs of image and label on one sheet: to look at before training on them.

The one hard fact: a fault of pairing is seen here at a glance and nowhere else.
"""

from __future__ import annotations

import random
import textwrap
from pathlib import Path

import numpy as np
from PIL import Image

from model.data_preparation.packed_images import PackedImages
from model.data_preparation.sheet import draw_cell, join_cells

_CELL_WIDTH = 760
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
