"""RecogniserNetwork: encoder and decoder as one module, built from dimensions that travel inside the checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from torch import Tensor, nn

from model.networks.decoder import Decoder
from model.networks.encoder import Encoder, Memory


@dataclass(frozen=True)
class NetworkDimensions:
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


class Reading(NamedTuple):
    """What the network makes of images and the tokens so far.

    Attributes:
        logits: (batch, length, vocabulary), of the token after each.
        features: (batch, length, width), what the logits and the draft heads read.
        memory: Of the images.
    """

    logits: Tensor
    features: Tensor
    memory: Memory


class RecogniserNetwork(nn.Module):
    """Formula image -> logits over canonical tokens."""

    def __init__(self, dimensions: NetworkDimensions) -> None:
        super().__init__()
        self.dimensions = dimensions
        self.encoder = Encoder(
            stem_width=dimensions.stem_width,
            stage_widths=dimensions.stage_widths,
            blocks=dimensions.blocks,
            width=dimensions.width,
            heads=dimensions.heads,
            attention_layers=dimensions.encoder_attention_layers,
            inked_cells_only=dimensions.inked_cells_only,
            feed_forward_width=dimensions.feed_forward_width,
        )
        self.decoder = Decoder(
            vocabulary_size=dimensions.vocabulary_size,
            width=dimensions.width,
            heads=dimensions.heads,
            layers=dimensions.decoder_layers,
            feed_forward_width=dimensions.feed_forward_width,
            draft_tokens=dimensions.draft_tokens,
        )

    def encode(self, images: Tensor, sizes: Tensor) -> Memory:
        """Encode images (batch, 1, height, width), `sizes` (batch, 2) being their true heights and widths."""
        memory: Memory = self.encoder(images, sizes)
        return memory

    def forward(self, images: Tensor, sizes: Tensor, token_ids: Tensor) -> Reading:
        """Read images, as for `encode`, with the tokens so far, (batch, length)."""
        memory = self.encode(images, sizes)
        features: Tensor = self.decoder(token_ids, memory)
        return Reading(self.decoder.logits(features), features, memory)
