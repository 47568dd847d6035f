"""Weights of a smaller vocabulary in a network of a larger one that begins with it."""

from __future__ import annotations

import unicodedata

import torch
from torch import Tensor

from model.vocabulary import SPECIAL_TOKENS, Vocabulary

_NOISE = 0.3
"""Of a new token's embedding, relative to the mean length of the old ones: enough to tell it from its relative."""


class VocabularyGrowthError(ValueError):
    """The weights' vocabulary is not the beginning of the network's."""


def grow(state: dict[str, Tensor], known_hash: str, vocabulary: Vocabulary) -> dict[str, Tensor]:
    """Return a network's tensors with a row for each token of the vocabulary.

    An accented letter starts as its plain letter, any other new token as the mean of the rarest ten old ones; both with
    some noise. No new token is likely at first.

    Args:
        state: Of a network of the first tokens of `vocabulary`.
        known_hash: Hash of the vocabulary that the network was trained with.
        vocabulary: The larger one.

    Raises:
        VocabularyGrowthError: The larger vocabulary does not begin with the known one.
    """
    embedding, bias = state["decoder.embedding.weight"], state["decoder.output_bias"]
    known = embedding.shape[0]
    if known > len(vocabulary) or Vocabulary(vocabulary.tokens[:known]).hash != known_hash:
        raise VocabularyGrowthError(
            "The weights were trained with another vocabulary, which this one does not begin with."
        )
    generator = torch.Generator().manual_seed(known)
    ids = {token: number for number, token in enumerate(vocabulary.tokens[:known])}
    rarest = embedding[-10:].mean(dim=0)
    length = embedding[len(SPECIAL_TOKENS) :].norm(dim=1).mean()
    rows = []
    for token in vocabulary.tokens[known:]:
        relative = ids.get(unicodedata.normalize("NFD", token)[0])
        noise = torch.randn(embedding.shape[1], generator=generator)
        start = rarest if relative is None else embedding[relative]
        rows.append(start + noise * (_NOISE * length / noise.norm()))
    if not rows:
        return state
    biases = bias.min().expand(len(rows))
    return state | {
        "decoder.embedding.weight": torch.cat([embedding, torch.stack(rows)]),
        "decoder.output_bias": torch.cat([bias, biases]),
    }
