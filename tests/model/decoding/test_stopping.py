"""Decoding that the network no longer believes must stop; an unsure letter, or what people typed, must not stop it."""

from __future__ import annotations

import numpy as np
import pytest

from model.architectures.resnet_transformer import ResNetTransformer
from model.decoding.decode import decode
from model.decoding.decoded_formula import DecodingOptions, StopReason, View
from model.decoding.hypothesis import Hypothesis
from model.decoding.stopping import confident_tokens, has_low_confidence, is_unbelievable
from model.engines.graph_engine import CachedState, GraphEngine
from model.engines.interface import IntArray, StepOutput
from model.engines.torch_runner import torch_engine
from model.latex import join_tokens, normalise
from model.vocabulary import Vocabulary

SEEN = 9
"""Tokens after which the network of `blinded` sees nothing more."""


@pytest.fixture
def blinded(trained_network: ResNetTransformer, monkeypatch: pytest.MonkeyPatch) -> GraphEngine:
    """A network that writes what comes to its mind after a few tokens, all of it about as improbable."""
    vocabulary_size = trained_network.config.vocabulary_size
    noise = np.random.default_rng(0).standard_normal((1000, vocabulary_size), dtype=np.float32) * 0.01
    extend = GraphEngine.extend

    def extend_blindly(
        engine: GraphEngine, tokens: IntArray, state: CachedState, *, attention: bool = False
    ) -> StepOutput:
        assert isinstance(state, CachedState)
        before = state.lengths
        output = extend(engine, tokens, state, attention=attention)
        for row, length in enumerate(before.tolist()):
            for index in range(tokens.shape[1]):
                if length + index >= SEEN:
                    output.logits[row, index] = noise[length + index]
        return output

    monkeypatch.setattr(GraphEngine, "extend", extend_blindly)
    engine = torch_engine(trained_network)
    engine.has_drafts = False
    return engine


@pytest.mark.parametrize("said", [[-0.01, -3.0, -0.01, -0.02] * 10, [-5.0] * 11, [-0.9] * 30, []])
def test_unsure_letters_are_no_stretch(said: list[float]) -> None:
    # One token in four may be a guess: a formula in an unknown font, read right all the same.
    assert not any(has_low_confidence(said[:end]) for end in range(len(said) + 1))
    assert confident_tokens(said) == len(said)


def test_a_stretch_is_found_with_its_beginning() -> None:
    # What was still sure inside the stretch's first tokens belongs to the formula.
    said = [-0.01] * 30 + [-2.0, -1.5, -0.1, -1.2] * 4 + [-0.01] * 5
    assert next(end for end in range(len(said)) if has_low_confidence(said[:end])) == 40
    assert confident_tokens(said) == 30


def test_a_long_reading_that_is_hardly_believed_is_none() -> None:
    # Each stretch of it may be just within the bounds; that all of it is unsure is what tells.
    said = [-0.1, -0.1, -0.1, -3.5] * 6
    assert not any(has_low_confidence(said[:end]) for end in range(len(said) + 1))
    assert is_unbelievable(said)
    assert not is_unbelievable(said[:20])
    assert not is_unbelievable([-0.1, -0.1, -0.1, -1.5] * 30)  # a line in an alphabet that it hardly knows


@pytest.mark.parametrize(
    "options",
    [DecodingOptions(), DecodingOptions(views=(View(1.0),)), DecodingOptions(beam_size=2)],
    ids=["greedy", "read again", "beam"],
)
@pytest.mark.parametrize("is_alone", [True, False])
def test_what_was_still_seen_stays(
    blinded: GraphEngine,
    vocabulary: Vocabulary,
    images_by_heart: list[np.ndarray],
    formulas: list[list[str]],
    options: DecodingOptions,
    is_alone: bool,
) -> None:
    # A hundred invented tokens behind a right beginning are a hundred to delete by hand.
    rows = [row for row, formula in enumerate(formulas) if len(formula) > SEEN + 4][:3]
    batches = [[row] for row in rows] if is_alone else [rows]
    read = [decode(blinded, [images_by_heart[row] for row in batch], vocabulary, options=options) for batch in batches]
    found = [formula for batch in read for formula in batch]
    for row, formula in zip(rows, found, strict=True):
        assert formula.stop_reason is StopReason.LOW_CONFIDENCE
        assert formula.tokens[:SEEN] == formulas[row][:SEEN]
        assert len(formula.tokens) <= SEEN + 8  # what is open is closed
        assert normalise(join_tokens(formula.tokens))


def test_what_the_user_typed_may_be_improbable(vocabulary: Vocabulary) -> None:
    # They correct the beginning as they like; only what the network writes after it is judged.
    digits = vocabulary.encode([*"01234567890123456789024681357903"])  # such as never make a loop
    hypothesis = Hypothesis.start([100], vocabulary, DecodingOptions(prefix=tuple(digits[:20])))[0]
    endings = []
    for token_id in digits:
        hypothesis.append(token_id, -9.0)
        endings.append(hypothesis.stop_reason)
    assert endings == [StopReason.COMPLETE] * 31 + [StopReason.LOW_CONFIDENCE]
