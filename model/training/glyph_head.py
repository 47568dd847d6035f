"""A training-only head that names the glyph drawn at a point of the image.

The typesetter knows each glyph's font, code and place. Asking the encoder's grid for them gives it a dense signal from
the first step, instead of one squeezed through the decoder. The head is left out when weights are exported.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from model.networks.encoder import CELL_HEIGHT, CELL_WIDTH, Memory
from model.training.dataset import GLYPH_CLASSES, Batch

GLYPHS_PER_BATCH = 600
"""Glyphs asked for in one batch; more would cost time and tell little."""


class GlyphHead(nn.Module):
    """(cell of the memory, place of the glyph's centre within it) -> logits over glyph classes."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.place = nn.Linear(4, width)
        self.hidden = nn.Linear(width, width)
        self.classify = nn.Linear(width, GLYPH_CLASSES)

    def forward(self, memory: Memory, images: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """Return logits (glyphs, classes).

        Args:
            memory: Of the whole batch.
            images: (glyphs,) index into the batch.
            x: (glyphs,) centre in pixels of the padded batch, from the left.
            y: (glyphs,) the same, from the top.
        """
        rows = (y / CELL_HEIGHT).long().clamp(0, memory.rows - 1)
        columns = (x / CELL_WIDTH).long().clamp(0, memory.columns - 1)
        cells = memory.cells[images, rows * memory.columns + columns]  # (glyphs, width)
        across = x / CELL_WIDTH - columns - 0.5
        down = y / CELL_HEIGHT - rows - 0.5
        # Squares let the head tell the middle of a cell from its edges.
        within = torch.stack([across, down, across.square(), down.square()], dim=1)
        features = nn.functional.relu(self.hidden(cells) + self.place(within))
        logits: Tensor = self.classify(features)
        return logits

    def sample(self, memory: Memory, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return logits (glyphs, classes) and the true classes (glyphs,) of evenly picked glyphs of a batch."""
        picked = slice(None, None, max(1, len(batch.glyph_classes) // GLYPHS_PER_BATCH))
        logits = self(memory, batch.glyph_images[picked], batch.glyph_x[picked], batch.glyph_y[picked])
        return logits, batch.glyph_classes[picked]
