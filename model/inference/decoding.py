"""From images to tokens: `decode`, behind which greedy decoding and beam search stand.

The one hard fact: whatever the network says, the result parses. A grammar masks tokens that cannot follow, and where
decoding is cut short (a loop, the length limit) what is open is closed first.
"""

from __future__ import annotations

import torch
from torch import Tensor

from model.inference.beam_search import decode_with_beam
from model.inference.decoded_formula import LONGEST_FORMULA, DecodedFormula, DecodingOptions, Ending
from model.inference.greedy_decoding import decode_greedily
from model.inference.threads import at_most_threads
from model.networks.network import RecogniserNetwork
from model.vocabulary import Vocabulary

__all__ = ["LONGEST_FORMULA", "DecodedFormula", "DecodingOptions", "Ending", "decode", "token_limit"]

# A second thread saves some milliseconds on large images; on small ones, on a busy machine, waiting for it costs many.
_ENCODER_THREADS = 2
_LARGE_PIXELS = 100_000

_PIXELS_A_TOKEN = 20
_TOKENS_OF_SMALLEST = 24


def decode(
    network: RecogniserNetwork,
    images: Tensor,
    sizes: Tensor,
    vocabulary: Vocabulary,
    *,
    options: DecodingOptions | None = None,
) -> list[DecodedFormula]:
    """Decode a padded batch of images, each formula stopping on its own.

    Call it as `decode(network, images, sizes, vocabulary)`; the formulas come in the order of the images. On a CPU the
    number of threads is lowered meanwhile and put back.

    Args:
        network: In evaluation mode, on the device of the images.
        images: (batch, 1, height, width), ink in [0, 1], padded with zeros on the right and below.
        sizes: (batch, 2), the true height and width of each image in pixels.
        vocabulary: Of the network.
        options: Greedy decoding under the grammar's mask unless told.
    """
    options = options or DecodingOptions()
    if len(images) == 0:
        return []
    search = decode_greedily if options.beam_size == 1 else decode_with_beam
    limits = [min(options.maximum_tokens, token_limit(height, width)) for height, width in sizes.tolist()]
    with torch.inference_mode():
        with at_most_threads(_ENCODER_THREADS if images.numel() >= _LARGE_PIXELS else 1):
            memory = network.encode(images, sizes)
        with at_most_threads(1):
            return search(network.decoder, memory, limits, vocabulary, options)


def token_limit(height: float, width: float) -> int:
    """Return the most tokens that a formula of this size, in pixels at network scale, can have."""
    # Half of the rendered formulas have a token on 146 pixels; one in 97,000 has more tokens than this.
    return min(LONGEST_FORMULA, _TOKENS_OF_SMALLEST + int(height * width / _PIXELS_A_TOKEN))
