"""What the layout network is trained on: cores as in DBNet, and the properties of inked cells."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from model.layout.maps import Channel

_STEEPNESS = 50.0  # k of differentiable binarisation
_NEGATIVES = 3  # hardest cells without a core that count for each one with
_CLASS_WEIGHTS = (1.5, 0.7, 4.0, 2.0, 2.0)  # words have most of the ink, numbers least


@dataclass(frozen=True)
class LayoutLosses:
    """The parts of the loss, each a scalar."""

    core: Tensor
    ink_class: Tensor
    block: Tensor
    offset: Tensor

    @property
    def total(self) -> Tensor:
        """What is minimised."""
        return self.core + self.ink_class + 0.5 * self.block + 0.5 * self.offset


def layout_losses(maps: Tensor, core: Tensor, ink_class: Tensor, block: Tensor, offset: Tensor) -> LayoutLosses:
    """Compare the network's maps with the targets.

    Args:
        maps: (batch, MAP_COUNT, rows, columns), logits.
        core: (batch, rows, columns) in [0, 1].
        ink_class: Likewise, int64, -1 where there is nothing to learn.
        block: Likewise, 1, 0 or -1.
        offset: Likewise, heights of a digit.
    """
    probability = maps[:, Channel.CORE].sigmoid()
    threshold = maps[:, Channel.THRESHOLD].sigmoid()
    binary = torch.sigmoid(_STEEPNESS * (probability - threshold))
    weights = torch.tensor(_CLASS_WEIGHTS)
    classes = F.cross_entropy(maps[:, Channel.CLASSES :], ink_class, weight=weights, ignore_index=-1)
    is_known = block >= 0
    known = is_known.sum().clamp(min=1)
    blocks = F.binary_cross_entropy_with_logits(maps[:, Channel.BLOCK], block.clamp(min=0).float(), reduction="none")
    offsets = F.smooth_l1_loss(maps[:, Channel.OFFSET], offset, beta=0.3, reduction="none")
    return LayoutLosses(
        core=_balanced_cross_entropy(maps[:, Channel.CORE], core) + _dice_loss(binary, core),
        ink_class=torch.nan_to_num(classes),
        block=(blocks * is_known).sum() / known,
        offset=(offsets * is_known).sum() / known,
    )


def _balanced_cross_entropy(logits: Tensor, core: Tensor) -> Tensor:
    """Cross-entropy over the cells of cores and the hardest of the others (Shrivastava et al. 2016)."""
    losses = F.binary_cross_entropy_with_logits(logits, core, reduction="none").flatten()
    is_core = core.flatten() > 0
    positive, negative = losses[is_core], losses[~is_core]
    kept = min(len(negative), _NEGATIVES * max(len(positive), 1))
    hardest = negative.topk(kept).values
    return (positive.sum() + hardest.sum()) / (len(positive) + kept)


def _dice_loss(binary: Tensor, core: Tensor) -> Tensor:
    overlap = (binary * core).sum()
    return 1 - (2 * overlap + 1) / (binary.sum() + core.sum() + 1)
