"""A reading that goes astray must end there; an unsure letter, or what a person typed, must not end one."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from model.inference.astray import goes_astray, tokens_before
from model.inference.decoding import DecodingOptions, Ending, View, decode
from model.inference.hypothesis import Hypothesis
from model.latex import join_tokens, normalise
from model.networks.decoder import Decoder, LayerCache
from model.networks.network import RecogniserNetwork
from model.vocabulary import Vocabulary

SEEN = 9
"""Tokens after which the network of `blinded` sees nothing more."""


@pytest.fixture
def blinded(network: RecogniserNetwork, monkeypatch: pytest.MonkeyPatch) -> RecogniserNetwork:
    """A network that writes what comes to its mind after a few tokens, all of it about as improbable."""
    noise = torch.randn(1000, network.decoder.width, generator=torch.Generator().manual_seed(0)) * 0.01
    advance = Decoder.advance

    def advance_blindly(
        self: Decoder, token_ids: Tensor, place: int, caches: list[LayerCache], memory_bias: Tensor
    ) -> Tensor:
        features = advance(self, token_ids, place, caches, memory_bias)
        for index in range(features.shape[1]):
            if place + index >= SEEN:
                features[:, index] = noise[place + index]
        return features

    monkeypatch.setattr(Decoder, "advance", advance_blindly)
    with torch.no_grad():
        network.decoder.output_bias.zero_()
    network.decoder.draft_heads = None
    return network


@pytest.mark.parametrize("said", [[-0.01, -3.0, -0.01, -0.02] * 10, [-5.0] * 11, [-0.9] * 30, []])
def test_unsure_letters_are_no_stretch(said: list[float]) -> None:
    # One token in four may be a guess: a formula in an unknown font, read right all the same.
    assert not any(goes_astray(said[:end]) for end in range(len(said) + 1))
    assert tokens_before(said) == len(said)


def test_a_stretch_is_found_with_its_beginning() -> None:
    # What was still sure inside the stretch's first tokens belongs to the formula.
    said = [-0.01] * 30 + [-2.0, -1.5, -0.1, -1.2] * 4 + [-0.01] * 5
    assert next(end for end in range(len(said)) if goes_astray(said[:end])) == 40
    assert tokens_before(said) == 30


@pytest.mark.parametrize(
    "options",
    [DecodingOptions(), DecodingOptions(views=(View(1.0),)), DecodingOptions(beam_size=2)],
    ids=["greedy", "read again", "beam"],
)
@pytest.mark.parametrize("is_alone", [True, False])
def test_what_was_still_seen_stays(
    blinded: RecogniserNetwork,
    vocabulary: Vocabulary,
    images_by_heart: tuple[Tensor, Tensor],
    formulas: list[list[str]],
    options: DecodingOptions,
    is_alone: bool,
) -> None:
    # A hundred invented tokens behind a right beginning are a hundred to delete by hand.
    images, sizes = images_by_heart
    rows = [row for row, formula in enumerate(formulas) if len(formula) > SEEN + 4][:3]
    batches = [[row] for row in rows] if is_alone else [rows]
    read = [decode(blinded, images[batch], sizes[batch], vocabulary, options=options) for batch in batches]
    found = [formula for batch in read for formula in batch]
    for row, formula in zip(rows, found, strict=True):
        assert formula.ending is Ending.ASTRAY
        assert formula.tokens[:SEEN] == formulas[row][:SEEN]
        assert len(formula.tokens) <= SEEN + 8  # what is open is closed
        assert normalise(join_tokens(formula.tokens))


def test_what_a_person_typed_may_be_improbable(vocabulary: Vocabulary) -> None:
    # They correct the beginning as they like; only what the network writes after it is judged.
    digits = vocabulary.encode([*"01234567890123456789024681357903"])  # such as never make a loop
    hypothesis = Hypothesis.start([100], vocabulary, DecodingOptions(prefix=tuple(digits[:20])))[0]
    endings = []
    for token_id in digits:
        hypothesis.append(token_id, -9.0)
        endings.append(hypothesis.ending)
    assert endings == [Ending.COMPLETE] * 31 + [Ending.ASTRAY]
