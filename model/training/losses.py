"""The loss of the token sequence."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional


def token_loss(logits: Tensor, targets: Tensor, pad_id: int, smoothing: float) -> Tensor:
    """Cross-entropy of the next token, averaged over all tokens that are not padding.

    Args:
        logits: (batch, length, vocabulary).
        targets: (batch, length).
        pad_id: The target to pass over.
        smoothing: Share of each target spread over the vocabulary (Szegedy et al. 2016).
    """
    kept = targets.flatten() != pad_id
    return functional.cross_entropy(
        logits.flatten(0, 1)[kept].float(), targets.flatten()[kept], label_smoothing=smoothing
    )
