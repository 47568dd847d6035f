"""DenseNet and a Transformer decoder with attention refinement: CoMER (Zhao and Gao 2022), in small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from torch import Tensor

from model.architectures.interface import Architecture, Axes, DecoderPart, EncoderPart, Graph, Graphs, NetworkOutput
from model.layers.convolutional_trunks import DenseTrunk
from model.layers.coverage_decoder import KERNEL, CoverageDecoder, neighbours
from model.layers.grid_encoder import GridEncoder


@dataclass(frozen=True)
class DenseNetCoverageConfig:
    """Everything needed to build the network.

    Attributes:
        vocabulary_size: Tokens, special ones included.
        growth: Channels that each dense layer adds.
        dense_layers: Of each of the three blocks.
        width: Features per cell and per token.
        heads: Attention heads.
        decoder_layers: Of the Transformer.
        feed_forward_width: Hidden width of each feed-forward part.
        coverage_width: Channels of the convolution over what was looked at.
        dropout: Share of features dropped in training.
        reduction: Pixels of the image, down and across, whose mean is one pixel of what the encoder reads.
    """

    vocabulary_size: int
    growth: int = 16
    dense_layers: int = 4
    width: int = 192
    heads: int = 4
    decoder_layers: int = 3
    feed_forward_width: int = 512
    coverage_width: int = 16
    dropout: float = 0.1
    reduction: int = 1


class DenseNetCoverage(Architecture):
    """Formula image -> logits over tokens, with a record of where was looked."""

    encoder: GridEncoder
    decoder: CoverageDecoder

    def __init__(self, config: DenseNetCoverageConfig) -> None:
        trunk = DenseTrunk(config.growth, config.dense_layers)
        encoder = GridEncoder(trunk, width=config.width, positions=True, norm=True)
        decoder = CoverageDecoder(
            config.vocabulary_size,
            width=config.width,
            heads=config.heads,
            layers=config.decoder_layers,
            feed_forward_width=config.feed_forward_width,
            coverage_width=config.coverage_width,
            dropout=config.dropout,
        )
        super().__init__(config, encoder, decoder)

    def forward(self, images: Tensor, sizes: Tensor, token_ids: Tensor) -> NetworkOutput:
        """Read images, as for `encode`, with the tokens so far, (batch, length)."""
        memory = self.encode(images, sizes)
        features, attention = self.decoder(token_ids, memory)
        return NetworkOutput(self.decoder.logits(features), features, memory, attention)

    def graphs(self) -> Graphs:
        """Return the parts that read a formula; they share the network's parameters."""
        config = self.config
        heads, head_width = config.heads, config.width // config.heads
        layers = range(config.decoder_layers)

        def memory(images: int | str) -> dict[str, Axes]:
            keys: dict[str, Axes] = {f"memory.keys.{row}": (images, heads, head_width, "cells") for row in layers}
            keys |= {f"memory.values.{row}": (images, heads, "cells", head_width) for row in layers}
            return keys | {"memory.neighbours": (images, "cells", KERNEL * KERNEL)}

        def caches(prefix: str, length: str | int) -> dict[str, Axes]:
            names = ("keys", "values")
            kept: dict[str, Axes] = {
                f"{prefix}.{name}.{row}": ("rows", heads, length, head_width) for name in names for row in layers
            }
            sums = ("own", "before")
            return kept | {f"{prefix}.{name}.{row}": ("rows", heads, "cells") for name in sums for row in layers}

        encoder = Graph(
            _EncoderGraph(self), {"image": (1, 1, "height", "width")}, {"places": ("cells",), "grid": (2,), **memory(1)}
        )
        step = Graph(
            _StepGraph(self),
            {
                "tokens": ("rows", 1),
                "positions": ("rows", 1),
                "token_bias": ("rows", 1, 1, "attended_by_one"),
                "memory_bias": ("images", 1, 1, "cells"),
                **memory("images"),
                **caches("cache", "capacity"),
            },
            {
                "logits": ("rows", 1, config.vocabulary_size),
                "hidden": ("rows", 1, config.width),
                "attention": ("images", "queries", "cells"),
                **caches("next.cache", 1),
            },
        )
        return Graphs(encoder, step, None)


class _EncoderGraph(EncoderPart):
    """One image, all of it, what the decoder's layers make of its cells, and which cells stand around each."""

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        cells, places, grid = self.encode_one(image)
        projected = [layer.memory_keys_values(cells) for layer in self.decoder.layers]
        rows, columns = (cast("int", side) for side in grid)  # numbers would be constants of an exported graph
        table = neighbours(rows, columns, cells)[None]
        return places, grid, *(keys for keys, _ in projected), *(values for _, values in projected), table


class _StepGraph(DecoderPart):
    """One token more of some formulas."""

    def forward(
        self, tokens: Tensor, positions: Tensor, token_bias: Tensor, memory_bias: Tensor, *tensors: Tensor
    ) -> tuple[Tensor, ...]:
        layers = len(self.decoder.layers)
        table = tensors[2 * layers]
        parts = [tensors[start : start + layers] for start in (0, layers, *(n * layers + 1 for n in (2, 3, 4, 5)))]
        keys, values, *kept = parts
        memory = (list(zip(keys, values, strict=True)), memory_bias, table)
        caches = list(zip(*kept, strict=True))
        hidden, steps = self.decoder.step(tokens, positions, memory, caches, token_bias)
        owns = [one.own.transpose(1, 2).reshape(kept[2][0].shape) for one in steps]
        refined = [one.refined.transpose(1, 2).reshape(kept[2][0].shape) for one in steps]
        befores = [owns[0], *refined[:-1]]
        return (
            self.decoder.logits(hidden),
            hidden,
            steps[-1].refined.mean(dim=1),
            *(one.keys for one in steps),
            *(one.values for one in steps),
            *(covered + new for covered, new in zip(kept[2], owns, strict=True)),
            *(covered + new for covered, new in zip(kept[3], befores, strict=True)),
        )
