"""A residual encoder and a Transformer decoder: the architecture of the bundled weights."""

from __future__ import annotations

from dataclasses import dataclass, fields

from model.architectures.transformer_network import TransformerNetwork, decoder_of
from model.layers.residual_encoder import ResidualEncoder

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
    "reduction": 16,
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
        reduction: Pixels of the image, down and across, whose mean is one pixel of what the encoder reads.
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
    reduction: int = 1

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


class ResNetTransformer(TransformerNetwork):
    """Formula image -> logits over canonical tokens."""

    def __init__(self, config: ResNetTransformerConfig) -> None:
        encoder = ResidualEncoder(
            stem_width=config.stem_width,
            stage_widths=config.stage_widths,
            blocks=config.blocks,
            width=config.width,
            heads=config.heads,
            attention_layers=config.encoder_attention_layers,
            inked_cells_only=config.inked_cells_only,
            feed_forward_width=config.feed_forward_width,
        )
        super().__init__(config, encoder, decoder_of(config, draft_tokens=config.draft_tokens))
