"""Whatever the network says, the formula must parse, and nothing that is right may be masked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.decoding.decoded_formula import DecodingOptions
from model.decoding.grammar import CLOSING_TOKENS, Grammar, grammar_of
from model.decoding.grammar_state import GrammarState
from model.decoding.hypothesis import Hypothesis
from model.decoding.token_classes import TokenClass
from model.latex import join_tokens, normalise
from model.latex.prose import canonical, format_prose, is_prose, prose_tokens, split_number
from model.vocabulary import EOS, Vocabulary

LINES_OF_WORDS = (r"\words A ~ $ x _ 1 $ ~ b ( 1 ) é ж - , .", r"x = 1 \tag { 3 . 1 A * }")


@pytest.fixture(scope="module")
def formulas(formulas: list[list[str]]) -> list[list[str]]:
    """The formulas of all tests, a line of words and a numbered one beside them."""
    return [*formulas, *(line.split() for line in LINES_OF_WORDS)]


@pytest.fixture(scope="module")
def vocabulary(formulas: list[list[str]]) -> Vocabulary:
    """Their vocabulary."""
    return Vocabulary.build(formulas)


@pytest.fixture(scope="module")
def grammar(vocabulary: Vocabulary) -> Grammar:
    return grammar_of(vocabulary.tokens)


def allowed_after(latex_tokens: str, vocabulary: Vocabulary) -> set[str]:
    """The tokens that may follow canonical tokens given as one string."""
    grammar = grammar_of(vocabulary.tokens)
    state = GrammarState.start(grammar)
    for token_id in vocabulary.encode(latex_tokens.split()):
        assert token_id in grammar.allowed(state.situation()), vocabulary.tokens[token_id]
        state.advance(token_id)
    return {vocabulary.tokens[token_id] for token_id in grammar.allowed(state.situation())}


def write_at_random(vocabulary: Vocabulary, *, seed: int, limit: int, spread: float) -> list[str]:
    """Decode random logits; `spread` makes some tokens likelier than others throughout."""
    generator = np.random.default_rng(seed)
    taste = generator.normal(scale=spread, size=len(vocabulary)) if spread else np.zeros(len(vocabulary))
    hypothesis = Hypothesis.start([limit], vocabulary, DecodingOptions())[0]
    grammar = grammar_of(vocabulary.tokens)
    while not hypothesis.is_finished:
        bias = grammar.bias([hypothesis.mask_row()])[0]
        logits = generator.gumbel(size=len(vocabulary)) + taste + bias
        assert logits.max() > -np.inf, vocabulary.decode(hypothesis.token_ids)
        hypothesis.append(int(logits.argmax()), 0.0)
    return vocabulary.decode(hypothesis.token_ids)


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32 - 1), limit=st.integers(1, 120), spread=st.sampled_from([0.0, 1.0, 3.0]))
def test_random_logits_give_a_formula_that_parses(vocabulary: Vocabulary, seed: int, limit: int, spread: float) -> None:
    # Every mask and every way of cutting short is met here: nothing may come out that LaTeX cannot read.
    tokens = write_at_random(vocabulary, seed=seed, limit=limit, spread=spread)
    assert len(tokens) <= limit + CLOSING_TOKENS
    if is_prose(tokens):
        # A formula of digits alone is written without dollars, and canonical form may shorten another.
        text = format_prose(canonical(tokens))
        assert format_prose(prose_tokens(text)) == text
        return
    tokens, _ = split_number(tokens)
    written = normalise(join_tokens(tokens))
    assert written, tokens
    assert normalise(join_tokens(written)) == written


def test_every_canonical_formula_may_be_written(formulas: list[list[str]], vocabulary: Vocabulary) -> None:
    # A mask that forbids a right token makes the recogniser wrong however well it reads.
    for tokens in formulas:
        assert "<eos>" in allowed_after(" ".join(tokens), vocabulary), tokens


def test_every_token_has_a_part_to_play(vocabulary: Vocabulary, grammar: Grammar) -> None:
    # A token without a class can never be read. The space of text has its place in text alone.
    classes = grammar.classes.classes
    idle = {token for token, its_class in zip(vocabulary.tokens, classes, strict=True) if its_class is TokenClass.NONE}
    assert idle == {"<pad>", "<bos>", "<unk>", "~"}


@pytest.mark.parametrize(
    ("written", "may_follow", "may_not_follow"),
    [
        ("", r"x { \frac \begin{cases}", r"} _ ^ ' & \\ \end{cases} <eos> \quad <pad> <unk>"),
        ("x", r"_ ^ ' <eos> y", r"} & \\ \end{cases}"),
        ("x _ i", "' ^ y <eos>", "_"),
        ("x ' ^ 2", "y <eos>", "_ ^ '"),
        ("x _", "i {", r"} _ \frac <eos>"),
        (r"\frac", "{", "x } <eos>"),
        (r"\frac { a }", "{", "x } <eos>"),
        (r"\frac { a } {", "x }", "<eos>"),
        (r"\sqrt", "{ [", "x"),
        (r"\sqrt [ 3", "]", "} <eos>"),
        (r"\begin{array}", "{", "x &"),
        (r"\begin{array} {", "l c r |", "x }"),
        (r"\begin{array} { c }", r"x & \\ \hline", r"\end{array} \end{cases} <eos>"),
        (r"\begin{cases} 1 & 0", r"& \\ \end{cases}", r"\end{array} } <eos> \hline"),
        (r"\begin{cases} 1 \\", "x &", r"\end{cases}"),
        (r"\frac { \begin{cases} 1", r"\end{cases}", "}"),
        (r"\begin{gathered} a", r"\\ \end{gathered}", "&"),
        (r"\text { i f", r"~ } -", r"\frac _ + { <eos>"),
        (r"\text { i f ~", "x", "~ }"),
        (r"\mathbf {", "A", r"} \frac _ +"),
        (r"\boldsymbol { \mathcal { C }", "}", "A <eos>"),
        ("{ }", "_ ^", "x <eos>"),
        (r"x \quad", "y", r"\quad _ <eos>"),
        ("", r"\words", r"\tag $"),
        (r"\words", "A $ (", r"~ <eos> \frac \words"),
        (r"\words A", "~ $ . <eos>", r"\frac _ \words"),
        (r"\words A ~", "b $", "~ <eos>"),
        (r"\words A ~ $", r"x \frac {", "$ <eos> ~"),
        (r"\words A ~ $ x _ 1", "$ y ^", "<eos> ~ _"),
        (r"\words A ~ $ \frac { x", "}", "$"),
        (r"\words A ~ $ x $", "~ , <eos>", r"_ \frac"),
        ("x", r"\tag", r"\words $"),
        (r"x \tag {", "1 A *", r"} ~ \frac"),
        (r"x \tag { 1 . 2", "} a", "<eos>"),
        (r"x \tag { 1 }", "<eos>", r"y _ \tag"),
        (r"\frac { x", "}", r"\tag"),
    ],
)  # fmt: skip
def test_what_may_follow(vocabulary: Vocabulary, written: str, may_follow: str, may_not_follow: str) -> None:
    # The rules one by one, for the day that the property test above finds a hole.
    allowed = allowed_after(written, vocabulary)
    assert set(may_follow.split()) <= allowed
    assert allowed.isdisjoint(may_not_follow.split())


def test_each_mask_is_made_once(
    formulas: list[list[str]], vocabulary: Vocabulary, grammar: Grammar, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The grammar is asked at every token; making a mask takes far longer than looking it up.
    ids = [vocabulary.encode(tokens) for tokens in formulas]

    def follow_all() -> None:
        for token_ids in ids:
            state = GrammarState.start(grammar)
            for token_id in [*token_ids, EOS]:
                grammar.bias([state.row()])
                if token_id != EOS:
                    state.advance(token_id)

    follow_all()  # makes the masks
    monkeypatch.setattr(Grammar, "allowed", lambda *_: pytest.fail("A mask is made again."))
    follow_all()
