"""The vocabulary is the one table that training and recognition must share to the last id."""

import json
from pathlib import Path

import pytest

from model.vocabulary import BOS, EOS, PAD, SPECIAL_TOKENS, UNKNOWN, Vocabulary, VocabularyError


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary.build([["x", "+", "x"], ["x", "+"], [r"\alpha"]])


def test_frequent_tokens_come_first_after_the_special_ones(vocabulary: Vocabulary) -> None:
    # Protects the ids: the same formulas give the same table.
    assert vocabulary.tokens == (*SPECIAL_TOKENS, "x", "+", r"\alpha")
    assert len(vocabulary) == 7
    assert (PAD, BOS, EOS, UNKNOWN) == (0, 1, 2, 3)


def test_rare_tokens_are_left_out() -> None:
    # Protects the network against outputs it has hardly seen.
    assert Vocabulary.build([["x", "x", "y"]], minimum_count=2).tokens == (*SPECIAL_TOKENS, "x")


def test_encode_and_decode_are_inverse(vocabulary: Vocabulary) -> None:
    # Protects every label on its way through the network.
    assert vocabulary.decode(vocabulary.encode(["x", r"\alpha"])) == ["x", r"\alpha"]
    assert vocabulary.encode(["y"]) == [UNKNOWN]
    assert vocabulary.decode([BOS, 4, PAD, 5, EOS, 4]) == ["x", "+"]


def test_stored_and_loaded(vocabulary: Vocabulary, tmp_path: Path) -> None:
    # Protects the file that ships beside the weights.
    vocabulary.save(tmp_path / "vocabulary.json")
    loaded = Vocabulary.load(tmp_path / "vocabulary.json")
    assert (loaded.tokens, loaded.hash) == (vocabulary.tokens, vocabulary.hash)


def test_hash_tells_order_and_content() -> None:
    # Protects against weights that are used with the vocabulary of another run.
    hashes = {Vocabulary([*SPECIAL_TOKENS, *tokens]).hash for tokens in (["a"], ["a", "b"], ["b", "a"])}
    assert len(hashes) == 3


@pytest.mark.parametrize("content", ["", "[]", '{"tokens": ["x"]}', '{"tokens": 3, "hash": ""}', "\x00"])
def test_a_file_that_is_no_vocabulary_is_an_error(content: str, tmp_path: Path) -> None:
    # Protects the user from a traceback over a broken file.
    path = tmp_path / "vocabulary.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(VocabularyError):
        Vocabulary.load(path)


def test_an_edited_file_is_an_error(vocabulary: Vocabulary, tmp_path: Path) -> None:
    # Protects against ids that silently mean other tokens.
    path = tmp_path / "vocabulary.json"
    vocabulary.save(path)
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["tokens"].append("y")
    path.write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(VocabularyError, match="was changed"):
        Vocabulary.load(path)


def test_repeated_tokens_are_an_error() -> None:
    # Protects decode from being ambiguous.
    with pytest.raises(VocabularyError, match="twice"):
        Vocabulary([*SPECIAL_TOKENS, "x", "x"])
