"""A network of an encoder and a recurrent decoder: how it is trained, and the graphs that read a formula with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from model.architectures.interface import Architecture, Axes, DecoderPart, EncoderPart, Graph, Graphs, NetworkOutput
from model.layers.recurrent_decoders import RecurrentDecoder


def decoder_of(kind: Callable[..., RecurrentDecoder], config: Any, cell_width: int, **more: Any) -> RecurrentDecoder:
    """Return the decoder that a config asks for by its width, embedding_width and dropout."""
    return kind(
        config.vocabulary_size,
        cell_width,
        config.width,
        embedding_width=config.embedding_width,
        dropout=config.dropout,
        **more,
    )


class RecurrentNetwork(Architecture):
    """Formula image -> logits over tokens, one token after another.

    Args:
        config: Of the architecture.
        encoder: Of `model.layers.grid_encoder`.
        decoder: Of `model.layers.recurrent_decoders`.
    """

    decoder: RecurrentDecoder
    feeds_itself = True

    def __init__(self, config: Any, encoder: nn.Module, decoder: RecurrentDecoder) -> None:
        super().__init__(config, encoder, decoder)

    def forward(self, images: Tensor, sizes: Tensor, token_ids: Tensor, own: Tensor | None = None) -> NetworkOutput:
        """Read images, as for `encode`, with the tokens so far, (batch, length).

        Where `own` (batch, length) is true, the likeliest token after the one before stands in for the token given.
        """
        memory = self.encode(images, sizes)
        decoder = self.decoder
        seen = decoder.look(memory.cells)
        states = decoder.start(memory.cells, memory.bias[:, 0, 0] == 0, seen)
        hidden, attention = [], []
        guess = token_ids[:, 0]
        for position in range(token_ids.shape[1]):
            tokens = token_ids[:, position]
            if own is not None and position > 0:
                tokens = torch.where(own[:, position], guess, tokens)
            made = decoder.step(tokens, states, seen, memory.bias)
            states = made.states
            hidden.append(made.hidden)
            attention.append(made.attention)
            if own is not None:
                guess = decoder.logits(made.hidden.detach()).argmax(dim=1)
        features = torch.stack(hidden, dim=1)
        return NetworkOutput(decoder.logits(features), features, memory, torch.cat(attention, dim=1))

    def graphs(self) -> Graphs:
        """Return the parts that read a formula; they share the network's parameters."""
        decoder = self.decoder

        def memory(images: int | str) -> dict[str, Axes]:
            seen: dict[str, Axes] = {
                f"memory.seen.{part}": (images, "cells", width) for part, width in enumerate(decoder.seen_widths)
            }
            return seen | {f"memory.start.{part}": (images, width) for part, width in enumerate(decoder.state_widths)}

        def states(prefix: str) -> dict[str, Axes]:
            return {f"{prefix}.{part}": ("rows", width) for part, width in enumerate(decoder.state_widths)}

        encoder = Graph(
            _EncoderGraph(self), {"image": (1, 1, "height", "width")}, {"places": ("cells",), "grid": (2,), **memory(1)}
        )
        step = Graph(
            _StepGraph(self),
            {
                "tokens": ("rows", 1),
                "positions": ("rows", 1),
                "memory_bias": ("images", 1, 1, "cells"),
                **memory("images"),
                **states("cache"),
            },
            {
                "logits": ("rows", 1, self.config.vocabulary_size),
                "hidden": ("rows", 1, decoder.width),
                "attention": ("images", "queries", "cells"),
                **states("next.cache"),
            },
        )
        return Graphs(encoder, step, None)


class _EncoderGraph(EncoderPart):
    """One image, all of it, what the decoder keeps of it, and the states that it begins with."""

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        cells, places, grid = self.encode_one(image)
        decoder = self.decoder
        seen = decoder.look(cells)
        return places, grid, *seen, *decoder.start(cells, torch.ones_like(cells[..., 0]), seen)


class _StepGraph(DecoderPart):
    """One token more of some formulas."""

    def forward(self, tokens: Tensor, positions: Tensor, memory_bias: Tensor, *tensors: Tensor) -> tuple[Tensor, ...]:
        decoder = self.decoder
        seen_count, state_count = len(decoder.seen_widths), len(decoder.state_widths)
        seen, start, kept = (
            tensors[:seen_count],
            tensors[seen_count : seen_count + state_count],
            tensors[seen_count + state_count :],
        )
        images = memory_bias.shape[0]
        is_first = (positions == 0).reshape(images, -1, 1)
        # The caches of formulas that have not begun are empty: their states are those that the image made.
        states = tuple(
            torch.where(is_first, first[:, None], state.reshape(images, -1, first.shape[1])).reshape(-1, first.shape[1])
            for first, state in zip(start, kept, strict=True)
        )
        made = decoder.step(tokens[:, 0], states, seen, memory_bias)
        return decoder.logits(made.hidden)[:, None], made.hidden[:, None], made.attention, *made.states
