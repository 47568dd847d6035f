"""A training-only head that names the glyph drawn at a point of the image.

The typesetter knows each glyph's font, code and place. Asking the encoder's grid for them gives it a dense signal from
the first step, instead of one squeezed through the decoder. The head is left out when weights are exported.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from model.dimensions import CELL_HEIGHT, CELL_WIDTH
from model.layers.memory import Memory
from model.training.dataset import GLYPH_FONTS, Batch

GLYPH_CODES = 257
"""Character codes of TeX's fonts, and one for rules."""

GLYPHS_PER_BATCH = 1000
"""Glyphs asked for in one batch; more would cost time and tell little."""


class GlyphHead(nn.Module):
    """(cell of the memory, place of the glyph's centre within it) -> character code and font.

    Args:
        width: Of a cell.
        reduction: By which the network makes images smaller.
    """

    def __init__(self, width: int, reduction: int = 1) -> None:
        super().__init__()
        self.cell_height, self.cell_width = CELL_HEIGHT * reduction, CELL_WIDTH * reduction
        self.place = nn.Linear(4, width)
        self.hidden = nn.Linear(width, width)
        self.name_code = nn.Linear(width, GLYPH_CODES)
        self.name_font = nn.Linear(width, GLYPH_FONTS)

    def forward(self, memory: Memory, images: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits of the code (glyphs, GLYPH_CODES) and of the font (glyphs, GLYPH_FONTS).

        Args:
            memory: Of the whole batch.
            images: (glyphs,) index into the batch.
            x: (glyphs,) centre in pixels of the padded batch, from the left.
            y: (glyphs,) the same, from the top.
        """
        rows = (y / self.cell_height).long().clamp(0, memory.rows - 1)
        columns = (x / self.cell_width).long().clamp(0, memory.columns - 1)
        if memory.grid is None:
            raise ValueError("Only the memory of a network in training has the whole grid.")
        cells = memory.grid[images, rows * memory.columns + columns]  # (glyphs, width)
        across = x / self.cell_width - columns - 0.5
        down = y / self.cell_height - rows - 0.5
        # Squares let the head tell the middle of a cell from its edges.
        within = torch.stack([across, down, across.square(), down.square()], dim=1)
        features = nn.functional.relu(self.hidden(cells) + self.place(within))
        return self.name_code(features), self.name_font(features)

    def loss(self, memory: Memory, batch: Batch) -> Tensor:
        """Return the cross-entropy of code and font of evenly picked glyphs; zero when the batch names none."""
        picked = slice(None, None, max(1, len(batch.glyph_codes) // GLYPHS_PER_BATCH))
        if len(batch.glyph_codes) == 0:
            return memory.cells.new_zeros(())
        codes, fonts = self(memory, batch.glyph_images[picked], batch.glyph_x[picked], batch.glyph_y[picked])
        of_code = nn.functional.cross_entropy(codes.float(), batch.glyph_codes[picked])
        return of_code + 0.3 * nn.functional.cross_entropy(fonts.float(), batch.glyph_fonts[picked])
