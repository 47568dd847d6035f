"""The losses of the token sequence and of the draft heads."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from model.layers.transformer_decoder import TransformerDecoder


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


def draft_loss(decoder: TransformerDecoder, features: Tensor, targets: Tensor, pad_id: int) -> Tensor:
    """Cross-entropy of the draft heads: after each token, of those that follow the next one.

    Args:
        decoder: With draft heads.
        features: (batch, length, width), the decoder's.
        targets: (batch, length), the next token after each.
        pad_id: The target to pass over.
    """
    logits = decoder.draft_logits(features, targets)  # (batch, length, guesses, vocabulary)
    length, guesses = logits.shape[1:3]
    padded = functional.pad(targets, (0, guesses), value=pad_id)
    later = torch.stack([padded[:, ahead : ahead + length] for ahead in range(1, guesses + 1)], dim=2)
    kept = later.flatten() != pad_id
    return functional.cross_entropy(logits.flatten(0, 2)[kept].float(), later.flatten()[kept])


def doubly_stochastic_loss(attention: Tensor, is_token: Tensor, is_cell: Tensor) -> Tensor:
    """Return by how much cells are looked at more or less than once in all (Xu et al. 2015, section 4.2.1).

    Args:
        attention: (batch, length, cells), summing to 1 over the cells.
        is_token: (batch, length), which tokens are no padding.
        is_cell: (batch, cells), which cells are an image's.

    Returns:
        The mean over the cells of (1 - sum over the tokens) squared.
    """
    looked = (attention * is_token[..., None]).sum(dim=1)
    return ((1.0 - looked).square() * is_cell).sum() / is_cell.sum()


def flooded(loss: Tensor, level: float) -> Tensor:
    """Return a loss that is driven up again below a level (Ishida et al. 2020, "Do we need zero training loss")."""
    return (loss - level).abs() + level if level > 0.0 else loss


def share_among_likeliest(logits: Tensor, targets: Tensor, pad_id: int, count: int = 5) -> float:
    """Return which share of targets (batch, length) are among the likeliest of logits (batch, length, vocabulary)."""
    kept = targets != pad_id
    best = logits[kept].topk(min(count, logits.shape[2]), dim=1).indices
    return float((best == targets[kept][:, None]).any(dim=1).float().mean())
