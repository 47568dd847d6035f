"""From images to tokens: `decode`, behind which greedy decoding and beam search stand.

The one hard fact: whatever the network says, the result parses. A grammar masks tokens that cannot follow, and where
decoding is cut short (a loop, the length limit) what is open is closed first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from model.inference.beam_search import decode_with_beam
from model.inference.decoded_formula import LONGEST_FORMULA, DecodedFormula, DecodingOptions, Ending
from model.inference.draft_decoding import decode_with_drafts
from model.inference.greedy_decoding import decode_greedily
from model.inference.threads import at_most_threads
from model.networks.encoder import Memory
from model.networks.network import RecogniserNetwork
from model.vocabulary import Vocabulary

__all__ = ["LONGEST_FORMULA", "DecodedFormula", "DecodingOptions", "Ending", "decode", "token_limit"]

# A second thread saves some milliseconds on large images; on small ones, on a busy machine, waiting for it costs many.
_ENCODER_THREADS = 2
_LARGE_PIXELS = 100_000

_PIXELS_A_TOKEN = 49
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
        if options.beam_size > 1 and options.sure_at == math.inf:
            return _read_with_beam(network, images, sizes, memory, limits, vocabulary, options)
        with at_most_threads(1):
            formulas = _read_greedily(network, memory, limits, vocabulary, options)
        if options.beam_size == 1:
            return formulas
        for unsure, how in _what_to_read_again(formulas, options):
            rows = torch.tensor(unsure, device=images.device)
            height, width = sizes[rows].amax(dim=0).tolist()
            part = images[rows, :, :height, :width], sizes[rows], memory.select(rows), [limits[row] for row in unsure]
            beginnings = [_beginning(formulas[row], options) for row in unsure]
            again = _read_with_beam(network, *part, vocabulary, how, beginnings)
            for row, formula in zip(unsure, again, strict=True):
                formulas[row] = _better(formula, formulas[row], how)
        return formulas


def _read_greedily(
    network: RecogniserNetwork, memory: Memory, limits: list[int], vocabulary: Vocabulary, options: DecodingOptions
) -> list[DecodedFormula]:
    """Decode greedily; one formula alone in fewer steps, where the network can guess ahead."""
    if len(limits) == 1 and network.decoder.draft_heads is not None:
        return [decode_with_drafts(network.decoder, memory, limits[0], vocabulary, options)]
    return decode_greedily(network.decoder, memory, limits, vocabulary, options)


def _what_to_read_again(
    formulas: list[DecodedFormula], options: DecodingOptions
) -> Iterator[tuple[list[int], DecodingOptions]]:
    """Yield the rows of formulas to read with a beam, and how: what is long in one view, or it would take seconds."""
    unsure = [len(formula.tokens) + 1 - len(_beginning(formula, options)) for formula in formulas]
    for long, level, view in ((False, options.sure_at, options.second_view), (True, options.astray_at, 1.0)):
        rows = [
            row
            for row, formula in enumerate(formulas)
            if (unsure[row] > options.longest_again) is long and formula.least_probability < level
        ]
        if rows:
            yield rows, replace(options, second_view=view)


def _beginning(formula: DecodedFormula, options: DecodingOptions) -> Sequence[int]:
    """Return the tokens of a first reading that a second one takes over."""
    return max(options.prefix, formula.sure_beginning(options.sure_at), key=len)


def _read_with_beam(
    network: RecogniserNetwork,
    images: Tensor,
    sizes: Tensor,
    memory: Memory,
    limits: list[int],
    vocabulary: Vocabulary,
    options: DecodingOptions,
    beginnings: Sequence[Sequence[int]] | None = None,
) -> list[DecodedFormula]:
    """Decode with a beam, from the memory and, where the options ask for it, a second view of the images."""
    views = [memory]
    if options.second_view != 1.0:
        with at_most_threads(_ENCODER_THREADS if images.numel() >= _LARGE_PIXELS else 1):
            views.append(network.encode(*_scaled(images, sizes, options.second_view)))
    with at_most_threads(1):
        return decode_with_beam(network.decoder, views, limits, vocabulary, options, beginnings=beginnings)


def _scaled(images: Tensor, sizes: Tensor, scale: float) -> tuple[Tensor, Tensor]:
    """Scale a padded batch and its sizes; an image comes out the same in any batch."""
    scaled = functional.interpolate(images, scale_factor=scale, mode="bicubic", antialias=scale < 1)
    sizes = (sizes * scale).floor().long().clamp(min=1)
    return scaled.clamp(0.0, 1.0).contiguous(memory_format=torch.channels_last), sizes


def _better(again: DecodedFormula, first: DecodedFormula, options: DecodingOptions) -> DecodedFormula:
    """Choose between a second reading and the first."""
    if options.second_view != 1.0:  # What two views agree on has other probabilities than what one view says.
        return first if again.ending is not Ending.COMPLETE and first.ending is Ending.COMPLETE else again
    # A beam may lose on its way what greedy decoding found.
    return max(again, first, key=lambda one: one.rank(options.length_penalty))


def token_limit(height: float, width: float) -> int:
    """Return the most tokens that a formula of this size, in pixels at network scale, can have."""
    # Half of the rendered formulas have a token on 367 pixels; one in 97,000 has more tokens than this.
    return min(LONGEST_FORMULA, _TOKENS_OF_SMALLEST + int(height * width / _PIXELS_A_TOKEN))
