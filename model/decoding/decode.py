"""From images to tokens: `decode`, behind which greedy and speculative decoding, beam search and augmentation stand.

The one hard fact: whatever the network says, the result parses. A grammar masks tokens that cannot follow, and where
decoding is cut short (a loop, a stretch of guesses, the length limit) what is open is closed first. Where a network
writes pieces of several tokens, hypotheses are of pieces; what goes in and comes out is of tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from model.decoding.augmentation import FurtherViews
from model.decoding.beam import decode_with_beam
from model.decoding.decoded_formula import LONGEST_FORMULA, DecodedFormula, DecodingOptions, StopReason
from model.decoding.speculative import FirstReading, decode_speculatively, decode_views
from model.decoding.stopping import confident_tokens, is_unbelievable
from model.engines.graph_engine import EncodedImages, GraphEngine
from model.engines.interface import FloatArray
from model.vocabulary import Vocabulary

_BEAM_OUT_OF_A_LOOP = 2
_LOOPS = frozenset({StopReason.REPETITION, StopReason.TOO_LONG})
_PIXELS_A_TOKEN = 49
_TOKENS_OF_SMALLEST = 24


def decode(
    engine: GraphEngine,
    images: Sequence[FloatArray],
    vocabulary: Vocabulary,
    *,
    options: DecodingOptions | None = None,
) -> list[DecodedFormula]:
    """Decode a batch of images of like size, each formula stopping on its own.

    Args:
        engine: Runs the network.
        images: Each (height, width), ink in [0, 1].
        vocabulary: Of the network.
        options: Greedy decoding under the grammar's mask unless told.

    Returns:
        One formula for each image, in their order.
    """
    options = options or DecodingOptions()
    if not images:
        return []
    if options.prefix:
        options = replace(options, prefix=tuple(vocabulary.joined(options.prefix)))
    limits = [min(options.maximum_tokens, max_tokens_for_size(*image.shape)) for image in images]
    encoded = engine.encode(images)
    further = [FurtherViews(engine, image, options) for image in images]
    if options.beam_size > 1:
        formulas = decode_with_beam(engine, encoded, limits, vocabulary, options)
    else:
        watch = further[0].watch if len(images) == 1 else None
        formulas = decode_speculatively(engine, encoded, limits, vocabulary, options, watch)
    for index, first in enumerate(formulas):
        seen = encoded.select([index])
        is_nonsense = is_unbelievable(first.token_log_probabilities[len(options.prefix) :])  # it is so in every view
        if further[index].are_wanted(first) and not is_nonsense:
            formulas[index] = decode_with_tta(engine, seen, further[index], first, limits[index], vocabulary, options)
        if formulas[index].stop_reason is StopReason.LOW_CONFIDENCE:
            formulas[index] = _confident_beginning(engine, seen, formulas[index], vocabulary, options)
    return [in_tokens(formula, vocabulary) for formula in formulas] if vocabulary.has_pieces else formulas


def in_tokens(formula: DecodedFormula, vocabulary: Vocabulary) -> DecodedFormula:
    """Return a formula of pieces as one of tokens: the first of each piece has its log-probability, the others zero."""
    log_probabilities: list[float] = []
    for piece, log_probability in zip(formula.token_ids, formula.token_log_probabilities, strict=True):
        log_probabilities += [log_probability, *[0.0] * (len(vocabulary.parts[piece]) - 1)]
    return replace(
        formula,
        token_ids=vocabulary.parted(formula.token_ids),
        token_log_probabilities=log_probabilities,
        alternatives=tuple(in_tokens(one, vocabulary) for one in formula.alternatives),
    )


def decode_with_tta(
    engine: GraphEngine,
    encoded: EncodedImages,
    further: FurtherViews,
    first: DecodedFormula,
    limit: int,
    vocabulary: Vocabulary,
    options: DecodingOptions,
) -> DecodedFormula:
    """Decode one image, encoded already, from that and from further views, with an earlier reading as the guess."""
    views = further.joined_with(encoded)
    # A loop or what it ran into is no guess.
    guess = FirstReading(first) if first.stop_reason is StopReason.COMPLETE else None
    again = decode_views(engine, views, limit, vocabulary, options, guess)
    if again.token_ids == first.token_ids:
        return again
    if guess is not None:
        # Token by token a letter may win where a bold one, three tokens, is likelier for its length.
        kept = replace(options, prefix=tuple(first.token_ids))
        other = guess.in_all_views or decode_views(engine, views, limit, vocabulary, kept)
    elif first.stop_reason in _LOOPS and again.stop_reason in _LOOPS:
        # Several hypotheses find the way out of a loop; what they write after a stretch of guesses is guessed too.
        beam = replace(options, beam_size=_BEAM_OUT_OF_A_LOOP)
        other = decode_with_beam(engine, encoded, [limit], vocabulary, beam)[0]
    else:
        return again
    return max(again, other, key=lambda one: one.rank)


def _confident_beginning(
    engine: GraphEngine,
    encoded: EncodedImages,
    formula: DecodedFormula,
    vocabulary: Vocabulary,
    options: DecodingOptions,
) -> DecodedFormula:
    """Return a formula up to where it lost its way, with what is open there closed; all of it if that is nothing."""
    count = confident_tokens(formula.token_log_probabilities[len(options.prefix) :]) + len(options.prefix)
    if count == 0:
        return formula
    kept = replace(options, prefix=tuple(formula.token_ids[:count]))
    beginning = decode_views(engine, encoded, count, vocabulary, kept)
    return replace(beginning, stop_reason=StopReason.LOW_CONFIDENCE, alternatives=formula.alternatives)


def max_tokens_for_size(height: float, width: float) -> int:
    """Return the most tokens that a formula of this size, in pixels at network scale, can have."""
    # Half of the rendered formulas have a token on 367 pixels; one in 97,000 has more tokens than this.
    return min(LONGEST_FORMULA, _TOKENS_OF_SMALLEST + int(height * width / _PIXELS_A_TOKEN))
