"""A pre-norm Transformer that predicts the next token from the tokens so far and the memory.

The same layers run in two ways: over whole sequences with a causal mask (training) and a few tokens at a time with
cached keys and values (decoding). Both give the same logits; a test holds them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from model.dimensions import MAXIMUM_TOKENS
from model.layers.attention import FeedForward, attend, split_heads
from model.layers.draft_heads import DraftHeads
from model.layers.memory import Memory
from model.layers.positions import sinusoids, sinusoids_at


@dataclass(frozen=True)
class LayerCache:
    """What one layer attends to beside the new tokens.

    Attributes:
        memory_keys: (images, heads, head_width, cells). This way round a step reads them in order, which takes a fifth
            less time.
        memory_values: (images, heads, cells, head_width).
        keys, values: (rows, heads, capacity, head_width), of the tokens so far; the rows of one image stand together.
    """

    memory_keys: Tensor
    memory_values: Tensor
    keys: Tensor
    values: Tensor


class LayerStep(NamedTuple):
    """What a layer makes of new tokens.

    Attributes:
        features: (rows, tokens, width).
        keys, values: (rows, heads, tokens, head_width), for the cache.
        attention: (images, rows of an image * tokens, cells), where the tokens looked in the memory: the mean over the
            heads, which sums to 1.
    """

    features: Tensor
    keys: Tensor
    values: Tensor
    attention: Tensor


class DecoderLayer(nn.Module):
    """Causal self-attention, cross-attention to the memory, feed-forward; each behind its own norm."""

    def __init__(self, width: int, heads: int, hidden: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.heads = heads
        self.dropout = nn.Dropout(dropout)
        self.scale = (width // heads) ** -0.5
        self.self_norm = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.self_merge = nn.Linear(width, width)
        self.cross_norm = nn.LayerNorm(width)
        self.cross_query = nn.Linear(width, width)
        self.cross_key_value = nn.Linear(width, 2 * width)
        self.cross_merge = nn.Linear(width, width)
        self.feed_forward_norm = nn.LayerNorm(width)
        self.feed_forward = FeedForward(width, hidden)

    def forward(self, features: Tensor, causal_bias: Tensor | None, memory: Memory) -> Tensor:
        """Map (batch, length, width) to the same shape, each position seeing those that the bias leaves it."""
        queries, keys, values = self.query_key_value(self.self_norm(features)).chunk(3, dim=2)
        keys, values = split_heads(keys, self.heads), split_heads(values, self.heads)
        features = features + self.dropout(self.self_merge(attend(self._scaled(queries), keys, values, causal_bias)))
        memory_keys, memory_values = self.memory_keys_values(memory.cells)
        queries = self._scaled(self.cross_query(self.cross_norm(features)))
        features = features + self.dropout(self.cross_merge(attend(queries, memory_keys, memory_values, memory.bias)))
        fed: Tensor = features + self.dropout(self.feed_forward(self.feed_forward_norm(features)))
        return fed

    def step(self, features: Tensor, cache: LayerCache, memory_bias: Tensor, token_bias: Tensor) -> LayerStep:
        """Do the same for a few new tokens, (rows, tokens, width).

        Shapes are taken from as few tensors as can be: each costs an exported graph several operations.

        Args:
            features: Of the new tokens.
            cache: Of this layer.
            memory_bias: (images, 1, 1, cells).
            token_bias: (rows, 1, tokens, capacity + tokens), hides what a new token may not see: places of the cache
                that are empty, and tokens after it.
        """
        rows, tokens, _ = features.shape
        head_width = self.self_norm.normalized_shape[0] // self.heads
        width = self.heads * head_width
        projected = self.query_key_value(self.self_norm(features)).reshape(rows, tokens, 3 * self.heads, head_width)
        queries, keys, values = projected.transpose(1, 2).split(self.heads, dim=1)
        queries = queries * self.scale
        # The cache is never copied to stand beside the new keys: only the scores are joined.
        scores = torch.cat([queries @ cache.keys.transpose(2, 3), queries @ keys.transpose(2, 3)], dim=3)
        weights = (scores + token_bias).softmax(dim=3)
        capacity = cache.keys.shape[2]
        mixed = weights[..., :capacity] @ cache.values + weights[..., capacity:] @ values
        features = features + self.self_merge(mixed.transpose(1, 2).reshape(rows, tokens, width))
        # The rows of one image become one sequence: its keys and values are then read once, not once a row.
        queries = self.cross_query(self.cross_norm(features)) * self.scale
        queries = queries.reshape(memory_bias.shape[0], -1, self.heads, head_width).transpose(1, 2)
        weights = (queries @ cache.memory_keys + memory_bias).softmax(dim=3)  # (images, heads, rows * tokens, cells)
        mixed = (weights @ cache.memory_values).transpose(1, 2).reshape(rows, tokens, width)
        features = features + self.cross_merge(mixed)
        features = features + self.feed_forward(self.feed_forward_norm(features))
        return LayerStep(features, keys, values, weights.mean(dim=1))

    def memory_keys_values(self, cells: Tensor) -> tuple[Tensor, Tensor]:
        """Return keys and values of the memory's cells, each (batch, heads, cells, head_width)."""
        keys, values = self.cross_key_value(cells).chunk(2, dim=2)
        return split_heads(keys, self.heads), split_heads(values, self.heads)

    def _scaled(self, queries: Tensor) -> Tensor:
        return split_heads(queries * self.scale, self.heads)


class DecoderStep(NamedTuple):
    """What the decoder makes of new tokens.

    Attributes:
        hidden: (rows, tokens, width), what the logits and the draft heads read.
        keys, values: Of each layer, (rows, heads, tokens, head_width), for the caches.
        attention: Of the last layer, as `LayerStep` has it.
    """

    hidden: Tensor
    keys: list[Tensor]
    values: list[Tensor]
    attention: Tensor


class TiedEmbedding(nn.Module):
    """What a decoder reads of tokens and writes of them: input and output share one embedding table."""

    positions: Tensor

    def __init__(self, vocabulary_size: int, width: int, heads: int) -> None:
        super().__init__()
        self.width, self.heads = width, heads
        self.embedding = nn.Embedding(vocabulary_size, width)
        nn.init.normal_(self.embedding.weight, std=width**-0.5)
        self.output_bias = nn.Parameter(torch.zeros(vocabulary_size))
        self.register_buffer("positions", sinusoids(MAXIMUM_TOKENS, width), persistent=False)

    def embed(self, token_ids: Tensor, positions: Tensor) -> Tensor:
        """Return features (rows, tokens, width) of tokens at positions, (rows or none, tokens, width)."""
        embedded: Tensor = self.embedding(token_ids) * self.width**0.5 + positions
        return embedded

    def logits(self, features: Tensor) -> Tensor:
        """Return logits (..., vocabulary) of the next token for features (..., width)."""
        return nn.functional.linear(features, self.embedding.weight, self.output_bias)


class TransformerDecoder(TiedEmbedding):
    """Token ids and memory -> logits of the next token."""

    def __init__(
        self,
        *,
        vocabulary_size: int,
        width: int,
        heads: int,
        layers: int,
        feed_forward_width: int,
        draft_tokens: int = 0,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(vocabulary_size, width, heads)
        self.layers = nn.ModuleList(DecoderLayer(width, heads, feed_forward_width, dropout) for _ in range(layers))
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(width)
        self.draft_heads = DraftHeads(width, draft_tokens) if draft_tokens else None

    def forward(self, token_ids: Tensor, memory: Memory, *, causal: bool = True) -> Tensor:
        """Return features (batch, length, width) after each of `token_ids` (batch, length); `logits` reads them.

        Not `causal`, each position sees those after it as well, which masked tokens are foreseen from.
        """
        length = token_ids.shape[1]
        features = self.dropout(self.embed(token_ids, self.positions[:length]))
        causal_bias = None
        if causal:
            causal_bias = torch.full((length, length), float("-inf"), device=token_ids.device, dtype=memory.cells.dtype)
            causal_bias = causal_bias.triu(1)
        for layer in self._layers():
            features = layer(features, causal_bias, memory)
        normed: Tensor = self.norm(features)
        return normed

    def draft_logits(self, features: Tensor, next_ids: Tensor) -> Tensor:
        """Return logits (..., guesses, vocabulary) of the tokens after the next one.

        Args:
            features: (..., width), after some token.
            next_ids: (...), the token after that.

        Raises:
            ValueError: The network has no draft heads.
        """
        if self.draft_heads is None:
            raise ValueError("This network has no draft heads.")
        return self.logits(self.draft_heads(features, self.embedding(next_ids) * self.width**0.5))

    def memory_keys_values(self, cells: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Return for each layer the keys and values that it makes of the memory, shaped as `LayerCache` holds them."""
        projected = (layer.memory_keys_values(cells) for layer in self._layers())
        return [(keys.transpose(2, 3).contiguous(), values.contiguous()) for keys, values in projected]

    def step(
        self,
        token_ids: Tensor,
        positions: Tensor,
        caches: Sequence[LayerCache],
        memory_bias: Tensor,
        token_bias: Tensor,
    ) -> DecoderStep:
        """Take a few tokens at once.

        Args:
            token_ids: (rows, tokens).
            positions: (rows, tokens), how many tokens stand before each.
            caches: Of each layer.
            memory_bias: As for `DecoderLayer.step`.
            token_bias: As for `DecoderLayer.step`.
        """
        features = self.embed(token_ids, sinusoids_at(positions, self.width))
        steps: list[LayerStep] = []
        for layer, cache in zip(self._layers(), caches, strict=True):
            steps.append(layer.step(features, cache, memory_bias, token_bias))
            features = steps[-1].features
        return DecoderStep(
            self.norm(features), [one.keys for one in steps], [one.values for one in steps], steps[-1].attention
        )

    def _layers(self) -> list[DecoderLayer]:
        return cast("list[DecoderLayer]", list(self.layers))
