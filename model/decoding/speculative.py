"""Speculative decoding of one formula: something guesses what comes next, the decoder checks all of it at once.

In a first reading that is what was written before, where its last tokens come again (Saxena 2023, "Prompt lookup
decoding"), and else the draft heads. In a second one, which sees the image in several views and takes the mean of
what the network says of them (of log-probabilities, as products of experts have it: Hinton 2002), it is the first
reading: all of it at once, which also tells how likely that is in all views, then what follows where they part. Guesses
that the decoder would not have written are dropped, so that they never change a formula.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile

import numpy as np

from model.decoding.decoded_formula import DecodedFormula, DecodingOptions, StopReason
from model.decoding.grammar import CLOSING_TOKENS, Grammar, grammar_of
from model.decoding.hypothesis import Hypothesis
from model.decoding.numeric import log_softmax
from model.engines.graph_engine import EncodedImages, GraphEngine
from model.engines.interface import FloatArray
from model.vocabulary import BOS, EOS, PAD, Vocabulary

_FEWEST_GUESSES, _MOST_GUESSES = 8, 32
_LIKELY = 0.5
"""Tokens of a first reading that are checked at once behind a place where the second parts from it, up to the next that
is less likely: few at first, since a wrong one costs those after it, and twice as many whenever all were right."""

_REPEATED = 7
"""Tokens guessed to repeat what was written before: eight rows take as long as five."""

_LIKENESS = 3
"""Last tokens by which a place in what was written before, or in the first reading, is found."""

_NEVER_SHOWN = frozenset({PAD, BOS, EOS})


def decode_speculatively(
    engine: GraphEngine,
    views: EncodedImages,
    limit: int,
    vocabulary: Vocabulary,
    options: DecodingOptions,
    first: FirstReading | None = None,
    watch: Callable[[float], None] | None = None,
) -> DecodedFormula:
    """Decode the formula of one image.

    Args:
        engine: Whose state can be truncated; with one that can not, each step takes one token.
        views: One image in one or several views, each encoded as an image of its own.
        limit: The most tokens that the formula may have.
        vocabulary: Of the network.
        options: The grammar's mask and the prefix.
        first: An earlier reading, whose tokens are the guesses; without it what was written before and the draft heads
            guess.
        watch: Told the least log-probability of each step's tokens.
    """
    hypothesis = Hypothesis.start([limit], vocabulary, options)[0]
    grammar = grammar_of(vocabulary.tokens) if options.mask_grammar else None
    capacity = limit + CLOSING_TOKENS + 1
    state = engine.start(views)
    guesses, rows = _ahead(hypothesis, [*(first.token_ids if first else options.prefix)], grammar)
    shown = [BOS, *guesses]
    while True:
        place = state.length
        output = engine.extend(np.array([shown] * len(views)), state)
        scores = log_probabilities = mean_of_views(log_softmax(output.logits))  # (shown, vocabulary)
        if grammar is not None:
            scores = scores + grammar.bias(rows)
        token_ids = scores.argmax(axis=1)
        if forced := options.prefix[place : place + len(shown)]:
            token_ids[: len(forced)] = forced
        chosen = log_probabilities[np.arange(len(shown)), token_ids].tolist()
        if first is not None and place == 0:
            first.see(log_probabilities, ends=int(token_ids[-1]) == EOS)
        taken = _take(hypothesis, shown, token_ids.tolist(), chosen)
        if watch is not None:
            watch(min(chosen[:taken]))
        if hypothesis.is_finished or place + taken == capacity:
            return hypothesis.formula(vocabulary)
        if taken < len(shown):
            state.truncate(place + taken)
        guesses = []
        if hypothesis.stop_reason is StopReason.COMPLETE and state.can_truncate:
            guesses = first.guesses(hypothesis.token_ids, taken) if first else _repeated(hypothesis.token_ids)
            if not guesses and first is None and engine.has_drafts:
                guesses = engine.drafts(output.hidden[0, taken - 1], int(token_ids[taken - 1]))
        guesses, rows = _ahead(hypothesis, guesses[: capacity - state.length - 1], grammar)
        shown = [hypothesis.token_ids[-1], *guesses]


def mean_of_views(log_probabilities: FloatArray) -> FloatArray:
    """Return log-probabilities (.., vocabulary) that are, but for their sum, the mean over views (views, ..)."""
    if len(log_probabilities) == 1:
        first: FloatArray = log_probabilities[0]
        return first
    return log_softmax(log_probabilities.mean(axis=0))


class FirstReading:
    """A complete reading of one view, whose tokens are the guesses of a second one, and where that is in it.

    Attributes:
        token_ids: Of the first reading.
        in_all_views: The same formula as all views see it; None where they would not end it there, or before they were
            asked.
    """

    def __init__(self, formula: DecodedFormula) -> None:
        self.token_ids = formula.token_ids
        self.in_all_views: DecodedFormula | None = None
        self._formula = formula
        self._is_likely = [math.exp(one) >= _LIKELY for one in formula.token_log_probabilities]
        self._place = 0  # of the token in the first reading that should come next
        self._guessed = len(formula.token_ids)
        self._most = _FEWEST_GUESSES

    def see(self, log_probabilities: FloatArray, *, ends: bool) -> None:
        """Take what all views say after `<bos>` and after each token, (tokens, vocabulary), and whether they end it."""
        count = len(self.token_ids)
        if ends and len(log_probabilities) == count + 1:
            self.in_all_views = replace(
                self._formula,
                token_log_probabilities=log_probabilities[np.arange(count), self.token_ids].tolist(),
                end_log_probability=float(log_probabilities[count, EOS]),
            )

    def guesses(self, token_ids: list[int], taken: int) -> list[int]:
        """Return the next tokens of the first reading, after `taken` more of `token_ids` were written."""
        self._most = min(2 * self._most, _MOST_GUESSES) if taken > self._guessed else _FEWEST_GUESSES
        expected = self._place + taken
        # Behind the token of the first reading that was written last; a token that it lacks stands for another one.
        places = range(len(self.token_ids) + 1)
        likeness = [(self._likeness(token_ids, place), -abs(place - expected)) for place in places]
        best = max(likeness)
        self._place = likeness.index(best) if best[0] else min(expected, len(self.token_ids))
        likely = takewhile(self._is_likely.__getitem__, range(self._place, len(self.token_ids)))
        guesses = self.token_ids[self._place : self._place + min(self._most, 1 + sum(1 for _ in likely))]
        self._guessed = len(guesses)
        return guesses

    def _likeness(self, token_ids: list[int], place: int) -> int:
        """Return how many of the last tokens stand before a place of the first reading."""
        count = 0
        while (
            count < min(_LIKENESS, place, len(token_ids)) and self.token_ids[place - 1 - count] == token_ids[-1 - count]
        ):
            count += 1
        return count


def _repeated(token_ids: list[int]) -> list[int]:
    """Return what followed the last tokens when they were written before: rows and arguments resemble each other."""
    count = len(token_ids)
    for place in range(count - 1, _LIKENESS - 1, -1):
        if token_ids[place - _LIKENESS : place] == token_ids[count - _LIKENESS :]:
            return token_ids[place : place + _REPEATED]
    return []


def _take(hypothesis: Hypothesis, shown: list[int], token_ids: list[int], log_probabilities: list[float]) -> int:
    """Append what the decoder says after each token shown, as long as the next one shown is what it says.

    Returns:
        How many tokens shown were right, the first one included.
    """
    for taken, (token_id, log_probability) in enumerate(zip(token_ids, log_probabilities, strict=True), start=1):
        before = hypothesis.stop_reason
        hypothesis.append(token_id, log_probability)
        # Once a formula is cut short other masks hold than those of this step.
        if hypothesis.is_finished or hypothesis.stop_reason is not before or shown[taken : taken + 1] != [token_id]:
            break
    return taken


def _ahead(hypothesis: Hypothesis, guesses: list[int], grammar: Grammar | None) -> tuple[list[int], list[int]]:
    """Look at guesses before they are shown to the decoder.

    Returns:
        The guesses before the first one that cannot be shown, and the rows of the grammar's table that hold after what
        is written and after each of them; no rows without a grammar.
    """
    state = hypothesis.grammar_state
    if grammar is None or state is None:
        return list(takewhile(lambda token_id: token_id not in _NEVER_SHOWN, guesses)), []
    rows = [state.row()]
    ahead = state.copy() if guesses else state
    for count, token_id in enumerate(guesses):
        if token_id in _NEVER_SHOWN or not grammar.allows(rows[-1], token_id):
            return guesses[:count], rows
        ahead.advance(token_id)
        rows.append(ahead.row())
    return guesses, rows
