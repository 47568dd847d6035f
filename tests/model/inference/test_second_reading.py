"""The second reading: what is unsure is seen in further views, with the first reading as the guess."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from model.inference import decoding
from model.inference.decoding import DecodedFormula, DecodingOptions, Ending, View, decode
from model.inference.draft_decoding import decode_with_drafts
from model.inference.threads import at_most_threads
from model.networks.network import RecogniserNetwork
from model.vocabulary import Vocabulary
from tests.model.inference.same_formulas import assert_same, count_steps, with_unclear_ones


def test_only_what_is_unsure_is_read_again(
    network: RecogniserNetwork, vocabulary: Vocabulary, images_by_heart: tuple[Tensor, Tensor]
) -> None:
    # Time goes where it helps: a clear picture is read once, an unclear one of the same batch again.
    images, sizes = with_unclear_ones(*images_by_heart)
    greedy = decode(network, images, sizes, vocabulary)
    levels = sorted(formula.least_probability for formula in greedy)
    sure_at = (levels[len(levels) // 2 - 1] + levels[len(levels) // 2]) / 2
    views = (View(1.1), View(1.0, 4))
    mixed = decode(network, images, sizes, vocabulary, options=DecodingOptions(sure_at=sure_at, views=views))
    again = [
        one.token_log_probabilities != other.token_log_probabilities for one, other in zip(mixed, greedy, strict=True)
    ]
    assert any(again)
    assert not any(changed for changed, one in zip(again, greedy, strict=True) if one.least_probability >= sure_at)
    for options in (DecodingOptions(sure_at=0.0, views=views), DecodingOptions(sure_at=1.0)):
        assert_same(decode(network, images, sizes, vocabulary, options=options), greedy)


def test_a_batch_is_read_again_as_each_picture_alone(
    network: RecogniserNetwork, vocabulary: Vocabulary, images_by_heart: tuple[Tensor, Tensor]
) -> None:
    # In a batch a picture is cut out of the padding to be seen once more; a wrong cut would blur what was clear.
    images, sizes = with_unclear_ones(*images_by_heart)
    options = DecodingOptions(views=(View(1.12), View(1.06, 4)))
    together = decode(network, images, sizes, vocabulary, options=options)
    alone = [
        decode(network, images[row : row + 1, :, :height, :width], sizes[row : row + 1], vocabulary, options=options)[0]
        for row, (height, width) in enumerate(sizes.tolist())
    ]
    assert_same(together, alone)


@pytest.mark.parametrize("views", [1, 2])
def test_the_first_reading_guesses_and_does_not_decide(
    network: RecogniserNetwork,
    vocabulary: Vocabulary,
    images_by_heart: tuple[Tensor, Tensor],
    monkeypatch: pytest.MonkeyPatch,
    views: int,
) -> None:
    # Right, with faults, cut off or of another picture: what several views say comes out, a good guess only sooner.
    images, sizes = images_by_heart
    steps = count_steps(monkeypatch)
    network.decoder.draft_heads = None
    counts = {"none": 0.0, "right": 0.0, "faults": 0.0}
    for row, (height, width) in enumerate(sizes.tolist()):
        picture, limit = images[row : row + 1, :, :height, :width], 40
        with torch.inference_mode(), at_most_threads(1):
            memories = [
                network.encode(functional.pad(picture, (0, 8 * view, 0, 0)), sizes[row : row + 1])
                for view in range(views)
            ]
            read = partial(decode_with_drafts, network.decoder, memories, limit, vocabulary, DecodingOptions())
            expected = read()
            counts["none"] += len(steps)
            steps.clear()
            right = expected.token_ids
            assert_same([read(expected)], [expected])
            counts["right"] += len(steps)
            steps.clear()
            middle = len(right) // 2
            one_lost, one_more = right[:middle] + right[middle + 1 :], right[:middle] + right[:1] + right[middle:]
            for faulty in (one_lost, one_more, right[:middle], right[::-1]):
                first = replace(expected, token_ids=faulty, token_log_probabilities=[-0.1] * len(faulty))
                assert_same([read(first)], [expected])
                counts["faults"] += len(steps) / 4
                steps.clear()
    assert counts["right"] < 0.2 * counts["none"]
    assert counts["faults"] < 0.7 * counts["none"]


def test_every_view_is_counted(
    network: RecogniserNetwork, vocabulary: Vocabulary, images_by_heart: tuple[Tensor, Tensor]
) -> None:
    # A view that says nothing leaves a formula less likely than the clear view alone does.
    images, sizes = images_by_heart

    def likelihood(formula: DecodedFormula) -> float:
        return sum(formula.token_log_probabilities) / len(formula.token_ids)

    for row, (height, width) in enumerate(sizes.tolist()):
        picture = images[row : row + 1, :, :height, :width]
        with torch.inference_mode(), at_most_threads(1):
            clear, blank = (network.encode(ink, sizes[row : row + 1]) for ink in (picture, torch.zeros_like(picture)))
            alone, together = (
                decode_with_drafts(network.decoder, views, 40, vocabulary, DecodingOptions())
                for views in ([clear], [clear, blank])
            )
        assert likelihood(alone) > likelihood(together)


def test_of_two_readings_the_likelier_one_for_its_length_stays(
    network: RecogniserNetwork,
    vocabulary: Vocabulary,
    images_by_heart: tuple[Tensor, Tensor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A second reading that is less likely, or ends in a loop, must not replace a whole formula.
    images, sizes = images_by_heart[0][:1], images_by_heart[1][:1]
    first = decode(network, images, sizes, vocabulary)[0]
    others = [
        replace(first, token_ids=first.token_ids[::-1], end_log_probability=-9.0),
        replace(first, token_ids=first.token_ids[::-1], ending=Ending.REPETITION),
    ]
    read = decode_with_drafts
    for other in others:

        def drafted(*arguments: Any, other: DecodedFormula = other) -> DecodedFormula:
            return other if len(arguments) == 6 else read(*arguments)  # six: with a first reading as the guess

        monkeypatch.setattr(decoding, "decode_with_drafts", drafted)
        again = decode(network, images, sizes, vocabulary, options=DecodingOptions(views=(View(1.0, 8),)))[0]
        assert again.tokens == first.tokens
        assert again.token_log_probabilities != first.token_log_probabilities  # said of both views


def test_a_beam_finds_the_way_out_of_a_loop(
    network: RecogniserNetwork,
    vocabulary: Vocabulary,
    images_by_heart: tuple[Tensor, Tensor],
    formulas: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Where one view loops, several often loop as well; a whole formula helps more than one that was cut short.
    images, sizes = images_by_heart[0][:1], images_by_heart[1][:1]
    loop = replace(decode(network, images, sizes, vocabulary)[0], token_ids=[4] * 8, ending=Ending.REPETITION)
    again = replace(loop, token_ids=[4] * 9)
    monkeypatch.setattr(decoding, "_read_greedily", lambda *_: [loop])
    monkeypatch.setattr(decoding, "decode_with_drafts", lambda *_: again)
    options = DecodingOptions(views=(View(1.12),))
    formula = decode(network, images, sizes, vocabulary, options=options)[0]
    assert formula.ending is Ending.COMPLETE
    assert formula.tokens == formulas[0]
