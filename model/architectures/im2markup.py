"""im2markup (Deng et al. 2016): a CNN, a bidirectional LSTM along each row, an attention LSTM with input feeding."""

from __future__ import annotations

from dataclasses import dataclass

from model.architectures.recurrent_network import RecurrentNetwork, decoder_of
from model.layers.convolutional_trunks import PlainTrunk
from model.layers.grid_encoder import GridEncoder, RowEncoder
from model.layers.recurrent_decoders import FeedingDecoder

_POOLS = ((2, 2), (2, 2), (1, 1), (1, 2), (2, 1), (1, 1))


@dataclass(frozen=True)
class Im2MarkupConfig:
    """Everything needed to build the network.

    Attributes:
        vocabulary_size: Tokens, special ones included.
        convolutions: Channels of the six convolutions; published: 64, 128, 256, 256, 512, 512.
        row_width: Of the row encoder's state in each direction; published: 256.
        embedding_width: Features of a token; published: 80.
        width: Of the decoder's state; published: 512.
        attention_width: Of the network that scores a cell.
        dropout: Share of the state dropped in training before the logits are read.
        reduction: Pixels of the image, down and across, whose mean is one pixel of what the encoder reads.
    """

    vocabulary_size: int
    convolutions: tuple[int, ...] = (32, 64, 96, 96, 128, 128)
    row_width: int = 96
    embedding_width: int = 80
    width: int = 256
    attention_width: int = 128
    dropout: float = 0.1
    reduction: int = 1


class Im2Markup(RecurrentNetwork):
    """Formula image -> logits over tokens."""

    def __init__(self, config: Im2MarkupConfig) -> None:
        encoder = GridEncoder(RowEncoder(PlainTrunk(config.convolutions, _POOLS), config.row_width))
        decoder = decoder_of(FeedingDecoder, config, encoder.width, attention_width=config.attention_width)
        super().__init__(config, encoder, decoder)
