"""Decoder: a pre-norm Transformer that predicts the next token from the tokens so far and the memory.

The same layers run in two ways: over whole sequences with a causal mask (training) and one token at a time with cached
keys and values (decoding). Both give the same logits; a test holds them together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import torch
from torch import Tensor, nn

from model.networks.attention import FeedForward, attend, split_heads
from model.networks.draft_heads import DraftHeads
from model.networks.encoder import Memory
from model.networks.positions import sinusoids

MAXIMUM_TOKENS = 512
"""Longest sequence the positions are made for."""


@dataclass
class LayerCache:
    """Keys and values of one layer.

    Attributes:
        memory_keys: (images, heads, head_width, cells), computed once. This way round a step reads them in order, which
            takes a fifth less time.
        memory_values: (images, heads, cells, head_width), computed once.
        keys, values: (rows, heads, capacity, head_width), filled up to the current step; the rows of one image, which
            read the same memory, stand together.
    """

    memory_keys: Tensor
    memory_values: Tensor
    keys: Tensor
    values: Tensor

    def keep_images(self, order: list[int]) -> None:
        """Let the memory of other images go, in place: most of it is far too large to be copied at each end.

        Args:
            order: For each image that stays, where it is now; best most of them stay where they are.
        """
        moved = [(place, before) for place, before in enumerate(order) if place != before]
        if moved:
            places, before = zip(*moved, strict=True)
            self.memory_keys[list(places)] = self.memory_keys[list(before)]
            self.memory_values[list(places)] = self.memory_values[list(before)]
        self.memory_keys, self.memory_values = self.memory_keys[: len(order)], self.memory_values[: len(order)]

    def keep_rows(self, order: list[int], length: int) -> None:
        """Put the first `length` keys and values of the rows in another order, in place; rows may come twice or not."""
        if order != list(range(len(order))):
            self.keys[: len(order), :, :length] = self.keys[order, :, :length]
            self.values[: len(order), :, :length] = self.values[order, :, :length]
        self.keys, self.values = self.keys[: len(order)], self.values[: len(order)]

    def with_rows(self, rows_an_image: int, length: int) -> LayerCache:
        """Return the cache of several rows for each image, all with the same `length` tokens (the start of a beam)."""
        images, *shape = self.keys.shape
        cache = replace(
            self,
            keys=self.keys.new_empty(images * rows_an_image, *shape),
            values=self.values.new_empty(images * rows_an_image, *shape),
        )
        cache.keys[:, :, :length] = self.keys[:, :, :length].repeat_interleave(rows_an_image, dim=0)
        cache.values[:, :, :length] = self.values[:, :, :length].repeat_interleave(rows_an_image, dim=0)
        return cache


class DecoderLayer(nn.Module):
    """Causal self-attention, cross-attention to the memory, feed-forward; each behind its own norm."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.heads = heads
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

    def forward(self, features: Tensor, causal_bias: Tensor, memory: Memory) -> Tensor:
        """Map (batch, length, width) to the same shape, each position seeing itself and those before it."""
        queries, keys, values = self.query_key_value(self.self_norm(features)).chunk(3, dim=2)
        keys, values = split_heads(keys, self.heads), split_heads(values, self.heads)
        features = features + self.self_merge(attend(self._scaled(queries), keys, values, causal_bias))
        memory_keys, memory_values = self.memory_keys_values(memory)
        return self._cross_and_feed_forward(features, memory_keys, memory_values, memory.bias)

    def step(
        self,
        features: Tensor,
        cache: LayerCache,
        place: int,
        memory_bias: Tensor,
        token_bias: Tensor | None,
    ) -> Tensor:
        """Do the same for new tokens, (batch, length, width), writing their keys and values into the cache.

        Args:
            features: Of the new tokens.
            cache: Of this layer.
            place: How many tokens the cache holds.
            memory_bias: Of the cells.
            token_bias: Hides tokens, the new ones among them, from the new ones.
        """
        after = place + features.shape[1]
        queries, keys, values = self.query_key_value(self.self_norm(features)).chunk(3, dim=2)
        cache.keys[:, :, place:after] = split_heads(keys, self.heads)
        cache.values[:, :, place:after] = split_heads(values, self.heads)
        mixed = attend(self._scaled(queries), cache.keys[:, :, :after], cache.values[:, :, :after], token_bias)
        features = features + self.self_merge(mixed)
        return self._cross_and_feed_forward(
            features, cache.memory_keys.transpose(2, 3), cache.memory_values, memory_bias
        )

    def memory_keys_values(self, memory: Memory) -> tuple[Tensor, Tensor]:
        """Return keys and values of the memory, each (batch, heads, cells, head_width)."""
        keys, values = self.cross_key_value(memory.cells).chunk(2, dim=2)
        return split_heads(keys, self.heads), split_heads(values, self.heads)

    def _scaled(self, queries: Tensor) -> Tensor:
        return split_heads(queries * self.scale, self.heads)

    def _cross_and_feed_forward(self, features: Tensor, keys: Tensor, values: Tensor, bias: Tensor) -> Tensor:
        shape = features.shape
        # The rows of one image become one sequence: its keys and values are then read once, not once a row.
        features = features.reshape(len(keys), -1, shape[2])
        queries = self._scaled(self.cross_query(self.cross_norm(features)))
        features = features + self.cross_merge(attend(queries, keys, values, bias))
        fed: Tensor = features + self.feed_forward(self.feed_forward_norm(features))
        return fed.view(shape)


class Decoder(nn.Module):
    """Token ids and memory -> logits of the next token. Input and output share one embedding table."""

    positions: Tensor

    def __init__(
        self,
        *,
        vocabulary_size: int,
        width: int,
        heads: int,
        layers: int,
        feed_forward_width: int,
        draft_tokens: int = 0,
    ) -> None:
        super().__init__()
        self.width = width
        self.heads = heads
        self.embedding = nn.Embedding(vocabulary_size, width)
        nn.init.normal_(self.embedding.weight, std=width**-0.5)
        self.output_bias = nn.Parameter(torch.zeros(vocabulary_size))
        self.register_buffer("positions", sinusoids(MAXIMUM_TOKENS, width), persistent=False)
        self.layers = nn.ModuleList(DecoderLayer(width, heads, feed_forward_width) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.draft_heads = DraftHeads(width, draft_tokens) if draft_tokens else None

    def forward(self, token_ids: Tensor, memory: Memory) -> Tensor:
        """Return features (batch, length, width) after each of `token_ids` (batch, length); `logits` reads them."""
        length = token_ids.shape[1]
        features = self._embed(token_ids, self.positions[:length])
        causal_bias = torch.full((length, length), float("-inf"), device=token_ids.device, dtype=memory.cells.dtype)
        causal_bias = causal_bias.triu(1)
        for layer in self._layers():
            features = layer(features, causal_bias, memory)
        normed: Tensor = self.norm(features)
        return normed

    def logits(self, features: Tensor) -> Tensor:
        """Return logits (..., vocabulary) of the next token for features (..., width)."""
        return nn.functional.linear(features, self.embedding.weight, self.output_bias)

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

    def project(self, memory: Memory) -> Memory:
        """Return the memory with the keys and values that the layers make of it, so that decodings can share them."""
        projected = []
        for layer in self._layers():
            keys, values = layer.memory_keys_values(memory)
            projected.append((keys.transpose(2, 3).contiguous(), values.contiguous()))
        return replace(memory, projected=tuple(projected))

    def start(self, memory: Memory, capacity: int) -> list[LayerCache]:
        """Prepare a cache for at most `capacity` tokens; the memory is projected here unless it has been."""
        shape = (memory.cells.shape[0], self.heads, capacity, self.width // self.heads)
        projected = memory.projected or self.project(memory).projected
        return [LayerCache(keys, values, keys.new_empty(shape), keys.new_empty(shape)) for keys, values in projected]

    def advance(self, token_ids: Tensor, place: int, caches: list[LayerCache], memory_bias: Tensor) -> Tensor:
        """Take several tokens, (batch, length), at once; returns features (batch, length, width) after each.

        Args:
            token_ids: Ids of the tokens from `place` on.
            place: How many tokens were taken before.
            caches: What was taken before; what lies behind `place` in them is written over.
            memory_bias: Of the cells.
        """
        length = token_ids.shape[1]
        features = self._embed(token_ids, self.positions[place : place + length])
        token_bias = None
        if length > 1:  # Hides what comes later.
            token_bias = torch.full((length, place + length), float("-inf"), device=features.device).triu(place + 1)
            token_bias = token_bias.to(features.dtype)
        for layer, cache in zip(self._layers(), caches, strict=True):
            features = layer.step(features, cache, place, memory_bias, token_bias)
        normed: Tensor = self.norm(features)
        return normed

    def step(self, token_ids: Tensor, place: int, caches: list[LayerCache], memory_bias: Tensor) -> Tensor:
        """Return logits (batch, vocabulary) after the token at `place`, `token_ids` being (batch,)."""
        return self.logits(self.advance(token_ids[:, None], place, caches, memory_bias)[:, 0])

    def _layers(self) -> list[DecoderLayer]:
        return cast("list[DecoderLayer]", list(self.layers))

    def _embed(self, token_ids: Tensor, positions: Tensor) -> Tensor:
        embedded: Tensor = self.embedding(token_ids) * self.width**0.5 + positions
        return embedded


def without_gaps(kept: list[int]) -> list[int]:
    """Return what is kept, ascending, so ordered that as much as can be stays in its place."""
    stay = {place for place in kept if place < len(kept)}
    movers = iter(place for place in kept if place >= len(kept))
    return [place if place in stay else next(movers) for place in range(len(kept))]
