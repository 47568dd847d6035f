"""A residual encoder and a Transformer decoder: the architecture of the bundled weights."""

from __future__ import annotations

from dataclasses import dataclass, fields

from torch import Tensor, nn

from model.architectures.interface import Axes, Graph, Graphs, NetworkOutput
from model.layers.memory import Memory
from model.layers.residual_encoder import ResidualEncoder
from model.layers.transformer_decoder import LayerCache, TransformerDecoder

_LARGEST = {
    "vocabulary_size": 100_000,
    "stem_width": 1024,
    "stage_widths": 4096,
    "blocks": 64,
    "width": 4096,
    "heads": 128,
    "encoder_attention_layers": 64,
    "decoder_layers": 64,
    "feed_forward_width": 32_768,
    "draft_tokens": 64,
}
_MAY_BE_NONE = {"encoder_attention_layers", "draft_tokens"}


@dataclass(frozen=True)
class ResNetTransformerConfig:
    """Everything needed to build the network; stored in every checkpoint.

    Attributes:
        vocabulary_size: Tokens, special ones included.
        stem_width: Channels of the first convolution.
        stage_widths: Channels of the three ResNet stages.
        blocks: Residual blocks of each stage (ResNet-18: two each).
        width: Features per cell and per token.
        heads: Attention heads, in encoder and decoder.
        encoder_attention_layers: Self-attention layers over the grid.
        decoder_layers: Transformer layers of the decoder.
        feed_forward_width: Hidden width of each feed-forward part.
        draft_tokens: Tokens that the draft heads guess; 0 for no such heads, as weights of before them have none.
        inked_cells_only: Whether the decoder sees only the cells that hold ink; weights have to be trained so.
    """

    vocabulary_size: int
    stem_width: int = 24
    stage_widths: tuple[int, int, int] = (48, 128, 192)
    blocks: tuple[int, int, int] = (2, 2, 2)
    width: int = 256
    heads: int = 8
    encoder_attention_layers: int = 0
    decoder_layers: int = 3
    feed_forward_width: int = 1024
    draft_tokens: int = 0
    inked_cells_only: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no size of a network: a number out of a damaged header would be built for minutes.

        Raises:
            ValueError: A number is no whole one, or out of its bounds.
        """
        for name in (field.name for field in fields(self) if field.name in _LARGEST):
            value = getattr(self, name)
            numbers = value if isinstance(value, tuple) else (value,)
            least = 0 if name in _MAY_BE_NONE else 1
            if not all(type(one) is int and least <= one <= _LARGEST[name] for one in numbers):
                raise ValueError(f"{name} is no whole number from {least} to {_LARGEST[name]}: {value!r}")
        if any(not isinstance(one, tuple) or len(one) != 3 for one in (self.stage_widths, self.blocks)):
            raise ValueError(f"there are three stages: {self.stage_widths!r}, {self.blocks!r}")
        if self.width % self.heads or type(self.inked_cells_only) is not bool:
            raise ValueError(f"{self.heads!r} heads do not share {self.width!r} features")


class ResNetTransformer(nn.Module):
    """Formula image -> logits over canonical tokens."""

    def __init__(self, config: ResNetTransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = ResidualEncoder(
            stem_width=config.stem_width,
            stage_widths=config.stage_widths,
            blocks=config.blocks,
            width=config.width,
            heads=config.heads,
            attention_layers=config.encoder_attention_layers,
            inked_cells_only=config.inked_cells_only,
            feed_forward_width=config.feed_forward_width,
        )
        self.decoder = TransformerDecoder(
            vocabulary_size=config.vocabulary_size,
            width=config.width,
            heads=config.heads,
            layers=config.decoder_layers,
            feed_forward_width=config.feed_forward_width,
            draft_tokens=config.draft_tokens,
        )

    def encode(self, images: Tensor, sizes: Tensor) -> Memory:
        """Encode images (batch, 1, height, width), `sizes` (batch, 2) being their true heights and widths."""
        memory: Memory = self.encoder(images, sizes)
        return memory

    def forward(self, images: Tensor, sizes: Tensor, token_ids: Tensor) -> NetworkOutput:
        """Read images, as for `encode`, with the tokens so far, (batch, length)."""
        memory = self.encode(images, sizes)
        features: Tensor = self.decoder(token_ids, memory)
        return NetworkOutput(self.decoder.logits(features), features, memory)

    def graphs(self) -> Graphs:
        """Return the parts that read a formula; they share the network's parameters."""
        config = self.config
        head_width = config.width // config.heads
        layers = range(config.decoder_layers)

        def memory(images: int | str) -> dict[str, Axes]:
            keys: dict[str, Axes] = {
                f"memory.keys.{layer}": (images, config.heads, head_width, "cells") for layer in layers
            }
            return keys | {f"memory.values.{layer}": (images, config.heads, "cells", head_width) for layer in layers}

        def caches(prefix: str, length: str) -> dict[str, Axes]:
            return {
                f"{prefix}.{kind}.{layer}": ("rows", config.heads, length, head_width)
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
                "positions": ("tokens",),
                "token_bias": ("tokens", "attended"),
                "memory_bias": ("images", 1, 1, "cells"),
                **memory("images"),
                **caches("cache", "capacity"),
            },
            {
                "logits": ("rows", "tokens", config.vocabulary_size),
                "hidden": ("rows", "tokens", config.width),
                "attention": ("images", "queries", "cells"),
                **caches("next.cache", "tokens"),
            },
            quantised=True,
        )
        drafts = None
        if config.draft_tokens:
            logits: Axes = (1, config.draft_tokens, config.vocabulary_size)
            drafts = Graph(
                _DraftGraph(self), {"hidden": (1, config.width), "next": (1,)}, {"logits": logits}, quantised=True
            )
        return Graphs(encoder, step, drafts)


class _EncoderGraph(nn.Module):
    """One image, all of it, and what the decoder's layers make of its cells."""

    def __init__(self, network: ResNetTransformer) -> None:
        super().__init__()
        self.encoder, self.decoder = network.encoder, network.decoder

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        cells, places, grid = self.encoder.encode_one(image)
        projected = self.decoder.memory_keys_values(cells)
        return places, grid, *(keys for keys, _ in projected), *(values for _, values in projected)


class _StepGraph(nn.Module):
    """A few tokens more of some formulas."""

    def __init__(self, network: ResNetTransformer) -> None:
        super().__init__()
        self.decoder = network.decoder

    def forward(
        self, tokens: Tensor, positions: Tensor, token_bias: Tensor, memory_bias: Tensor, *tensors: Tensor
    ) -> tuple[Tensor, ...]:
        layers = len(self.decoder.layers)
        parts = [tensors[start : start + layers] for start in range(0, 4 * layers, layers)]
        caches = [LayerCache(*of_layer) for of_layer in zip(*parts, strict=True)]
        step = self.decoder.step(tokens, positions, caches, memory_bias, token_bias)
        return self.decoder.logits(step.hidden), step.hidden, step.attention, *step.keys, *step.values


class _DraftGraph(nn.Module):
    """Guesses at the tokens after the next one."""

    def __init__(self, network: ResNetTransformer) -> None:
        super().__init__()
        self.decoder = network.decoder

    def forward(self, hidden: Tensor, following: Tensor) -> tuple[Tensor]:
        return (self.decoder.draft_logits(hidden, following),)
