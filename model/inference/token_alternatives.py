"""What else the network could have written in each place of a formula, and still have had a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from model.inference.grammar import Need, grammar_of
from model.inference.grammar_state import GrammarState
from model.inference.token_classes import TokenClass
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
    logits: Tensor, token_ids: Sequence[int], vocabulary: Vocabulary, *, count: int
) -> list[tuple[TokenAlternative, ...]]:
    """Return for each token the likeliest others that may stand there, best first.

    An end of the formula is none of them, nor is a brace that only encloses a symbol: it cannot be seen in the picture.

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
    log_probabilities = logits.log_softmax(dim=1)
    scores = log_probabilities + grammar.bias(rows, device=logits.device)
    scores[:, EOS] = float("-inf")
    braces = torch.tensor([its_class is TokenClass.OPEN for its_class in grammar.classes.classes], device=logits.device)
    scores[torch.tensor(needs_nothing, device=logits.device)[:, None] & braces] = float("-inf")
    scores.scatter_(1, torch.tensor(list(token_ids), device=logits.device)[:, None], float("-inf"))
    best = scores.topk(min(count, scores.shape[1]), dim=1)
    return [
        tuple(
            TokenAlternative(vocabulary.tokens[token_id], value)
            for value, token_id in zip(values, ids, strict=True)
            if value != float("-inf")
        )
        for values, ids in zip(best.values.tolist(), best.indices.tolist(), strict=True)
    ]
