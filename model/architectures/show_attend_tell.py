"""Show, attend and tell (Xu et al. 2015): a ResNet's cells, soft attention with a gate, an LSTM.

With a sentinel it is adaptive attention (Lu et al. 2017).
"""

from __future__ import annotations

from dataclasses import dataclass

from model.architectures.recurrent_network import RecurrentNetwork, decoder_of
from model.layers.convolutional_trunks import ResNetTrunk
from model.layers.grid_encoder import GridEncoder
from model.layers.recurrent_decoders import AttendingDecoder


@dataclass(frozen=True)
class ShowAttendTellConfig:
    """Everything needed to build the network.

    Attributes:
        vocabulary_size: Tokens, special ones included.
        stage_widths: Channels of the ResNet's stages; weights of ImageNet fit 64, 128, 256.
        stem_stride: Pixels across a place after the stem: 4 as published, 2 for small text.
        embedding_width: Features of a token.
        width: Of the state.
        attention_width: Of the network that scores a cell.
        sentinel: Whether the decoder may look at what it knows instead of the image.
        dropout: Share of the state dropped in training before the logits are read.
        reduction: Pixels of the image, down and across, whose mean is one pixel of what the encoder reads.
    """

    vocabulary_size: int
    stage_widths: tuple[int, int, int] = (64, 128, 256)
    stem_stride: int = 2
    embedding_width: int = 128
    width: int = 256
    attention_width: int = 128
    sentinel: bool = False
    dropout: float = 0.3
    reduction: int = 1


class ShowAttendTell(RecurrentNetwork):
    """Formula image -> logits over tokens."""

    def __init__(self, config: ShowAttendTellConfig) -> None:
        encoder = GridEncoder(ResNetTrunk(config.stage_widths, config.stem_stride))
        decoder = decoder_of(
            AttendingDecoder, config, encoder.width, attention_width=config.attention_width, sentinel=config.sentinel
        )
        super().__init__(config, encoder, decoder)
