"""Networks that write pieces of several tokens: how text is cut, which pieces may come next, and what comes out."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from model.data_preparation.packed_images import PackedImages
from model.decoding import piece_masks
from model.decoding.analysis import analyse
from model.decoding.decode import decode
from model.decoding.decoded_formula import DecodingOptions
from model.decoding.grammar import CLOSING_TOKENS, Grammar, grammar_of
from model.decoding.grammar_state import GrammarState
from model.decoding.hypothesis import Hypothesis
from model.decoding.token_alternatives import token_alternatives
from model.engines.torch_runner import torch_engine
from model.latex import join_tokens, normalise
from model.training.learn_pieces import learn_pieces, main
from model.vocabulary import EOS, UNKNOWN, Vocabulary, VocabularyError
from tests.model.architectures.small_systems import FORMULAS, WITH_PIECES, images, learned
from tests.model.architectures.small_systems import vocabulary as small_vocabulary


@pytest.fixture(scope="module")
def pieces(formulas: list[list[str]], vocabulary: Vocabulary) -> Vocabulary:
    """The vocabulary of all tests with as many pieces again."""
    return learn_pieces(formulas * 2, vocabulary, 2 * len(vocabulary))


def test_formulas_come_back_from_their_pieces(
    formulas: list[list[str]], vocabulary: Vocabulary, pieces: Vocabulary
) -> None:
    assert (vocabulary.kind, pieces.kind) == ("tokens", "pieces")
    assert pieces.tokens[: len(vocabulary)] == vocabulary.tokens
    assert len(pieces) == 2 * len(vocabulary)
    for tokens in formulas:
        ids = pieces.encode(tokens)
        assert pieces.decode([*ids, EOS]) == tokens
        assert pieces.parted(ids) == vocabulary.ids(tokens) == pieces.ids(tokens)
    shorter = sum(len(pieces.encode(tokens)) for tokens in formulas) / sum(map(len, formulas))
    assert shorter < 0.7


def test_pieces_are_cut_as_the_library_cuts_them(formulas: list[list[str]], pieces: Vocabulary) -> None:
    # What is learned with one rule and read by another would not be what often stands together.
    from tokenizers import Tokenizer, models

    names = ["".join(chr(0xF0000 + part) for part in parts) for parts in pieces.parts]
    merges = []
    for number, parts in enumerate(pieces.parts):
        if len(parts) > 1:
            left, right = Vocabulary(pieces.tokens[:number]).joined(parts)
            merges.append((names[left], names[right]))
    library = Tokenizer(models.BPE({name: number for number, name in enumerate(names)}, merges))
    for tokens in formulas:
        text = "".join(chr(0xF0000 + number) for number in pieces.ids(tokens))
        assert library.encode(text).ids == pieces.encode(tokens)


def test_unknown_tokens_part_a_formula(vocabulary: Vocabulary) -> None:
    learned_of = learn_pieces([["x", "nothing", "+"], ["x", "+"], ["x", "+"]], vocabulary, 1_000)
    assert learned_of.tokens[len(vocabulary) :] == ("x +",)
    assert learned_of.encode(["x", "+", "nothing", "x"])[1:] == [UNKNOWN, *vocabulary.ids("x")]
    with pytest.raises(VocabularyError, match="has pieces already"):
        learn_pieces([], learned_of, 2_000)
    with pytest.raises(VocabularyError, match="before its tokens"):
        Vocabulary([*vocabulary.tokens, "x unheard-of"])


def states(formulas: list[list[str]], grammar: Grammar, generator: random.Random) -> list[GrammarState]:
    """States in the middle of formulas, one in four to be closed."""
    found = []
    for tokens in formulas:
        state = GrammarState.start(grammar)
        for token_id in Vocabulary(grammar.classes.tokens).ids(tokens)[: generator.randrange(len(tokens))]:
            state.advance(token_id)
        state.is_closing = generator.random() < 0.25
        found.append(state)
    return found


def test_a_piece_may_come_if_its_tokens_may(formulas: list[list[str]], pieces: Vocabulary) -> None:
    # The mask is made by walking through all pieces at once; here each is followed token by token.
    grammar = grammar_of(pieces.tokens)
    for state in states(formulas, grammar, random.Random(1)):
        row = state.row()
        for piece, parts in enumerate(pieces.parts):
            ahead, may = state.copy(), True
            for part in parts:
                may = may and part in grammar.allowed(ahead.situation())
                if may and part != EOS:
                    ahead.advance(part)
            assert grammar.allows(row, piece) == may, (pieces.tokens[piece], state)


@pytest.mark.parametrize("limit", [1, 8, 60])
def test_random_logits_give_a_formula_that_parses(pieces: Vocabulary, limit: int) -> None:
    generator, grammar = np.random.default_rng(limit), grammar_of(pieces.tokens)
    for _ in range(25):
        hypothesis = Hypothesis.start([limit], pieces, DecodingOptions())[0]
        while not hypothesis.is_finished:
            logits = generator.gumbel(size=len(pieces)) + grammar.bias([hypothesis.mask_row()])[0]
            assert logits.max() > -np.inf
            hypothesis.append(int(logits.argmax()), 0.0)
        assert len(hypothesis.token_ids) <= limit + CLOSING_TOKENS
        canonical = normalise(join_tokens(pieces.decode(hypothesis.token_ids)))
        assert normalise(join_tokens(canonical)) == canonical


def test_few_masks_are_kept(formulas: list[list[str]], pieces: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    # A program that runs for days meets ever more states; a mask that went is made anew.
    monkeypatch.setattr(piece_masks, "_KEPT", 3)
    grammar = Grammar(pieces.tokens)
    assert grammar.pieces is not None
    first, *others = states(formulas, grammar, random.Random(2))
    before = grammar.bias([first.row()])
    for state in others:
        state.row()
    assert len(grammar.pieces._masks) == len(grammar.pieces._rows) == 3
    np.testing.assert_array_equal(grammar.bias([first.row()]), before)


def test_what_comes_out_is_of_tokens() -> None:
    # Nothing behind the decoder knows of pieces: each token has an id, a log-probability and a map of attention.
    engine, table = torch_engine(learned(WITH_PIECES)), small_vocabulary(WITH_PIECES)
    options = DecodingOptions(mask_grammar=False, maximum_tokens=12)
    image = images()[6]
    formula = decode(engine, [image], table, options=options)[0]
    assert formula.tokens == FORMULAS[6] == "1 + 1 = 2".split()
    assert len(table.encode(formula.tokens)) < 5
    assert formula.token_ids == table.ids(formula.tokens)
    assert len(formula.token_log_probabilities) == 5
    assert 0.0 in formula.token_log_probabilities  # what came with the piece before it
    logits, maps = analyse(engine, image, formula.token_ids, table)
    assert logits.shape == (5, len(table))
    np.testing.assert_allclose(maps.sum(axis=(1, 2)), 1.0, atol=1e-4)
    others = token_alternatives(logits, formula.token_ids, table, count=3)
    assert len(others) == 5
    assert all(" " not in one.token for of_token in others for one in of_token)
    # A beginning that the user chose is kept, token for token.
    prefix = tuple(table.ids("1 + 2".split()))
    again = decode(engine, [image], table, options=DecodingOptions(prefix=prefix, maximum_tokens=12))[0]
    assert tuple(again.token_ids[:3]) == prefix


def test_the_command_learns_from_packed_images(
    digits_folder: Path, digits_vocabulary: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pieces.json"
    arguments = [str(digits_folder), "--vocabulary", str(digits_vocabulary), "--out", str(out)]
    assert main([*arguments, "--pieces", "20"]) == 0
    table = Vocabulary.load(out)
    pack = PackedImages(digits_folder)
    assert all(table.decode(table.encode(pack.tokens(row))) == pack.tokens(row) for row in range(len(pack)))
    assert capsys.readouterr().out.startswith(f"{len(table)} entries")
    assert json.loads(out.read_text(encoding="utf-8"))["hash"] == table.hash
    assert main([*arguments[:2], str(out), *arguments[3:]]) == 1
    assert capsys.readouterr().err == "learn_pieces: The vocabulary has pieces already.\n"
