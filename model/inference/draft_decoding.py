"""Greedy decoding of one formula in fewer steps: the draft heads guess, the decoder checks all guesses in one step.

What the decoder would not have written is dropped, so the formula is the one that `greedy_decoding` finds.
"""

from __future__ import annotations

import torch

from model.inference.decoded_formula import DecodedFormula, DecodingOptions, Ending
from model.inference.grammar import CLOSING_TOKENS, Grammar, grammar_of
from model.inference.hypothesis import Hypothesis
from model.networks.decoder import Decoder
from model.networks.encoder import Memory
from model.vocabulary import BOS, EOS, PAD, Vocabulary


def decode_with_drafts(
    decoder: Decoder, memory: Memory, limit: int, vocabulary: Vocabulary, options: DecodingOptions
) -> DecodedFormula:
    """Decode the formula of the one image in the memory, `limit` being the most tokens it may have."""
    hypothesis = Hypothesis.start([limit], vocabulary, options)[0]
    grammar = grammar_of(vocabulary.tokens) if options.mask_grammar else None
    device = memory.cells.device
    capacity = limit + CLOSING_TOKENS + 1
    caches = decoder.start(memory, capacity)
    place = 0  # how many tokens the cache holds
    shown = [BOS, *options.prefix]
    while True:
        features = decoder.advance(torch.tensor([shown], device=device), place, caches, memory.bias)[0]
        logits = decoder.logits(features).float()  # (shown, vocabulary)
        log_probabilities = logits.log_softmax(dim=1)
        if grammar is not None:
            logits = logits + grammar.bias(_mask_rows(hypothesis, shown), device=device)
        token_ids = logits.argmax(dim=1)
        if forced := options.prefix[place : place + len(shown)]:
            token_ids[: len(forced)] = torch.tensor(forced, device=device)
        said = log_probabilities.gather(1, token_ids[:, None])[:, 0].tolist()
        taken = _take(hypothesis, shown, token_ids.tolist(), said)
        place += taken
        if hypothesis.is_finished or place == capacity:
            return hypothesis.formula(vocabulary)
        shown = [hypothesis.token_ids[-1]]
        if hypothesis.ending is Ending.COMPLETE:
            last = slice(taken - 1, taken)
            drafts = decoder.draft_logits(features[last], token_ids[last])[0].argmax(dim=1).tolist()
            shown = [*shown, *_allowed(drafts, hypothesis, grammar)][: capacity - place]


def _take(hypothesis: Hypothesis, shown: list[int], token_ids: list[int], said: list[float]) -> int:
    """Append what the decoder says after each token shown, as long as the next one shown is what it says.

    Returns:
        How many tokens shown were right, the first one included.
    """
    for taken, (token_id, log_probability) in enumerate(zip(token_ids, said, strict=True), start=1):
        before = hypothesis.ending
        hypothesis.append(token_id, log_probability)
        # Once a formula is cut short other masks hold than those of this step.
        if hypothesis.is_finished or hypothesis.ending is not before or shown[taken : taken + 1] != [token_id]:
            break
    return taken


def _mask_rows(hypothesis: Hypothesis, shown: list[int]) -> list[int]:
    """Return the row of the grammar's table that holds after each token shown."""
    rows = [hypothesis.mask_row()]
    if len(shown) > 1 and hypothesis.grammar_state is not None:
        ahead = hypothesis.grammar_state.copy()
        for token_id in shown[1:]:
            ahead.advance(token_id)
            rows.append(ahead.row())
    return rows


def _allowed(drafts: list[int], hypothesis: Hypothesis, grammar: Grammar | None) -> list[int]:
    """Return the drafts before the first one that cannot be shown to the decoder."""
    ahead = hypothesis.grammar_state.copy() if hypothesis.grammar_state is not None else None
    for count, token_id in enumerate(drafts):
        if token_id in {PAD, BOS, EOS}:
            return drafts[:count]
        if grammar is not None and ahead is not None:
            if not grammar.allows(ahead.row(), token_id):
                return drafts[:count]
            ahead.advance(token_id)
    return drafts
