"""Greedy decoding: the likeliest token at each step, many formulas at once.

A finished formula leaves the batch, and the last one takes its place.
"""

from __future__ import annotations

import torch

from model.inference.decoded_formula import DecodedFormula, DecodingOptions
from model.inference.grammar import CLOSING_TOKENS, grammar_of
from model.inference.hypothesis import Hypothesis
from model.networks.decoder import Decoder, without_gaps
from model.networks.encoder import Memory
from model.vocabulary import BOS, Vocabulary


def decode_greedily(
    decoder: Decoder, memory: Memory, limits: list[int], vocabulary: Vocabulary, options: DecodingOptions
) -> list[DecodedFormula]:
    """Decode one formula for each row of the memory, `limits` being the most tokens of each."""
    hypotheses = Hypothesis.start(limits, vocabulary, options)
    grammar = grammar_of(vocabulary.tokens) if options.mask_grammar else None
    device = memory.cells.device
    capacity = max(limits) + CLOSING_TOKENS + 1
    caches = decoder.start(memory, capacity)
    memory_bias = memory.bias
    rows = hypotheses  # of the batch as it is now
    token_ids = torch.full((len(rows),), BOS, device=device)
    for position in range(capacity):
        logits = decoder.step(token_ids, position, caches, memory_bias).float()  # (rows, vocabulary)
        log_probabilities = logits.log_softmax(dim=1)
        if grammar is not None:
            logits = logits + grammar.bias([row.mask_row() for row in rows], device=device)
        if position < len(options.prefix):
            token_ids = torch.full_like(token_ids, options.prefix[position])
        else:
            token_ids = logits.argmax(dim=1)
        chosen = log_probabilities.gather(1, token_ids[:, None])[:, 0]
        for row, token_id, log_probability in zip(rows, token_ids.tolist(), chosen.tolist(), strict=True):
            row.append(token_id, log_probability)
        going = without_gaps([index for index, row in enumerate(rows) if not row.is_finished])
        if not going:
            break
        if len(going) < len(rows):
            rows = [rows[index] for index in going]
            token_ids, memory_bias = token_ids[going], memory_bias[going]
            for cache in caches:
                cache.keep_images(going)
                cache.keep_rows(going, position + 1)
    return [hypothesis.formula(vocabulary) for hypothesis in hypotheses]
