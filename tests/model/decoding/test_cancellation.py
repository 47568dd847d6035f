"""A reading that nobody wants any more ends before the network's next step, however it is decoded."""

from __future__ import annotations

from functools import partial
from threading import Event
from typing import Any

import numpy as np
import pytest

from model.decoding.cancellation import RecognitionCancelledError, stop_if_cancelled
from model.decoding.decode import decode
from model.decoding.decoded_formula import DEFAULT_DECODING, DecodingOptions
from model.engines.graph_engine import GraphEngine
from model.recognition.recogniser import Recogniser
from model.vocabulary import Vocabulary

_SURE_OF_NOTHING = DecodingOptions(views=DEFAULT_DECODING.views, retry_below=1.1, retry_large_below=1.1)


class CountingRunner:
    """A runner that counts the runs of its graphs, and at one of them the user loses patience."""

    def __init__(self, runner: Any, cancellation: Event, last: int) -> None:
        self._runner = runner
        self._cancellation = cancellation
        self._last = last
        self.runs = 0

    def run(self, graph: str, inputs: Any, outputs: Any) -> Any:
        self.runs += 1
        if self.runs == self._last:
            self._cancellation.set()
        return self._runner.run(graph, inputs, outputs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._runner, name)


@pytest.mark.parametrize("last", [1, 2, 4])
@pytest.mark.parametrize(
    ("count", "options"),
    [
        pytest.param(3, DecodingOptions(), id="greedy"),
        pytest.param(1, DecodingOptions(), id="speculative"),
        pytest.param(2, DecodingOptions(beam_size=3), id="beam"),
        pytest.param(1, _SURE_OF_NOTHING, id="views"),
    ],
)
def test_no_run_of_the_network_follows_the_cancellation(
    engine: GraphEngine,
    vocabulary: Vocabulary,
    images_by_heart: list[np.ndarray],
    count: int,
    options: DecodingOptions,
    last: int,
) -> None:
    cancellation = Event()
    counting = CountingRunner(engine.runner, cancellation, last)
    cancellable = GraphEngine(counting).checked(partial(stop_if_cancelled, cancellation))
    with pytest.raises(RecognitionCancelledError):
        decode(cancellable, images_by_heart[:count], vocabulary, options=options)
    assert counting.runs == last


def test_reading_that_can_be_cancelled_is_the_same_one(
    engine: GraphEngine, vocabulary: Vocabulary, images_by_heart: list[np.ndarray]
) -> None:
    plain = decode(engine, images_by_heart, vocabulary)
    cancellable = decode(engine.checked(partial(stop_if_cancelled, Event())), images_by_heart, vocabulary)
    assert [one.token_ids for one in cancellable] == [one.token_ids for one in plain]


def test_cancelled_before_it_begins_it_is_not_prepared(engine: GraphEngine, vocabulary: Vocabulary) -> None:
    # The array is no image: preparing it would be another error.
    cancellation = Event()
    cancellation.set()
    with pytest.raises(RecognitionCancelledError):
        Recogniser(engine, vocabulary).recognise(np.zeros((0, 0), np.uint8), cancellation=cancellation)
