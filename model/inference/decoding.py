"""From images to tokens: `decode`, behind which greedy decoding and beam search stand.

The one hard fact: whatever the network says, the result parses. A grammar masks tokens that cannot follow, and where
decoding is cut short (a loop, a stretch of guesses, the length limit) what is open is closed first.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from model.inference.astray import tokens_before
from model.inference.beam_search import decode_with_beam
from model.inference.decoded_formula import LONGEST_FORMULA, DecodedFormula, DecodingOptions, Ending, View
from model.inference.draft_decoding import decode_with_drafts
from model.inference.greedy_decoding import decode_greedily
from model.inference.threads import at_most_threads
from model.networks.encoder import Memory
from model.networks.network import RecogniserNetwork
from model.vocabulary import Vocabulary

__all__ = ["LONGEST_FORMULA", "DecodedFormula", "DecodingOptions", "Ending", "View", "decode", "token_limit"]

# A second thread saves some milliseconds on large images; on small ones, on a busy machine, waiting for it costs many.
_ENCODER_THREADS = 2
_LARGE_PIXELS = 100_000

# Of all views together: more than one further view helps small pictures, and costs much only where they are large.
_PIXELS_AGAIN = 100_000

_BEAM_OUT_OF_A_LOOP = 2
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
        with at_most_threads(1):
            if len(limits) == 1:  # Both readings use it; those of a batch move it about.
                memory = network.decoder.project(memory)
            if options.beam_size > 1:
                formulas = decode_with_beam(network.decoder, memory, limits, vocabulary, options)
            else:
                formulas = _read_greedily(network, memory, limits, vocabulary, options)
        for row, first in enumerate(formulas):
            height, width = sizes[row].tolist()
            large = height * width > _PIXELS_AGAIN // 2
            is_unsure = first.least_probability < (options.sure_at_large if large else options.sure_at)
            if not is_unsure and first.ending is not Ending.ASTRAY:
                continue
            seen = memory if len(limits) == 1 else memory.select(torch.tensor([row], device=images.device))
            if is_unsure and options.views and options.beam_size == 1:
                picture = images[row : row + 1, :, :height, :width]
                formulas[row] = _read_again(network, picture, seen, first, limits[row], vocabulary, options)
            if formulas[row].ending is Ending.ASTRAY:
                formulas[row] = _sure_beginning(network, seen, formulas[row], vocabulary, options)
        return formulas


def _read_greedily(
    network: RecogniserNetwork, memory: Memory, limits: list[int], vocabulary: Vocabulary, options: DecodingOptions
) -> list[DecodedFormula]:
    """Decode greedily; one formula alone in fewer steps, by guessing ahead."""
    if len(limits) == 1:
        return [decode_with_drafts(network.decoder, [memory], limits[0], vocabulary, options)]
    return decode_greedily(network.decoder, memory, limits, vocabulary, options)


def _read_again(
    network: RecogniserNetwork,
    picture: Tensor,
    memory: Memory,
    first: DecodedFormula,
    limit: int,
    vocabulary: Vocabulary,
    options: DecodingOptions,
) -> DecodedFormula:
    """Read one picture, (1, 1, height, width), from its memory and further views, with the first reading as a guess."""
    further = options.views[: max(1, _PIXELS_AGAIN // picture.numel() - 1)]
    with at_most_threads(_ENCODER_THREADS if picture.numel() >= _LARGE_PIXELS else 1):
        views = [memory, *(network.encode(*_seen(picture, view)) for view in further)]
        views = [view if view.projected else network.decoder.project(view) for view in views]
    with at_most_threads(1):
        guess = first if first.ending is Ending.COMPLETE else None  # A loop or what it ran into is no guess.
        again = decode_with_drafts(network.decoder, views, limit, vocabulary, options, guess)
        if again.token_ids == first.token_ids:
            return again
        if guess is not None:
            # Token by token a letter may win where a bold one, three tokens, is likelier for its length.
            kept = replace(options, prefix=tuple(first.token_ids))
            other = decode_with_drafts(network.decoder, views, limit, vocabulary, kept)
        elif again.ending in {Ending.REPETITION, Ending.TOO_LONG}:
            # Several hypotheses find the way out of a loop; what they write after a stretch of guesses is guessed too.
            beam = replace(options, beam_size=_BEAM_OUT_OF_A_LOOP)
            other = decode_with_beam(network.decoder, memory, [limit], vocabulary, beam)[0]
        else:
            return again
        return max(again, other, key=lambda one: one.rank)


def _sure_beginning(
    network: RecogniserNetwork,
    memory: Memory,
    formula: DecodedFormula,
    vocabulary: Vocabulary,
    options: DecodingOptions,
) -> DecodedFormula:
    """Return a formula up to where it went astray, with what is open there closed; all of it if that is nothing."""
    count = tokens_before(formula.token_log_probabilities[len(options.prefix) :]) + len(options.prefix)
    if count == 0:
        return formula
    kept = replace(options, prefix=tuple(formula.token_ids[:count]))
    with at_most_threads(1):
        beginning = decode_with_drafts(network.decoder, [memory], count, vocabulary, kept)
    return replace(beginning, ending=Ending.ASTRAY, alternatives=formula.alternatives)


def _seen(picture: Tensor, view: View) -> tuple[Tensor, Tensor]:
    """Return the picture (1, 1, height, width) in a view, and its size (1, 2)."""
    if view.scale != 1.0:
        picture = functional.interpolate(picture, scale_factor=view.scale, mode="bicubic", antialias=view.scale < 1)
        picture = picture.clamp(0.0, 1.0)
    picture = functional.pad(picture, (view.shift, 0, view.shift, 0)).contiguous(memory_format=torch.channels_last)
    return picture, torch.tensor([picture.shape[2:]], device=picture.device)


def token_limit(height: float, width: float) -> int:
    """Return the most tokens that a formula of this size, in pixels at network scale, can have."""
    # Half of the rendered formulas have a token on 367 pixels; one in 97,000 has more tokens than this.
    return min(LONGEST_FORMULA, _TOKENS_OF_SMALLEST + int(height * width / _PIXELS_A_TOKEN))
