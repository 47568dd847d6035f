"""Test-time augmentation: what is unsure is seen in further views, with the first reading as the guess."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from model.decoding import decode as decode_module
from model.decoding.augmentation import view_of
from model.decoding.decode import decode
from model.decoding.decoded_formula import DecodedFormula, DecodingOptions, StopReason, View
from model.decoding.speculative import FirstReading, decode_views
from model.engines.graph_engine import GraphEngine
from model.vocabulary import Vocabulary
from tests.model.decoding.same_formulas import assert_same, count_steps, with_unclear_ones

Images = list[np.ndarray]


def test_only_what_is_unsure_is_read_again(
    engine: GraphEngine, vocabulary: Vocabulary, images_by_heart: Images
) -> None:
    # Time goes where it helps: a clear image is read once, an unclear one of the same batch again.
    images = with_unclear_ones(images_by_heart)
    greedy = decode(engine, images, vocabulary)
    levels = sorted(formula.least_probability for formula in greedy)
    retry_below = (levels[len(levels) // 2 - 1] + levels[len(levels) // 2]) / 2
    views = (View(1.1), View(1.0, 4))
    mixed = decode(engine, images, vocabulary, options=DecodingOptions(retry_below=retry_below, views=views))
    again = [
        one.token_log_probabilities != other.token_log_probabilities for one, other in zip(mixed, greedy, strict=True)
    ]
    assert any(again)
    assert not any(changed for changed, one in zip(again, greedy, strict=True) if one.least_probability >= retry_below)
    for options in (DecodingOptions(retry_below=0.0, views=views), DecodingOptions(retry_below=1.0)):
        assert_same(decode(engine, images, vocabulary, options=options), greedy)


def test_a_batch_is_read_again_as_each_image_alone(
    engine: GraphEngine, vocabulary: Vocabulary, images_by_heart: Images
) -> None:
    # A view of another image of the batch would blur what was clear.
    images = with_unclear_ones(images_by_heart)
    options = DecodingOptions(views=(View(1.12), View(1.06, 4)))
    together = decode(engine, images, vocabulary, options=options)
    assert_same(together, [decode(engine, [image], vocabulary, options=options)[0] for image in images])


@pytest.mark.parametrize("views", [1, 2])
def test_the_first_reading_guesses_and_does_not_decide(
    engine: GraphEngine,
    vocabulary: Vocabulary,
    images_by_heart: Images,
    monkeypatch: pytest.MonkeyPatch,
    views: int,
) -> None:
    # Right, with faults, cut off or of another image: what several views say comes out, a good guess only sooner.
    steps = count_steps(monkeypatch)
    monkeypatch.setattr(engine, "has_drafts", False)
    counts = {"none": 0.0, "right": 0.0, "faults": 0.0}
    for image in images_by_heart:
        seen = engine.encode([view_of(image, View(1.0, 8 * view)) for view in range(views)])
        read: Callable[..., DecodedFormula]
        read = partial(decode_views, engine, seen, 40, vocabulary, DecodingOptions())
        expected = read()
        counts["none"] += len(steps)
        steps.clear()
        right = expected.token_ids
        assert_same([read(FirstReading(expected))], [expected])
        counts["right"] += len(steps)
        steps.clear()
        middle = len(right) // 2
        one_lost, one_more = right[:middle] + right[middle + 1 :], right[:middle] + right[:1] + right[middle:]
        for faulty in (one_lost, one_more, right[:middle], right[::-1]):
            first = replace(expected, token_ids=faulty, token_log_probabilities=[-0.1] * len(faulty))
            assert_same([read(FirstReading(first))], [expected])
            counts["faults"] += len(steps) / 4
            steps.clear()
    assert counts["right"] < 0.2 * counts["none"]
    assert counts["faults"] < 0.7 * counts["none"]


def test_every_view_is_counted(engine: GraphEngine, vocabulary: Vocabulary, images_by_heart: Images) -> None:
    # What counts is the mean of what is said of each view, the order of the views being nothing to it.
    clear, other = images_by_heart[0], images_by_heart[1]
    options = DecodingOptions(prefix=tuple(vocabulary.encode([r"\frac", "{", "a", "}", "{", "b", "}"])))

    def first_log_probabilities(*views: np.ndarray) -> list[float]:
        formula = decode_views(engine, engine.encode(views), 40, vocabulary, options)
        return formula.token_log_probabilities[: len(options.prefix)]

    both = first_log_probabilities(clear, other)
    assert both == pytest.approx(first_log_probabilities(other, clear), abs=1e-3)
    assert both != pytest.approx(first_log_probabilities(clear), abs=1e-3)
    assert both != pytest.approx(first_log_probabilities(other), abs=1e-3)
    assert first_log_probabilities(clear, clear) == pytest.approx(first_log_probabilities(clear), abs=1e-3)


def test_of_two_readings_the_likelier_one_for_its_length_stays(
    engine: GraphEngine, vocabulary: Vocabulary, images_by_heart: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A second reading that is less likely, or ends in a loop, must not replace a whole formula.
    images = images_by_heart[:1]
    first = decode(engine, images, vocabulary)[0]
    others = [
        replace(first, token_ids=first.token_ids[::-1], end_log_probability=-9.0),
        replace(first, token_ids=first.token_ids[::-1], stop_reason=StopReason.REPETITION),
    ]
    read = decode_views
    for other in others:

        def drafted(*arguments: Any, other: DecodedFormula = other) -> DecodedFormula:
            # Six: with a first reading as the guess.
            return other if len(arguments) == 6 else read(*arguments)

        monkeypatch.setattr(decode_module, "decode_views", drafted)
        again = decode(engine, images, vocabulary, options=DecodingOptions(views=(View(1.0, 8),)))[0]
        assert again.tokens == first.tokens
        assert again.token_log_probabilities != first.token_log_probabilities  # of both views


def test_the_first_reading_is_seen_in_all_views_by_the_way(
    engine: GraphEngine, vocabulary: Vocabulary, images_by_heart: Images
) -> None:
    # Its likelihood there is asked for whenever the second reading differs; decoding it once more would tell the same.
    options = DecodingOptions()
    for index, image in enumerate(images_by_heart):
        first = decode(engine, [image], vocabulary)[0]
        views = engine.encode([image, images_by_heart[index - 1]])
        reading = FirstReading(first)
        decode_views(engine, views, 40, vocabulary, options, reading)
        prefix = replace(options, prefix=tuple(first.token_ids))
        expected = decode_views(engine, views, 40, vocabulary, prefix)
        if reading.in_all_views is None:
            assert expected.token_ids != first.token_ids
            continue
        assert reading.in_all_views.token_ids == expected.token_ids
        assert reading.in_all_views.token_log_probabilities == pytest.approx(expected.token_log_probabilities, abs=1e-3)
        assert reading.in_all_views.end_log_probability == pytest.approx(expected.end_log_probability, abs=1e-3)


def test_views_are_encoded_on_another_core_while_the_first_reading_goes_on(
    engine: GraphEngine, vocabulary: Vocabulary, images_by_heart: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It must change nothing but the time: the same formulas, whether there is a core to spare or not.
    options = DecodingOptions(views=(View(1.0, 8), View(1.12)))
    threads: list[bool] = []
    encode = engine.encode

    def watched(images: Images) -> object:
        threads.append(threading.current_thread() is threading.main_thread())
        return encode(images)

    monkeypatch.setattr(engine, "encode", watched)
    formulas = {}
    for cores, expected in ((1, [True, True]), (2, [True, False])):
        monkeypatch.setattr(engine, "reads_side_by_side", cores)
        formulas[cores] = decode(engine, images_by_heart[:1], vocabulary, options=options)
        assert threads == expected
        threads.clear()
    assert formulas[1] == formulas[2]


def test_a_beam_finds_the_way_out_of_a_loop(
    engine: GraphEngine,
    vocabulary: Vocabulary,
    images_by_heart: Images,
    formulas: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Where one view loops, several often loop as well; a whole formula helps more than one that was cut short.
    images = images_by_heart[:1]
    loop = replace(decode(engine, images, vocabulary)[0], token_ids=[4] * 8, stop_reason=StopReason.REPETITION)
    again = replace(loop, token_ids=[4] * 9)
    monkeypatch.setattr(decode_module, "decode_speculatively", lambda *_: [loop])
    monkeypatch.setattr(decode_module, "decode_views", lambda *_: again)
    formula = decode(engine, images, vocabulary, options=DecodingOptions(views=(View(1.12),)))[0]
    assert formula.stop_reason is StopReason.COMPLETE
    assert formula.tokens == formulas[0]


def test_a_loop_behind_a_stretch_of_guesses_is_not_searched(
    engine: GraphEngine, vocabulary: Vocabulary, images_by_heart: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nonsense is written so; a beam over four hundred tokens would be what takes longest of all.
    images = images_by_heart[:1]
    lost = replace(decode(engine, images, vocabulary)[0], token_ids=[4] * 8, stop_reason=StopReason.LOW_CONFIDENCE)
    again = replace(lost, token_ids=[4] * 9, stop_reason=StopReason.TOO_LONG)
    monkeypatch.setattr(decode_module, "decode_speculatively", lambda *_: [lost])
    monkeypatch.setattr(decode_module, "decode_views", lambda *_: again)
    monkeypatch.setattr(decode_module, "decode_with_beam", lambda *_: pytest.fail("a beam"))
    formula = decode(engine, images, vocabulary, options=DecodingOptions(views=(View(1.12),)))[0]
    assert formula.stop_reason is StopReason.TOO_LONG


@pytest.mark.parametrize("view", [View(1.06, 4), View(0.94, 4), View(1.12), View(0.5)], ids=str)
def test_views_are_those_that_the_thresholds_were_measured_with(view: View) -> None:
    # PyTorch's bicubic scaling: another kernel would read other formulas again.
    image = np.random.default_rng(0).random((57, 131), dtype=np.float32)
    scaled = torch.nn.functional.interpolate(
        torch.from_numpy(image)[None, None], scale_factor=view.scale, mode="bicubic", antialias=view.scale < 1
    )
    expected = torch.nn.functional.pad(scaled.clamp(0.0, 1.0), (view.shift, 0, view.shift, 0))[0, 0].numpy()
    np.testing.assert_allclose(view_of(image, view), expected, atol=2e-4)
