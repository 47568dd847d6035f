"""Greedy decoding as it is written down everywhere: what speculative decoding is compared with, token by token."""

from __future__ import annotations

import numpy as np

from model.decoding.decoded_formula import DecodedFormula, DecodingOptions
from model.decoding.grammar import CLOSING_TOKENS, grammar_of
from model.decoding.hypothesis import Hypothesis
from model.decoding.numeric import log_softmax
from model.engines.graph_engine import EncodedImages, GraphEngine, without_gaps
from model.vocabulary import BOS, Vocabulary


def decode_greedily(
    engine: GraphEngine, encoded: EncodedImages, limits: list[int], vocabulary: Vocabulary, options: DecodingOptions
) -> list[DecodedFormula]:
    """Decode one formula for each image, `limits` being the most tokens of each."""
    hypotheses = Hypothesis.start(limits, vocabulary, options)
    grammar = grammar_of(vocabulary.tokens) if options.mask_grammar else None
    state = engine.start(encoded)
    rows = hypotheses  # of the batch as it is now
    token_ids = np.full(len(rows), BOS)
    for position in range(max(limits) + CLOSING_TOKENS + 1):
        scores = engine.extend(token_ids[:, None], state).logits[:, 0]  # (rows, vocabulary)
        log_probabilities = log_softmax(scores)
        if grammar is not None:
            scores = scores + grammar.bias([row.mask_row() for row in rows])
        if position < len(options.prefix):
            token_ids = np.full(len(rows), options.prefix[position])
        else:
            token_ids = scores.argmax(axis=1)
        chosen = log_probabilities[np.arange(len(rows)), token_ids]
        for row, token_id, log_probability in zip(rows, token_ids.tolist(), chosen.tolist(), strict=True):
            row.append(token_id, log_probability)
        going = without_gaps([index for index, row in enumerate(rows) if not row.is_finished])
        if not going:
            break
        if len(going) < len(rows):
            rows = [rows[index] for index in going]
            token_ids = token_ids[going]
            state.select(going)
    return [hypothesis.formula(vocabulary) for hypothesis in hypotheses]
