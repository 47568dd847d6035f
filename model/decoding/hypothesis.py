"""One formula while it is being written: its tokens, what may follow, and whether it has to come to an end."""

from __future__ import annotations

from model.decoding.decoded_formula import DecodedFormula, DecodingOptions, StopReason
from model.decoding.grammar import Grammar, grammar_of
from model.decoding.grammar_state import GrammarState
from model.decoding.repetition import RepetitionGuard, guard_of
from model.decoding.stopping import has_low_confidence, is_unbelievable
from model.vocabulary import EOS, Vocabulary


class Hypothesis:
    """Tokens so far and all that decides on the next one.

    Attributes:
        token_ids: Without `<bos>` and `<eos>`.
        log_probabilities: One for each, and one for `<eos>` once it is there.
        grammar_state: None when the grammar is not masked.
        limit: The most tokens it may have before what is open is closed.
        stop_reason: Why the formula will stop, or has stopped.
        is_finished: Whether `<eos>` was written or decoding stopped.
    """

    def __init__(self, limit: int, begun: int, guard: RepetitionGuard, grammar_state: GrammarState | None) -> None:
        self.token_ids: list[int] = []
        self.log_probabilities: list[float] = []
        self.grammar_state = grammar_state
        self.stop_reason = StopReason.COMPLETE
        self.is_finished = False
        self.limit = limit
        self._begun = begun  # tokens of the prefix, which may be as improbable as they like
        self._guard = guard

    @classmethod
    def start(cls, limits: list[int], vocabulary: Vocabulary, options: DecodingOptions) -> list[Hypothesis]:
        """Return an empty hypothesis for each image, `limits` being the most tokens of each."""
        guard = guard_of(vocabulary.tokens)
        grammar = grammar_of(vocabulary.tokens) if options.mask_grammar else None
        begun = len(options.prefix)
        return [cls(limit, begun, guard, GrammarState.start(grammar) if grammar else None) for limit in limits]

    def copy(self) -> Hypothesis:
        """Return a hypothesis that goes its own way from here."""
        grammar_state = self.grammar_state.copy() if self.grammar_state else None
        other = Hypothesis(self.limit, self._begun, self._guard, grammar_state)
        other.token_ids = self.token_ids.copy()
        other.log_probabilities = self.log_probabilities.copy()
        other.stop_reason, other.is_finished = self.stop_reason, self.is_finished
        return other

    def append(self, token_id: int, log_probability: float) -> None:
        """Take the next token."""
        self.log_probabilities.append(log_probability)
        if token_id == EOS:
            self.is_finished = True
            return
        self.token_ids.append(token_id)
        if self.grammar_state is not None:
            self.grammar_state.advance(token_id)
        if self.stop_reason is StopReason.COMPLETE:
            if len(self.token_ids) >= self.limit:
                self._cut_short(StopReason.TOO_LONG)
            elif self._guard.is_repeating(self.token_ids):
                self._cut_short(StopReason.REPETITION)
            elif has_low_confidence(said := self.log_probabilities[self._begun :]) or is_unbelievable(said):
                self._cut_short(StopReason.LOW_CONFIDENCE)

    @property
    def grammar(self) -> Grammar | None:
        """The masks; None when the grammar is not masked."""
        return self.grammar_state.grammar if self.grammar_state is not None else None

    def mask_row(self) -> int:
        """Return the row of the grammar's table that says what may follow; 0 without a grammar."""
        return self.grammar_state.row() if self.grammar_state is not None else 0

    def formula(self, vocabulary: Vocabulary) -> DecodedFormula:
        """Return the result."""
        count = len(self.token_ids)
        return DecodedFormula(
            token_ids=self.token_ids,
            tokens=vocabulary.decode(self.token_ids),
            token_log_probabilities=self.log_probabilities[:count],
            end_log_probability=self.log_probabilities[count] if len(self.log_probabilities) > count else 0.0,
            stop_reason=self.stop_reason,
        )

    def _cut_short(self, stop_reason: StopReason) -> None:
        self.stop_reason = stop_reason
        if self.grammar_state is None:
            self.is_finished = True
        else:
            self.grammar_state.is_closing = True
