"""From images to tokens: `decode`, behind which greedy decoding and beam search stand.

The one hard fact: whatever the network says, the result parses. A grammar masks tokens that cannot follow, and where
decoding is cut short (a loop, the length limit) what is open is closed first.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from model.inference.beam_search import decode_with_beam
from model.inference.decoded_formula import LONGEST_FORMULA, DecodedFormula, DecodingOptions, Ending
from model.inference.greedy_decoding import decode_greedily
from model.inference.threads import at_most_threads
from model.networks.decoder import Decoder
from model.networks.encoder import Memory
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
    limits = [min(options.maximum_tokens, token_limit(height, width)) for height, width in sizes.tolist()]
    with torch.inference_mode():
        with at_most_threads(_ENCODER_THREADS if images.numel() >= _LARGE_PIXELS else 1):
            memory = network.encode(images, sizes)
        with at_most_threads(1):
            return _search(network.decoder, memory, limits, vocabulary, options)


def _search(
    decoder: Decoder, memory: Memory, limits: list[int], vocabulary: Vocabulary, options: DecodingOptions
) -> list[DecodedFormula]:
    """Decode greedily, with a beam, or with a beam only what is unsure when read greedily."""
    if options.beam_size > 1 and options.sure_at == math.inf:
        return decode_with_beam(decoder, memory, limits, vocabulary, options)
    formulas = decode_greedily(decoder, memory, limits, vocabulary, options)
    unsure = [row for row, formula in enumerate(formulas) if _is_read_again(formula, options)]
    if options.beam_size == 1 or not unsure:
        return formulas
    rows = torch.tensor(unsure, device=memory.cells.device)
    again = decode_with_beam(decoder, memory.select(rows), [limits[row] for row in unsure], vocabulary, options)
    for row, formula in zip(unsure, again, strict=True):
        # A beam may lose on its way what greedy decoding found.
        formulas[row] = max(formula, formulas[row], key=lambda one: one.rank(options.length_penalty))
    return formulas


def _is_read_again(formula: DecodedFormula, options: DecodingOptions) -> bool:
    is_long = len(formula.tokens) > options.longest_again
    return formula.least_probability < (options.astray_at if is_long else options.sure_at)


def token_limit(height: float, width: float) -> int:
    """Return the most tokens that a formula of this size, in pixels at network scale, can have."""
    # Half of the rendered formulas have a token on 146 pixels; one in 97,000 has more tokens than this.
    return min(LONGEST_FORMULA, _TOKENS_OF_SMALLEST + int(height * width / _PIXELS_A_TOKEN))
