"""What else the network could have written in each place of a formula, and still have had a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.decoding.grammar import Need, grammar_of
from model.decoding.grammar_state import GrammarState
from model.decoding.numeric import largest, log_softmax
from model.decoding.token_classes import TokenClass
from model.engines.interface import FloatArray
from model.vocabulary import EOS, Vocabulary


@dataclass(frozen=True)
class TokenAlternative:
    """A token in place of another.

    Attributes:
        token: The token.
        log_probability: The network's own, before any mask.
    """

    token: str
    log_probability: float


def token_alternatives(
    logits: FloatArray, token_ids: Sequence[int], vocabulary: Vocabulary, *, count: int
) -> list[tuple[TokenAlternative, ...]]:
    """Return for each token the likeliest others that may stand there, best first.

    An end of the formula is none of them, nor is a brace that only encloses a symbol: it cannot be seen in the image. A
    piece of several tokens does not stand in one place.

    Args:
        logits: (tokens, vocabulary), from which each token was chosen.
        token_ids: Of the formula, in canonical form.
        vocabulary: Of the network.
        count: How many for each token.
    """
    if not token_ids:
        return []
    grammar = grammar_of(vocabulary.tokens)
    state = GrammarState.start(grammar)
    rows, needs_nothing = [], []
    for token_id in token_ids:
        rows.append(state.row())
        needs_nothing.append(state.need is Need.NOTHING)
        state.advance(token_id)
    scores = log_softmax(logits) + grammar.bias(rows)
    scores[:, EOS] = -np.inf
    scores[:, [len(parts) > 1 for parts in vocabulary.parts]] = -np.inf
    braces = np.array([its_class is TokenClass.OPEN for its_class in grammar.classes.classes])
    scores[np.array(needs_nothing)[:, None] & braces] = -np.inf
    scores[np.arange(len(token_ids)), list(token_ids)] = -np.inf
    best, columns = largest(scores, count)
    return [
        tuple(
            TokenAlternative(vocabulary.tokens[token_id], value)
            for value, token_id in zip(values, ids, strict=True)
            if value != -np.inf
        )
        for values, ids in zip(best.tolist(), columns.tolist(), strict=True)
    ]
