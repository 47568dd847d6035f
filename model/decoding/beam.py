"""Beam search: several hypotheses for each image, extended side by side, the best finished one wins.

The rows of one image share its memory, so only the decoder's own keys and values move when hypotheses are reordered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from model.decoding.decoded_formula import DecodedFormula, DecodingOptions, StopReason
from model.decoding.grammar import CLOSING_TOKENS, grammar_of
from model.decoding.hypothesis import Hypothesis
from model.decoding.numeric import largest, log_softmax
from model.engines.graph_engine import CachedState, EncodedImages, GraphEngine, without_gaps
from model.engines.interface import FloatArray
from model.vocabulary import BOS, EOS, PAD, Vocabulary

_NEVER = float("-inf")


@dataclass
class Beam:
    """The hypotheses of one image.

    Attributes:
        size: How many are kept.
        length_penalty: Power of the length that divides a finished hypothesis' log-probability.
        hypotheses: `size` of them; those with a score of minus infinity only fill the rows.
        scores: Sum of log-probabilities of each.
        finished: Those that have come to an end.
    """

    size: int
    length_penalty: float
    hypotheses: list[Hypothesis]
    scores: list[float]
    finished: list[Hypothesis] = field(default_factory=list)

    @classmethod
    def start(cls, first: Hypothesis, options: DecodingOptions) -> Beam:
        """Return the beam whose hypotheses are still the same one."""
        size, score = options.beam_size, sum(first.log_probabilities)
        return cls(size, options.length_penalty, [first] * size, [score] + [_NEVER] * (size - 1))

    @property
    def is_done(self) -> bool:
        """Whether enough hypotheses have finished and none that goes on is likelier for its length, or none can.

        Counting alone would favour short formulas, which finish first.
        """
        best = max(self.scores)
        if best == _NEVER or len(self.finished) < self.size:
            return best == _NEVER
        length = len(self.hypotheses[self.scores.index(best)].log_probabilities)
        return (True, best / length**self.length_penalty) <= max(map(self._rank, self.finished))

    def extend(self, candidates: list[tuple[float, int, int, float]]) -> tuple[list[int], list[int]]:
        """Take the best candidates, best first.

        Args:
            candidates: (score, index of the hypothesis it extends, token id, the token's log-probability).

        Returns:
            For each hypothesis now kept: the index of the one it extends, and its last token.
        """
        before, self.hypotheses, self.scores = self.hypotheses, [], []
        parents: list[int] = []
        token_ids: list[int] = []
        for rank, (score, parent, token_id, log_probability) in enumerate(candidates):
            if score == _NEVER or len(self.hypotheses) == self.size:
                break
            if token_id == EOS and rank >= self.size:
                continue
            hypothesis = before[parent].copy()
            hypothesis.append(token_id, log_probability)
            if hypothesis.is_finished:
                self.finished.append(hypothesis)
                continue
            self.hypotheses.append(hypothesis)
            self.scores.append(score)
            parents.append(parent)
            token_ids.append(token_id)
        missing = self.size - len(self.hypotheses)
        self.hypotheses += [before[0]] * missing
        self.scores += [_NEVER] * missing
        return parents + [0] * missing, token_ids + [PAD] * missing

    def formula(self, vocabulary: Vocabulary) -> DecodedFormula:
        """Return the winner: a complete one if there is any, and of those the likeliest for its length."""
        best, *others = (
            hypothesis.formula(vocabulary) for hypothesis in sorted(self.finished, key=self._rank, reverse=True)
        )
        return replace(best, alternatives=tuple(others[: self.size - 1]))

    def _rank(self, hypothesis: Hypothesis) -> tuple[bool, float]:
        log_probabilities = hypothesis.log_probabilities
        score = sum(log_probabilities) / max(len(log_probabilities), 1) ** self.length_penalty
        return hypothesis.stop_reason is StopReason.COMPLETE, score


def decode_with_beam(
    engine: GraphEngine, encoded: EncodedImages, limits: list[int], vocabulary: Vocabulary, options: DecodingOptions
) -> list[DecodedFormula]:
    """Decode one formula for each image, `limits` being the most tokens of each."""
    size = options.beam_size
    grammar = grammar_of(vocabulary.tokens) if options.mask_grammar else None
    begun = len(options.prefix)
    state = engine.start(encoded)
    firsts = Hypothesis.start(limits, vocabulary, options)
    logits = _begin(engine, firsts, options.prefix, state)
    beams = [Beam.start(first, options) for first in firsts]
    state.select([image for image in range(len(beams)) for _ in range(size)])
    logits = logits.repeat(size, axis=0)
    going = beams
    for _ in range(begun, begun + max(limits) + CLOSING_TOKENS):
        log_probabilities = log_softmax(logits)  # (images * size, vocabulary)
        scores = log_probabilities + np.array([[score] for beam in going for score in beam.scores], np.float32)
        if grammar is not None:
            scores = scores + grammar.bias([one.mask_row() for beam in going for one in beam.hypotheses])
        parents, taken = _extend(going, scores, log_probabilities)
        kept = without_gaps([index for index, beam in enumerate(going) if not beam.is_done])
        if not kept:
            break
        state.select([index * size + parents[index][rank] for index in kept for rank in range(size)])
        token_ids = np.array([token_id for index in kept for token_id in taken[index]])
        going = [going[index] for index in kept]
        logits = engine.extend(token_ids[:, None], state).logits[:, 0]
    return [beam.formula(vocabulary) for beam in beams]


def _begin(engine: GraphEngine, firsts: list[Hypothesis], prefix: Sequence[int], state: CachedState) -> FloatArray:
    """Take the prefix at once; returns logits (images, vocabulary) of what follows."""
    logits = engine.extend(np.array([[BOS, *prefix]] * len(firsts)), state).logits
    scores = log_softmax(logits[:, :-1])[:, np.arange(len(prefix)), list(prefix)]  # (images, prefix)
    for first, log_probabilities in zip(firsts, scores.tolist(), strict=True):
        for token_id, log_probability in zip(prefix, log_probabilities, strict=True):
            first.append(token_id, log_probability)
    return logits[:, -1]


def _extend(
    beams: list[Beam], scores: FloatArray, log_probabilities: FloatArray
) -> tuple[list[list[int]], list[list[int]]]:
    """Let each beam take its best candidates; returns which hypothesis each new one extends, and its token."""
    vocabulary_size, size = scores.shape[1], beams[0].size
    values, places = largest(scores.reshape(len(beams), -1), 2 * size)
    chosen = np.take_along_axis(log_probabilities.reshape(len(beams), -1), places, axis=1)
    parents: list[list[int]] = []
    token_ids: list[list[int]] = []
    for beam, *best in zip(beams, values.tolist(), places.tolist(), chosen.tolist(), strict=True):
        candidates = [
            (value, *divmod(place, vocabulary_size), log_probability)
            for value, place, log_probability in zip(*best, strict=True)
        ]
        its_parents, its_tokens = beam.extend(candidates)
        parents.append(its_parents)
        token_ids.append(its_tokens)
    return parents, token_ids
