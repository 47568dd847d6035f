"""Greedy decoding and beam search: one interface, any batch, always an end."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from model.architectures.resnet_transformer import ResNetTransformer
from model.decoding.beam import decode_with_beam
from model.decoding.decode import decode, max_tokens_for_size
from model.decoding.decoded_formula import LONGEST_FORMULA, DecodedFormula, DecodingOptions, StopReason
from model.decoding.grammar import CLOSING_TOKENS
from model.decoding.speculative import decode_speculatively
from model.engines.graph_engine import GraphEngine
from model.engines.torch_runner import torch_engine
from model.latex import join_tokens, normalise
from model.vocabulary import EOS, Vocabulary
from tests.model.decoding.same_formulas import assert_same, count_steps, laid_over, with_unclear_ones
from tests.model.decoding.token_by_token import decode_greedily

Images = list[np.ndarray]


@pytest.mark.parametrize("beam_size", [1, 2, 5])
@pytest.mark.parametrize("mask_grammar", [True, False])
def test_what_is_known_by_heart_is_read(
    engine: GraphEngine,
    vocabulary: Vocabulary,
    images_by_heart: Images,
    formulas: list[list[str]],
    beam_size: int,
    mask_grammar: bool,
) -> None:
    # Formulas of very different lengths in one batch: each must come out whole, in its place.
    options = DecodingOptions(beam_size=beam_size, mask_grammar=mask_grammar)
    decoded = decode(engine, images_by_heart, vocabulary, options=options)
    assert [formula.tokens for formula in decoded] == formulas
    assert all(formula.stop_reason is StopReason.COMPLETE for formula in decoded)


@pytest.mark.parametrize("beam_size", [1, 3])
def test_each_formula_is_what_it_is_alone(
    engine: GraphEngine, vocabulary: Vocabulary, images_by_heart: Images, beam_size: int
) -> None:
    # Rows leave the batch as they finish; a row taken for another would give someone else's formula.
    options = DecodingOptions(beam_size=beam_size, maximum_tokens=60)
    together = decode(engine, images_by_heart, vocabulary, options=options)
    alone = [decode(engine, [image], vocabulary, options=options)[0] for image in images_by_heart]
    assert_same(together, alone)


def test_beam_of_one_is_greedy(engine: GraphEngine, vocabulary: Vocabulary, images_by_heart: Images) -> None:
    # Two programs for one thing would drift apart; a beam of one keeps them together.
    options, limits = DecodingOptions(), [max_tokens_for_size(*image.shape) for image in images_by_heart]
    encoded = engine.encode(images_by_heart)
    beam = decode_with_beam(engine, encoded, limits, vocabulary, options)
    greedy = decode_greedily(engine, encoded, limits, vocabulary, options)
    assert_same(beam, greedy)


@pytest.mark.parametrize("mask_grammar", [True, False])
def test_guessing_ahead_reads_the_same_in_fewer_steps(
    engine: GraphEngine,
    vocabulary: Vocabulary,
    images_by_heart: Images,
    monkeypatch: pytest.MonkeyPatch,
    mask_grammar: bool,
) -> None:
    # Guesses may cost a step, never a token.
    steps = count_steps(monkeypatch)
    by_heart = {"plain": 0, "drafts": 0}
    for row, image in enumerate(with_unclear_ones(images_by_heart)):
        encoded = engine.encode([image])
        for options in (
            DecodingOptions(mask_grammar=mask_grammar),
            DecodingOptions(mask_grammar=mask_grammar, maximum_tokens=9),
            DecodingOptions(mask_grammar=mask_grammar, prefix=tuple(vocabulary.encode([r"\frac", "{"]))),
        ):
            limit = min(options.maximum_tokens, 45)
            one_by_one = decode_greedily(engine, encoded, [limit], vocabulary, options)
            plain = len(steps)
            assert_same(decode_speculatively(engine, encoded, [limit], vocabulary, options), one_by_one)
            if row < len(images_by_heart):
                by_heart["plain"] += plain
                by_heart["drafts"] += len(steps) - plain
            steps.clear()
    assert by_heart["drafts"] < 0.75 * by_heart["plain"]


@pytest.mark.parametrize("prefix", [[], [r"\frac", "{"]])
def test_formulas_side_by_side_guess_each_for_itself(
    engine: GraphEngine,
    vocabulary: Vocabulary,
    images_by_heart: Images,
    monkeypatch: pytest.MonkeyPatch,
    prefix: list[str],
) -> None:
    # Their guesses are right at different times, so they stand at different lengths; none may see another's tokens.
    steps = count_steps(monkeypatch)
    encoded = engine.encode(with_unclear_ones(images_by_heart))
    options, limits = DecodingOptions(prefix=tuple(vocabulary.encode(prefix))), [45] * len(encoded)
    expected = decode_greedily(engine, encoded, limits, vocabulary, options)
    plain = len(steps)
    assert_same(decode_speculatively(engine, encoded, limits, vocabulary, options), expected)
    assert len(steps) - plain < 0.8 * plain


def test_what_was_written_before_is_guessed(
    network: ResNetTransformer, vocabulary: Vocabulary, images_by_heart: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Rows of a matrix resemble each other; here one symbol is written until it is cut short.
    engine = in_love_with_alpha(network, vocabulary)
    steps = count_steps(monkeypatch)
    assert decode(engine, images_by_heart[:1], vocabulary)[0].tokens == [r"\alpha"] * 8  # alone: in steps of several
    assert steps == [1, 1, 1, 1, 2, 2, 1]


def test_wrong_guesses_change_nothing(
    network: ResNetTransformer, vocabulary: Vocabulary, images_by_heart: Images
) -> None:
    # What the heads guess is checked, not believed.
    assert network.decoder.draft_heads is not None
    torch.nn.init.normal_(network.decoder.draft_heads.mix.weight, generator=torch.Generator().manual_seed(3))
    engine = torch_engine(network)
    together = decode(engine, images_by_heart, vocabulary)
    assert_same([decode(engine, [image], vocabulary)[0] for image in images_by_heart], together)


def test_an_engine_that_takes_no_token_back_is_given_no_guesses(
    engine: GraphEngine, vocabulary: Vocabulary, images_by_heart: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The state of a recurrent decoder cannot be cut off; it reads the same, token by token.
    expected = decode(engine, images_by_heart[:3], vocabulary)
    monkeypatch.setattr("model.engines.graph_engine.CachedState.can_truncate", False)
    steps = count_steps(monkeypatch)
    assert_same([decode(engine, [image], vocabulary)[0] for image in images_by_heart[:3]], expected)
    assert set(steps) == {1}


def test_wider_beam_finds_likelier_formulas(
    engine: GraphEngine, vocabulary: Vocabulary, images_by_heart: Images
) -> None:
    # The reason to have it: where the image is unclear, greedy decoding is led astray by its first token.
    def mean(formulas: list[DecodedFormula]) -> float:
        log_probabilities = [(*formula.token_log_probabilities, formula.end_log_probability) for formula in formulas]
        return math.fsum(sum(values) / len(values) for values in log_probabilities) / len(formulas)

    # Every formula drawn over every other: on a single image the beam may drop the likelier start, on many it wins.
    count = len(images_by_heart)
    unclear = [laid_over(images_by_heart, row, shift) for shift in range(1, count) for row in range(count)]
    greedy = decode(engine, unclear, vocabulary)
    beam = decode(engine, unclear, vocabulary, options=DecodingOptions(beam_size=5))
    assert mean(beam) > mean(greedy)


@pytest.mark.parametrize("beam_size", [1, 2])
@pytest.mark.parametrize("maximum_tokens", [1, 5, 30])
def test_the_limit_closes_what_is_open(
    engine: GraphEngine,
    vocabulary: Vocabulary,
    images_by_heart: Images,
    beam_size: int,
    maximum_tokens: int,
) -> None:
    # A formula that is cut off must still be LaTeX.
    options = DecodingOptions(beam_size=beam_size, maximum_tokens=maximum_tokens)
    for formula in decode(engine, images_by_heart, vocabulary, options=options):
        assert normalise(join_tokens(formula.tokens))
        assert len(formula.tokens) <= maximum_tokens + CLOSING_TOKENS
        assert len(formula.token_log_probabilities) == len(formula.tokens) == len(formula.token_ids)


def test_log_probabilities_are_the_networks_own(
    engine: GraphEngine, trained_network: ResNetTransformer, vocabulary: Vocabulary, images_by_heart: Images
) -> None:
    # They become the confidence: one from under the mask would call a forced token certain.
    image = images_by_heart[3]
    formula = decode(engine, [image], vocabulary, options=DecodingOptions(maximum_tokens=20))[0]
    inputs = torch.from_numpy(image)[None, None], torch.tensor([image.shape])
    with torch.inference_mode():
        logits = trained_network(*inputs, torch.tensor([[1, *formula.token_ids]])).logits
    expected = logits[0].log_softmax(1).gather(1, torch.tensor([*formula.token_ids, EOS])[:, None])[:, 0].tolist()
    actual = [*formula.token_log_probabilities, formula.end_log_probability]
    assert actual == pytest.approx(expected, abs=1e-3)


def in_love_with_alpha(network: ResNetTransformer, vocabulary: Vocabulary) -> GraphEngine:
    """A network that writes one symbol whatever it sees, and guesses nothing."""
    with torch.no_grad():
        network.decoder.output_bias[vocabulary.encode([r"\alpha"])[0]] = 1e4
    engine = torch_engine(network)
    engine.has_drafts = False
    return engine


def test_a_loop_is_cut_short(network: ResNetTransformer, vocabulary: Vocabulary, images_by_heart: Images) -> None:
    # A network that loves one symbol would write it until the limit.
    for formula in decode(in_love_with_alpha(network, vocabulary), images_by_heart, vocabulary):
        assert formula.tokens == [r"\alpha"] * 8
        assert formula.stop_reason is StopReason.REPETITION


@pytest.mark.parametrize("beam_size", [1, 2])
def test_without_the_mask_decoding_still_ends(
    engine: GraphEngine, vocabulary: Vocabulary, images_by_heart: Images, beam_size: int
) -> None:
    # What the network says by itself is worth measuring; it must come to an end all the same.
    options = DecodingOptions(beam_size=beam_size, maximum_tokens=40, mask_grammar=False)
    formulas = decode(engine, images_by_heart, vocabulary, options=options)
    assert all(len(formula.token_ids) <= 40 for formula in formulas)


def test_no_images_give_no_formulas(engine: GraphEngine, vocabulary: Vocabulary) -> None:
    assert decode(engine, [], vocabulary) == []


@pytest.mark.parametrize(("beam_size", "maximum_tokens"), [(0, 10), (1, 0), (1, LONGEST_FORMULA + 1)])
def test_impossible_options_are_refused(beam_size: int, maximum_tokens: int) -> None:
    # Beyond the limit the network has no positions left.
    with pytest.raises(ValueError, match="must"):
        DecodingOptions(beam_size=beam_size, maximum_tokens=maximum_tokens)


def test_a_larger_image_may_hold_more() -> None:
    # A single letter cannot have 400 tokens; a page can, and the longest has a limit of its own.
    assert max_tokens_for_size(17, 15) < 50 < max_tokens_for_size(30, 200)
    assert max_tokens_for_size(640, 2048) == LONGEST_FORMULA
