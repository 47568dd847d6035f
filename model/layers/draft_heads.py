"""Draft heads: from what the decoder knows after a token, guess the tokens after the next one, all at once.

Decoding shows the guesses to the decoder in one step, which costs hardly more than a step of one token, and keeps those
that the decoder itself would have written: the formula is the same, in fewer steps (Stern et al. 2018, "Blockwise
parallel decoding"; with heads on a whole decoder as Cai et al. 2024, "Medusa").
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class DraftHeads(nn.Module):
    """(features after a token, embedding of the next token) -> features from which the tokens after that are read."""

    def __init__(self, width: int, count: int) -> None:
        super().__init__()
        self.count = count
        self.mix = nn.Linear(2 * width, count * width)

    def forward(self, features: Tensor, next_embedded: Tensor) -> Tensor:
        """Return (..., count, width), one for each guessed token, for two inputs (..., width)."""
        mixed = nn.functional.relu(self.mix(torch.cat([features, next_embedded], dim=-1)))
        drafted: Tensor = features.unsqueeze(-2) + mixed.unflatten(-1, (self.count, -1))
        return drafted
