"""A network of an encoder and a Transformer decoder: how it is trained, and the graphs that read a formula with it."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from model.architectures.interface import Architecture, Axes, DecoderPart, EncoderPart, Graph, Graphs, NetworkOutput
from model.layers.transformer_decoder import LayerCache, TransformerDecoder


class TransformerNetwork(Architecture):
    """Formula image -> logits over tokens, all of them at once while it is trained.

    Args:
        config: Of the architecture.
        encoder: `model.layers.residual_encoder` or one of `model.layers.grid_encoder`.
        decoder: The Transformer.
    """

    decoder: TransformerDecoder

    def __init__(self, config: Any, encoder: nn.Module, decoder: TransformerDecoder) -> None:
        super().__init__(config, encoder, decoder)

    def forward(self, images: Tensor, sizes: Tensor, token_ids: Tensor) -> NetworkOutput:
        """Read images, as for `encode`, with the tokens so far, (batch, length)."""
        memory = self.encode(images, sizes)
        features: Tensor = self.decoder(token_ids, memory)
        return NetworkOutput(self.decoder.logits(features), features, memory)

    def graphs(self) -> Graphs:
        """Return the parts that read a formula; they share the network's parameters."""
        decoder = self.decoder
        heads, head_width = decoder.heads, decoder.width // decoder.heads
        layers = range(len(decoder.layers))
        vocabulary_size = decoder.embedding.num_embeddings

        def memory(images: int | str) -> dict[str, Axes]:
            keys: dict[str, Axes] = {f"memory.keys.{layer}": (images, heads, head_width, "cells") for layer in layers}
            return keys | {f"memory.values.{layer}": (images, heads, "cells", head_width) for layer in layers}

        def caches(prefix: str, length: str) -> dict[str, Axes]:
            return {
                f"{prefix}.{kind}.{layer}": ("rows", heads, length, head_width)
                for kind in ("keys", "values")
                for layer in layers
            }

        encoder = Graph(
            _EncoderGraph(self),
            {"image": (1, 1, "height", "width")},
            {"places": ("cells",), "grid": (2,), **memory(1)},
            quantised=True,  # what projects the cells for the decoder; convolutions stay as they are
        )
        step = Graph(
            _StepGraph(self),
            {
                "tokens": ("rows", "tokens"),
                "positions": ("rows", "tokens"),
                "token_bias": ("rows", 1, "tokens", "attended"),
                "memory_bias": ("images", 1, 1, "cells"),
                **memory("images"),
                **caches("cache", "capacity"),
            },
            {
                "logits": ("rows", "tokens", vocabulary_size),
                "hidden": ("rows", "tokens", decoder.width),
                "attention": ("images", "queries", "cells"),
                **caches("next.cache", "tokens"),
            },
            quantised=True,
        )
        drafts = None
        if decoder.draft_heads is not None:
            inputs: dict[str, Axes] = {"hidden": ("rows", decoder.width), "next": ("rows",)}
            logits: Axes = ("rows", decoder.draft_heads.count, vocabulary_size)
            drafts = Graph(_DraftGraph(self), inputs, {"logits": logits}, quantised=True)
        return Graphs(encoder, step, drafts)


def decoder_of(config: Any, **more: Any) -> TransformerDecoder:
    """Return the decoder that a config asks for by its width, heads, decoder_layers and feed_forward_width."""
    return TransformerDecoder(
        vocabulary_size=config.vocabulary_size,
        width=config.width,
        heads=config.heads,
        layers=config.decoder_layers,
        feed_forward_width=config.feed_forward_width,
        **more,
    )


class _EncoderGraph(EncoderPart):
    """One image, all of it, and what the decoder's layers make of its cells."""

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        cells, places, grid = self.encode_one(image)
        projected = self.decoder.memory_keys_values(cells)
        return places, grid, *(keys for keys, _ in projected), *(values for _, values in projected)


class _StepGraph(DecoderPart):
    """A few tokens more of some formulas."""

    def forward(
        self, tokens: Tensor, positions: Tensor, token_bias: Tensor, memory_bias: Tensor, *tensors: Tensor
    ) -> tuple[Tensor, ...]:
        layers = len(self.decoder.layers)
        parts = [tensors[start : start + layers] for start in range(0, 4 * layers, layers)]
        caches = [LayerCache(*of_layer) for of_layer in zip(*parts, strict=True)]
        step = self.decoder.step(tokens, positions, caches, memory_bias, token_bias)
        return self.decoder.logits(step.hidden), step.hidden, step.attention, *step.keys, *step.values


class _DraftGraph(DecoderPart):
    """Guesses at the tokens after the next one."""

    def forward(self, hidden: Tensor, following: Tensor) -> tuple[Tensor]:
        return (self.decoder.draft_logits(hidden, following),)
