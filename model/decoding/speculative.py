"""Speculative decoding: something guesses what comes next of a formula, the decoder checks all of it at once.

In a first reading that is what was written before, where its last tokens come again (Saxena 2023, "Prompt lookup
decoding"), and else the draft heads. In a second one, which sees the image in several views and takes the mean of
what the network says of them (of log-probabilities, as products of experts have it: Hinton 2002), it is the first
reading: all of it at once, which also tells how likely that is in all views, then what follows where they part. Guesses
that the decoder would not have written are dropped, so that they never change a formula.

Many formulas are written side by side, each as far as its own guesses bring it. A finished one leaves the batch, and
the last one takes its place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile

import numpy as np

from model.decoding.decoded_formula import DecodedFormula, DecodingOptions, StopReason
from model.decoding.grammar import CLOSING_TOKENS, Grammar
from model.decoding.hypothesis import Hypothesis
from model.decoding.numeric import log_softmax
from model.engines.graph_engine import CachedState, EncodedImages, GraphEngine, without_gaps
from model.engines.interface import FloatArray
from model.vocabulary import BOS, EOS, PAD, Vocabulary

_FEWEST_GUESSES, _MOST_GUESSES = 8, 32
_LIKELY = 0.5
"""Tokens of a first reading that are checked at once behind a place where the second parts from it, up to the next that
is less likely: few at first, since a wrong one costs those after it, and twice as many whenever all were right."""

_REPEATED = 7
"""Tokens guessed to repeat what was written before: eight rows take as long as five."""

_MOST_SIDE_BY_SIDE = 3
"""Guesses for each of several formulas: what they are shown takes as long as there is of it, and the third is the last
that pays for itself."""

_LIKENESS = 3
"""Last tokens by which a place in what was written before, or in the first reading, is found."""

_NEVER_SHOWN = frozenset({PAD, BOS, EOS})


def decode_speculatively(
    engine: GraphEngine,
    encoded: EncodedImages,
    limits: Sequence[int],
    vocabulary: Vocabulary,
    options: DecodingOptions,
    watch: Callable[[float], None] | None = None,
) -> list[DecodedFormula]:
    """Decode one formula for each image.

    Args:
        engine: Whose state can be truncated; with one that can not, each step takes one token.
        encoded: The images.
        limits: The most tokens that each formula may have.
        vocabulary: Of the network.
        options: The grammar's mask and the prefix.
        watch: Told the least log-probability of each step's tokens.
    """
    hypotheses = Hypothesis.start([*limits], vocabulary, options)
    _write([_Writing(one, options) for one in hypotheses], engine.start(encoded), engine, watch)
    return [one.formula(vocabulary) for one in hypotheses]


def decode_views(
    engine: GraphEngine,
    views: EncodedImages,
    limit: int,
    vocabulary: Vocabulary,
    options: DecodingOptions,
    first: FirstReading | None = None,
) -> DecodedFormula:
    """Decode the formula of one image that is seen in several views, each encoded as an image of its own.

    Args:
        engine: As for `decode_speculatively`, and so are the vocabulary and the options.
        views: Of the image.
        limit: The most tokens that the formula may have.
        vocabulary: Of the network.
        options: The grammar's mask and the prefix.
        first: An earlier reading, whose tokens are the guesses.
    """
    hypothesis, state = Hypothesis.start([limit], vocabulary, options)[0], engine.start(views)
    _write([_Writing(hypothesis, options, first if state.can_truncate else None)], state, engine)
    return hypothesis.formula(vocabulary)


class _Writing:
    """A formula that is being written.

    Attributes:
        shown: The tokens that the decoder is shown next: the last one written, and guesses.
        count: Tokens that it has been shown before, and were right.
        taken: Those of the last step.
        is_over: Whether nothing is to be added.
    """

    def __init__(self, hypothesis: Hypothesis, options: DecodingOptions, first: FirstReading | None = None) -> None:
        self._hypothesis, self._options, self._first = hypothesis, options, first
        self._capacity = hypothesis.limit + CLOSING_TOKENS + 1
        self._grammar = hypothesis.grammar
        self.count = self.taken = 0
        self.is_over = False
        self._show(BOS, [*(first.token_ids if first else options.prefix)])

    def take(self, log_probabilities: FloatArray) -> float:
        """Write what follows, as the decoder says it after each token shown, (shown, vocabulary).

        Returns:
            The least log-probability of what was written.
        """
        scores = log_probabilities
        if self._grammar is not None:
            scores = scores + self._grammar.bias(self._rows)
        token_ids = scores.argmax(axis=1)
        if forced := self._options.prefix[self.count : self.count + len(self.shown)]:
            token_ids[: len(forced)] = forced
        chosen: list[float] = log_probabilities[np.arange(len(self.shown)), token_ids].tolist()
        if self._first is not None and self.count == 0:
            self._first.see(log_probabilities, ends=int(token_ids[-1]) == EOS)
        self.taken = _take(self._hypothesis, self.shown, token_ids.tolist(), chosen)
        self.count += self.taken
        self.is_over = self._hypothesis.is_finished or self.count == self._capacity
        return min(chosen[: self.taken])

    @property
    def may_guess(self) -> bool:
        """Whether guesses are worth showing: a formula that is being closed goes its own way."""
        return self._hypothesis.stop_reason is StopReason.COMPLETE

    @property
    def last(self) -> int:
        """The token written last."""
        return self._hypothesis.token_ids[-1]

    def guesses(self) -> list[int] | None:
        """Return the next tokens as what was read or written before has them; None where only draft heads can tell."""
        if self._first is not None:
            return self._first.guesses(self._hypothesis.token_ids, self.taken)
        return _repeated(self._hypothesis.token_ids) or None

    def go_on(self, guesses: list[int]) -> None:
        """Show the token written last, and guesses of those after it."""
        self._show(self.last, guesses[: self._capacity - self.count - 1])

    def _show(self, token_id: int, guesses: list[int]) -> None:
        guesses, self._rows = _ahead(self._hypothesis, guesses, self._grammar)
        self.shown = [token_id, *guesses]


def _write(
    writings: Sequence[_Writing], state: CachedState, engine: GraphEngine, watch: Callable[[float], None] | None = None
) -> None:
    """Write formulas to their ends; each has as many rows of the state, one for each view of its image."""
    views = state.rows // len(writings)
    while True:
        longest = max(len(one.shown) for one in writings)
        shown = np.full((len(writings), longest), PAD)
        for row, one in enumerate(writings):
            shown[row, : len(one.shown)] = one.shown
        output = engine.extend(shown.repeat(views, axis=0), state)
        log_probabilities = log_softmax(output.logits)  # (rows, shown, vocabulary)
        for index, one in enumerate(writings):
            rows = slice(index * views, (index + 1) * views)
            least = one.take(mean_of_views(log_probabilities[rows, : len(one.shown)]))
            if watch is not None:
                watch(least)
        state.truncate([one.count for one in writings for _ in range(views)])
        guesses = _guessed(writings, output.hidden[::views], engine) if state.can_truncate else {}
        going = without_gaps([index for index, one in enumerate(writings) if not one.is_over])
        if not going:
            return
        if len(going) < len(writings):
            state.select([index * views + view for index in going for view in range(views)])
        for index in going:
            writings[index].go_on(guesses.get(index, [])[: None if len(going) == 1 else _MOST_SIDE_BY_SIDE])
        writings = [writings[index] for index in going]


def _guessed(writings: Sequence[_Writing], hidden: FloatArray, engine: GraphEngine) -> dict[int, list[int]]:
    """Return guesses of what comes next in each formula, by its place; `hidden` is that of its tokens shown."""
    may = {index: one.guesses() for index, one in enumerate(writings) if one.may_guess and not one.is_over}
    known = {index: guesses for index, guesses in may.items() if guesses is not None}
    asked = [index for index, guesses in may.items() if guesses is None]
    if asked and engine.has_drafts:
        ends = np.stack([hidden[index, writings[index].taken - 1] for index in asked])
        known |= zip(asked, engine.drafts(ends, [writings[index].last for index in asked]), strict=True)
    return known


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
