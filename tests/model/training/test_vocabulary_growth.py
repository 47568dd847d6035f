"""Weights of a smaller vocabulary go on in a larger one: what was known is read as before, the new can be learnt."""

from __future__ import annotations

import pytest
import torch

from model.architectures.resnet_transformer import ResNetTransformer, ResNetTransformerConfig
from model.training.vocabulary_growth import VocabularyGrowthError, grow
from model.vocabulary import Vocabulary

KNOWN = Vocabulary(["<pad>", "<bos>", "<eos>", "<unk>", *"abcdefghijklmno"])
GROWN = Vocabulary([*KNOWN.tokens, "é", "ж", r"\words"])
SMALL = {"stem_width": 4, "stage_widths": (8, 8, 8), "blocks": (1, 1, 1), "width": 16, "heads": 2, "decoder_layers": 1}


def network(vocabulary: Vocabulary) -> ResNetTransformer:
    torch.manual_seed(0)
    return ResNetTransformer(ResNetTransformerConfig(len(vocabulary), feed_forward_width=32, **SMALL)).eval()  # type: ignore[arg-type]


def test_what_was_known_is_read_as_before() -> None:
    small, large = network(KNOWN), network(GROWN)
    large.load_state_dict(grow(small.state_dict(), KNOWN.hash, GROWN))
    images, sizes = torch.rand(1, 1, 32, 48), torch.tensor([[32, 48]])
    token_ids = torch.tensor([[1, 5, 6, 7]])
    before, after = small(images, sizes, token_ids).logits, large(images, sizes, token_ids).logits
    torch.testing.assert_close(after[:, :, : len(KNOWN)], before)
    assert after.shape[2] == len(GROWN)


def test_a_new_letter_starts_near_its_plain_one() -> None:
    state = grow(network(KNOWN).state_dict(), KNOWN.hash, GROWN)
    embedding = state["decoder.embedding.weight"]
    accented, plain = embedding[GROWN.encode(["é"])[0]], embedding[GROWN.encode(["e"])[0]]
    assert torch.cosine_similarity(accented, plain, dim=0) > 0.8
    assert not torch.equal(accented, plain)


def test_the_same_vocabulary_changes_nothing() -> None:
    state = network(KNOWN).state_dict()
    assert grow(state, KNOWN.hash, KNOWN) is state


def test_another_vocabulary_is_an_error() -> None:
    other = Vocabulary([*KNOWN.tokens[:-1], "z", "é"])
    with pytest.raises(VocabularyGrowthError, match="another vocabulary"):
        grow(network(KNOWN).state_dict(), KNOWN.hash, other)
