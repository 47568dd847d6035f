"""Show and tell (Vinyals et al. 2015): the image as one vector, an LSTM or GRU that begins with it."""

from __future__ import annotations

from dataclasses import dataclass

from model.architectures.recurrent_network import RecurrentNetwork, decoder_of
from model.layers.convolutional_trunks import PlainTrunk
from model.layers.grid_encoder import ImageEncoder
from model.layers.recurrent_decoders import ImageDecoder

_POOLS = ((2, 2), (2, 2), (2, 2), (2, 2))


@dataclass(frozen=True)
class ShowAndTellConfig:
    """Everything needed to build the network.

    Attributes:
        vocabulary_size: Tokens, special ones included.
        convolutions: Channels of the four convolutions, each halved in size after it.
        embedding_width: Features of a token.
        width: Of the state.
        cell: "lstm" or "gru".
        dropout: Share of the state dropped in training before the logits are read.
        reduction: Pixels of the image, down and across, whose mean is one pixel of what the encoder reads.
    """

    vocabulary_size: int
    convolutions: tuple[int, ...] = (32, 64, 128, 256)
    embedding_width: int = 128
    width: int = 256
    cell: str = "lstm"
    dropout: float = 0.1
    reduction: int = 1


class ShowAndTell(RecurrentNetwork):
    """Formula image -> logits over tokens."""

    def __init__(self, config: ShowAndTellConfig) -> None:
        encoder = ImageEncoder(PlainTrunk(config.convolutions, _POOLS))
        decoder = decoder_of(ImageDecoder, config, encoder.width, cell=config.cell)
        super().__init__(config, encoder, decoder)
