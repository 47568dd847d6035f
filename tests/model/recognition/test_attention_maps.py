"""What a client may ask for beside the formula: where the network looked, and what else it could be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from model.decoding.decoded_formula import DecodingOptions
from model.recognition.recogniser import Recogniser

if TYPE_CHECKING:
    from model.engines.graph_engine import GraphEngine
    from model.vocabulary import Vocabulary


@pytest.fixture
def recogniser(engine: GraphEngine, vocabulary: Vocabulary) -> Recogniser:
    """The small network as a recogniser."""
    return Recogniser(engine, vocabulary)


@pytest.fixture
def ink() -> np.ndarray:
    """Some input of the network."""
    return np.random.default_rng(1).random((40, 100), dtype=np.float32)


def test_each_token_has_a_map_over_the_whole_image(recogniser: Recogniser, ink: np.ndarray) -> None:
    # The page lays the map over the image: its grid must be that of the image, and it must be a share of attention.
    tokens = recogniser.recognise_inputs([ink])[0].tokens
    maps = recogniser.attention_maps(ink, tokens)
    assert maps.shape == (len(tokens), 5, 13)
    assert maps.min() >= 0
    assert maps.sum(axis=(1, 2)) == pytest.approx(1.0, abs=1e-4)
    assert not np.allclose(maps[0], maps[-1])


def test_maps_of_no_tokens(recogniser: Recogniser, ink: np.ndarray) -> None:
    # An empty formula is an answer too.
    assert recogniser.attention_maps(ink, []).shape == (0, 5, 13)


def test_alternatives_differ_from_the_answer_and_each_other(recogniser: Recogniser, ink: np.ndarray) -> None:
    # Two spellings of one formula are no choice for the user.
    reading = recogniser.recognise_inputs([ink], options=DecodingOptions(beam_size=6))[0]
    formulas = [reading.tokens, *(other.tokens for other in reading.alternatives)]
    assert len(formulas) > 1
    assert len(set(formulas)) == len(formulas)


def test_greedy_decoding_has_no_alternatives(recogniser: Recogniser, ink: np.ndarray) -> None:
    assert recogniser.recognise_inputs([ink], options=DecodingOptions())[0].alternatives == ()
