"""Greedy decoding and beam search: one interface, any batch, always an end."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from model.inference.beam_search import decode_with_beam
from model.inference.decoding import LONGEST_FORMULA, DecodedFormula, DecodingOptions, Ending, decode, token_limit
from model.inference.draft_decoding import decode_with_drafts
from model.inference.grammar import CLOSING_TOKENS
from model.inference.greedy_decoding import decode_greedily
from model.inference.packed_linear import PackedLinear, pack_linear_layers
from model.inference.threads import at_most_threads
from model.latex import join_tokens, normalise
from model.networks.network import RecogniserNetwork
from model.vocabulary import EOS, Vocabulary
from tests.model.inference.same_formulas import assert_same, count_steps, with_unclear_ones


@pytest.mark.parametrize("beam_size", [1, 2, 5])
@pytest.mark.parametrize("mask_grammar", [True, False])
def test_what_is_known_by_heart_is_read(
    network: RecogniserNetwork,
    vocabulary: Vocabulary,
    images_by_heart: tuple[Tensor, Tensor],
    formulas: list[list[str]],
    beam_size: int,
    mask_grammar: bool,
) -> None:
    # Formulas of very different lengths in one batch: each must come out whole, in its place.
    options = DecodingOptions(beam_size=beam_size, mask_grammar=mask_grammar)
    decoded = decode(network, *images_by_heart, vocabulary, options=options)
    assert [formula.tokens for formula in decoded] == formulas
    assert all(formula.ending is Ending.COMPLETE for formula in decoded)


@pytest.mark.parametrize("beam_size", [1, 3])
def test_each_formula_is_what_it_is_alone(
    network: RecogniserNetwork, vocabulary: Vocabulary, images_by_heart: tuple[Tensor, Tensor], beam_size: int
) -> None:
    # Rows leave the batch as they finish; a row taken for another would give someone else's formula.
    options = DecodingOptions(beam_size=beam_size, maximum_tokens=60)
    images, sizes = images_by_heart
    together = decode(network, images, sizes, vocabulary, options=options)
    alone = [
        decode(network, images[row : row + 1, :, :height, :width], sizes[row : row + 1], vocabulary, options=options)[0]
        for row, (height, width) in enumerate(sizes.tolist())
    ]
    assert_same(together, alone)


def test_beam_of_one_is_greedy(
    network: RecogniserNetwork, vocabulary: Vocabulary, images_by_heart: tuple[Tensor, Tensor]
) -> None:
    # Two programs for one thing would drift apart; a beam of one keeps them together.
    images, sizes = images_by_heart
    options, limits = DecodingOptions(), [token_limit(height, width) for height, width in sizes.tolist()]
    with torch.inference_mode(), at_most_threads(1):
        memory = network.encode(images, sizes)
        beam = decode_with_beam(network.decoder, memory, limits, vocabulary, options)
        greedy = decode_greedily(network.decoder, memory, limits, vocabulary, options)
    assert_same(beam, greedy)


@pytest.mark.parametrize("mask_grammar", [True, False])
def test_guessing_ahead_reads_the_same_in_fewer_steps(
    network: RecogniserNetwork,
    vocabulary: Vocabulary,
    images_by_heart: tuple[Tensor, Tensor],
    monkeypatch: pytest.MonkeyPatch,
    mask_grammar: bool,
) -> None:
    # A formula alone is decoded by another program than those of a batch; guesses may cost a step, never a token.
    images, sizes = with_unclear_ones(*images_by_heart)
    steps = count_steps(monkeypatch)
    by_heart = {"plain": 0, "drafts": 0}
    for row, (height, width) in enumerate(sizes.tolist()):
        for options in (
            DecodingOptions(mask_grammar=mask_grammar),
            DecodingOptions(mask_grammar=mask_grammar, maximum_tokens=9),
            DecodingOptions(mask_grammar=mask_grammar, prefix=tuple(vocabulary.encode([r"\frac", "{"]))),
        ):
            limit = min(options.maximum_tokens, 45)
            with torch.inference_mode(), at_most_threads(1):
                memory = network.encode(images[row : row + 1, :, :height, :width], sizes[row : row + 1])
                one_by_one = decode_greedily(network.decoder, memory, [limit], vocabulary, options)
                plain = len(steps)
                with_drafts = decode_with_drafts(network.decoder, [memory], limit, vocabulary, options)
            assert_same([with_drafts], one_by_one)
            if row < len(images_by_heart[0]):
                by_heart["plain"] += plain
                by_heart["drafts"] += len(steps) - plain
            steps.clear()
    assert by_heart["drafts"] < 0.75 * by_heart["plain"]


def test_what_was_written_before_is_guessed(
    network: RecogniserNetwork,
    vocabulary: Vocabulary,
    images_by_heart: tuple[Tensor, Tensor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Rows of a matrix resemble each other; here one symbol is written until it is cut short.
    with torch.no_grad():
        network.decoder.output_bias[vocabulary.encode([r"\alpha"])[0]] = 1e4
    network.decoder.draft_heads = None
    steps = count_steps(monkeypatch)
    images, sizes = images_by_heart[0][:1], images_by_heart[1][:1]
    assert decode(network, images, sizes, vocabulary)[0].tokens == [r"\alpha"] * 8  # alone, so in steps of several
    with torch.inference_mode(), at_most_threads(1):
        memory = network.encode(images, sizes)
        formula = decode_with_drafts(network.decoder, [memory], 60, vocabulary, DecodingOptions())
    assert formula.tokens == [r"\alpha"] * 8
    assert steps[-7:] == [1, 1, 1, 1, 2, 2, 1]


def test_wrong_guesses_change_nothing(
    network: RecogniserNetwork, vocabulary: Vocabulary, images_by_heart: tuple[Tensor, Tensor]
) -> None:
    # What the heads guess is checked, not believed.
    images, sizes = images_by_heart
    assert network.decoder.draft_heads is not None
    torch.nn.init.normal_(network.decoder.draft_heads.mix.weight, generator=torch.Generator().manual_seed(3))
    together = decode(network, images, sizes, vocabulary)
    alone = [
        decode(network, images[row : row + 1, :, :height, :width], sizes[row : row + 1], vocabulary)[0]
        for row, (height, width) in enumerate(sizes.tolist())
    ]
    assert_same(alone, together)


def test_packed_layers_read_the_same(
    network: RecogniserNetwork, vocabulary: Vocabulary, images_by_heart: tuple[Tensor, Tensor]
) -> None:
    # They hold what the file of weights holds, float16; only the order of additions is another.
    images, sizes = images_by_heart
    network.half().float()
    expected = decode(network, images, sizes, vocabulary)
    pack_linear_layers(network.decoder)
    assert any(isinstance(module, PackedLinear) for module in network.decoder.modules())
    assert_same(decode(network, images, sizes, vocabulary), expected)


def test_wider_beam_finds_likelier_formulas(
    network: RecogniserNetwork, vocabulary: Vocabulary, images_by_heart: tuple[Tensor, Tensor]
) -> None:
    # The reason to have it: where the picture is unclear, greedy decoding is led astray by its first token.
    def mean(formulas: list[DecodedFormula]) -> float:
        log_probabilities = [(*formula.token_log_probabilities, formula.end_log_probability) for formula in formulas]
        return math.fsum(sum(values) / len(values) for values in log_probabilities) / len(formulas)

    images, sizes = images_by_heart
    # Every formula drawn over every other: on a single picture the beam may drop the likelier start, on many it wins.
    unclear = torch.cat([(images + images.roll(shift, dims=0)) / 2 for shift in range(1, len(images))])
    sizes = sizes.repeat(len(images) - 1, 1)
    greedy = decode(network, unclear, sizes, vocabulary)
    beam = decode(network, unclear, sizes, vocabulary, options=DecodingOptions(beam_size=5))
    assert mean(beam) > mean(greedy)


@pytest.mark.parametrize("beam_size", [1, 2])
@pytest.mark.parametrize("maximum_tokens", [1, 5, 30])
def test_the_limit_closes_what_is_open(
    network: RecogniserNetwork,
    vocabulary: Vocabulary,
    images_by_heart: tuple[Tensor, Tensor],
    beam_size: int,
    maximum_tokens: int,
) -> None:
    # A formula that is cut off must still be LaTeX.
    options = DecodingOptions(beam_size=beam_size, maximum_tokens=maximum_tokens)
    for formula in decode(network, *images_by_heart, vocabulary, options=options):
        assert normalise(join_tokens(formula.tokens))
        assert len(formula.tokens) <= maximum_tokens + CLOSING_TOKENS
        assert len(formula.token_log_probabilities) == len(formula.tokens) == len(formula.token_ids)


def test_log_probabilities_are_the_networks_own(
    network: RecogniserNetwork, vocabulary: Vocabulary, images_by_heart: tuple[Tensor, Tensor]
) -> None:
    # They become the confidence: one from under the mask would call a forced token certain.
    images, sizes = images_by_heart[0][3:4], images_by_heart[1][3:4]
    formula = decode(network, images, sizes, vocabulary, options=DecodingOptions(maximum_tokens=20))[0]
    with torch.inference_mode(), at_most_threads(1):
        logits = network(images, sizes, torch.tensor([[1, *formula.token_ids]])).logits
    expected = logits[0].log_softmax(1).gather(1, torch.tensor([*formula.token_ids, EOS])[:, None])[:, 0].tolist()
    actual = [*formula.token_log_probabilities, formula.end_log_probability]
    assert actual == pytest.approx(expected, abs=1e-3)


def test_a_loop_is_cut_short(
    network: RecogniserNetwork, vocabulary: Vocabulary, images_by_heart: tuple[Tensor, Tensor]
) -> None:
    # A network that loves one symbol would write it until the limit.
    with torch.no_grad():
        network.decoder.output_bias[vocabulary.encode([r"\alpha"])[0]] = 1e4
    for formula in decode(network, *images_by_heart, vocabulary):
        assert formula.tokens == [r"\alpha"] * 8
        assert formula.ending is Ending.REPETITION


@pytest.mark.parametrize("beam_size", [1, 2])
def test_without_the_mask_decoding_still_ends(
    network: RecogniserNetwork, vocabulary: Vocabulary, images_by_heart: tuple[Tensor, Tensor], beam_size: int
) -> None:
    # What the network says by itself is worth measuring; it must come to an end all the same.
    options = DecodingOptions(beam_size=beam_size, maximum_tokens=40, mask_grammar=False)
    formulas = decode(network, *images_by_heart, vocabulary, options=options)
    assert all(len(formula.token_ids) <= 40 for formula in formulas)


def test_threads_are_put_back(
    network: RecogniserNetwork, vocabulary: Vocabulary, images_by_heart: tuple[Tensor, Tensor]
) -> None:
    # The number of threads belongs to the whole process: training and other libraries use it too.
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        decode(network, *images_by_heart, vocabulary, options=DecodingOptions(maximum_tokens=3))
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_no_images_give_no_formulas(network: RecogniserNetwork, vocabulary: Vocabulary) -> None:
    assert decode(network, torch.zeros(0, 1, 16, 16), torch.zeros(0, 2, dtype=torch.int64), vocabulary) == []


@pytest.mark.parametrize(("beam_size", "maximum_tokens"), [(0, 10), (1, 0), (1, LONGEST_FORMULA + 1)])
def test_impossible_options_are_refused(beam_size: int, maximum_tokens: int) -> None:
    # Beyond the limit the network has no positions left.
    with pytest.raises(ValueError, match="must"):
        DecodingOptions(beam_size=beam_size, maximum_tokens=maximum_tokens)


def test_a_larger_image_may_hold_more() -> None:
    # A single letter cannot have 400 tokens; a page can, and the longest has a limit of its own.
    assert token_limit(17, 15) < 50 < token_limit(30, 200)
    assert token_limit(640, 2048) == LONGEST_FORMULA
