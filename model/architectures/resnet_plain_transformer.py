"""ResNet-18 to the third stage, 2-D positions, a Transformer decoder: the plain form of the bundled network."""

from __future__ import annotations

from dataclasses import dataclass

from model.architectures.transformer_network import TransformerNetwork, decoder_of
from model.layers.convolutional_trunks import ResNetTrunk
from model.layers.grid_encoder import GridEncoder


@dataclass(frozen=True)
class ResNetPlainTransformerConfig:
    """Everything needed to build the network; the defaults have 3 million parameters beside the tokens.

    Attributes:
        vocabulary_size: Tokens, special ones included.
        stage_widths: Channels of the ResNet's stages; weights of ImageNet fit 64, 128, 256.
        stem_stride: Pixels across a place after the stem: 4 as published, 2 for small text.
        width: Features per cell and per token.
        heads: Attention heads.
        decoder_layers: Of the Transformer.
        feed_forward_width: Hidden width of each feed-forward part.
        dropout: Share of features dropped in training.
        reduction: Pixels of the image, down and across, whose mean is one pixel of what the encoder reads.
    """

    vocabulary_size: int
    stage_widths: tuple[int, int, int] = (64, 128, 256)
    stem_stride: int = 2
    width: int = 128
    heads: int = 4
    decoder_layers: int = 3
    feed_forward_width: int = 256
    dropout: float = 0.1
    reduction: int = 1


class ResNetPlainTransformer(TransformerNetwork):
    """Formula image -> logits over tokens."""

    def __init__(self, config: ResNetPlainTransformerConfig) -> None:
        trunk = ResNetTrunk(config.stage_widths, config.stem_stride)
        encoder = GridEncoder(trunk, width=config.width, positions=True)
        super().__init__(config, encoder, decoder_of(config, dropout=config.dropout))
