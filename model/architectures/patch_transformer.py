"""Patches of pixels straight into a Transformer encoder, then a Transformer decoder: TrOCR's plain form (Li 2021)."""

from __future__ import annotations

from dataclasses import dataclass

from model.architectures.transformer_network import TransformerNetwork, decoder_of
from model.layers.convolutional_trunks import PatchTrunk
from model.layers.grid_encoder import GridEncoder


@dataclass(frozen=True)
class PatchTransformerConfig:
    """Everything needed to build the network.

    Attributes:
        vocabulary_size: Tokens, special ones included.
        patch: Pixels of a patch, down and across; published: 16 x 16 of an image of 384 x 384.
        width: Features per patch and per token.
        heads: Attention heads, in encoder and decoder.
        encoder_layers, decoder_layers: Of the two Transformers.
        feed_forward_width: Hidden width of each feed-forward part.
        dropout: Share of the decoder's features dropped in training.
        reduction: Pixels of the image, down and across, whose mean is one pixel of what the encoder reads.
    """

    vocabulary_size: int
    patch: tuple[int, int] = (16, 8)
    width: int = 192
    heads: int = 6
    encoder_layers: int = 4
    decoder_layers: int = 3
    feed_forward_width: int = 576
    dropout: float = 0.1
    reduction: int = 1


class PatchTransformer(TransformerNetwork):
    """Formula image -> logits over tokens."""

    def __init__(self, config: PatchTransformerConfig) -> None:
        encoder = GridEncoder(
            PatchTrunk(config.patch, config.width),
            positions=True,
            attention_layers=config.encoder_layers,
            heads=config.heads,
            feed_forward_width=config.feed_forward_width,
            norm=True,
        )
        super().__init__(config, encoder, decoder_of(config, dropout=config.dropout))
