"""Features of an Inception-ResNet (Szegedy et al. 2017), Bahdanau's attention with tanh, and a GRU."""

from __future__ import annotations

from dataclasses import dataclass

from model.architectures.recurrent_network import RecurrentNetwork, decoder_of
from model.layers.convolutional_trunks import InceptionResNetTrunk
from model.layers.grid_encoder import GridEncoder
from model.layers.recurrent_decoders import GruDecoder


@dataclass(frozen=True)
class InceptionGruConfig:
    """Everything needed to build the network.

    Attributes:
        vocabulary_size: Tokens, special ones included.
        trunk_width: Channels of the first convolution; all others are multiples of it.
        first_blocks, second_blocks: Blocks of the first and of the second kind.
        cell_width: Features that a dense layer makes of a place.
        embedding_width: Features of a token.
        width: Of the GRU's state.
        attention_width: Of the network that scores a cell.
        dropout: Share of the state dropped in training before the logits are read.
        reduction: Pixels of the image, down and across, whose mean is one pixel of what the encoder reads.
    """

    vocabulary_size: int
    trunk_width: int = 32
    first_blocks: int = 2
    second_blocks: int = 2
    cell_width: int = 192
    embedding_width: int = 128
    width: int = 256
    attention_width: int = 64
    dropout: float = 0.1
    reduction: int = 1


class InceptionGru(RecurrentNetwork):
    """Formula image -> logits over tokens."""

    def __init__(self, config: InceptionGruConfig) -> None:
        trunk = InceptionResNetTrunk(config.trunk_width, config.first_blocks, config.second_blocks)
        encoder = GridEncoder(trunk, width=config.cell_width, activate=True)
        decoder = decoder_of(GruDecoder, config, encoder.width, attention_width=config.attention_width)
        super().__init__(config, encoder, decoder)
