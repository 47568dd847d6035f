"""A ResNet's feature map in patches, a Transformer encoder over them, and a Transformer decoder (hybrid ViT).

Dosovitskiy et al. 2021, "An image is worth 16 x 16 words", section 3.1, "Hybrid architecture".
"""

from __future__ import annotations

from dataclasses import dataclass

from model.architectures.transformer_network import TransformerNetwork, decoder_of
from model.layers.convolutional_trunks import PatchTrunk, ResNetTrunk
from model.layers.grid_encoder import GridEncoder


@dataclass(frozen=True)
class HybridVitConfig:
    """Everything needed to build the network.

    Attributes:
        vocabulary_size: Tokens, special ones included.
        stage_widths: Channels of the ResNet's stages; weights of ImageNet fit 64, 128, 256.
        stem_stride: Pixels across a place after the stem: 4 as published, 2 for small text.
        patch: Places of the feature map in a patch, down and across.
        width: Features per patch and per token; 256 or 384 as published.
        heads: Attention heads, in encoder and decoder.
        encoder_layers, decoder_layers: Of the two Transformers.
        feed_forward_width: Hidden width of each feed-forward part.
        dropout: Share of the decoder's features dropped in training.
        reduction: Pixels of the image, down and across, whose mean is one pixel of what the encoder reads.
    """

    vocabulary_size: int
    stage_widths: tuple[int, int, int] = (32, 64, 128)
    stem_stride: int = 2
    patch: tuple[int, int] = (1, 1)
    width: int = 256
    heads: int = 8
    encoder_layers: int = 2
    decoder_layers: int = 2
    feed_forward_width: int = 768
    dropout: float = 0.1
    reduction: int = 1


class HybridVit(TransformerNetwork):
    """Formula image -> logits over tokens."""

    def __init__(self, config: HybridVitConfig) -> None:
        trunk = PatchTrunk(config.patch, config.width, ResNetTrunk(config.stage_widths, config.stem_stride))
        encoder = GridEncoder(
            trunk,
            positions=True,
            attention_layers=config.encoder_layers,
            heads=config.heads,
            feed_forward_width=config.feed_forward_width,
            norm=True,
        )
        super().__init__(config, encoder, decoder_of(config, dropout=config.dropout))
