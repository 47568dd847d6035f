"""Beam search: several hypotheses for each image, extended side by side, the best finished one wins.

The rows of one image share its memory, so only the decoder's own keys and values move when hypotheses are reordered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from model.inference.decoded_formula import DecodedFormula, DecodingOptions, Ending
from model.inference.grammar import CLOSING_TOKENS, grammar_of
from model.inference.hypothesis import Hypothesis
from model.networks.decoder import Decoder, LayerCache, without_gaps
from model.networks.encoder import Memory
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
        return hypothesis.ending is Ending.COMPLETE, score


def decode_with_beam(
    decoder: Decoder, memory: Memory, limits: list[int], vocabulary: Vocabulary, options: DecodingOptions
) -> list[DecodedFormula]:
    """Decode one formula for each image of the memory, `limits` being the most tokens of each."""
    size, device = options.beam_size, memory.cells.device
    grammar = grammar_of(vocabulary.tokens) if options.mask_grammar else None
    begun = len(options.prefix)
    capacity = begun + max(limits) + CLOSING_TOKENS + 1
    caches = decoder.start(memory, capacity)
    memory_bias = memory.bias
    firsts = Hypothesis.start(limits, vocabulary, options)
    logits = _begin(decoder, firsts, options.prefix, caches, memory_bias)
    beams = [Beam.start(first, options) for first in firsts]
    caches = [cache.with_rows(size, begun + 1) for cache in caches]
    logits = logits.repeat_interleave(size, dim=0)
    going = beams
    for place in range(begun, capacity - 1):  # of the last token
        log_probabilities = logits.log_softmax(dim=1)  # (images * size, vocabulary)
        scores = log_probabilities + logits.new_tensor([score for beam in going for score in beam.scores])[:, None]
        if grammar is not None:
            rows = [hypothesis.mask_row() for beam in going for hypothesis in beam.hypotheses]
            scores = scores + grammar.bias(rows, device=device)
        parents, taken = _extend(going, scores, log_probabilities)
        kept = without_gaps([index for index, beam in enumerate(going) if not beam.is_done])
        if not kept:
            break
        chosen = [index * size + parents[index][rank] for index in kept for rank in range(size)]
        token_ids = torch.tensor([taken[index] for index in kept], device=device).flatten()
        if len(kept) < len(going):
            going = [going[index] for index in kept]
            memory_bias = memory_bias[kept]
            for cache in caches:
                cache.keep_images(kept)
        for cache in caches:
            cache.keep_rows(chosen, place + 1)
        logits = decoder.step(token_ids, place + 1, caches, memory_bias).float()
    return [beam.formula(vocabulary) for beam in beams]


def _begin(
    decoder: Decoder, firsts: list[Hypothesis], prefix: Sequence[int], caches: list[LayerCache], memory_bias: Tensor
) -> Tensor:
    """Take the prefix at once; returns logits (images, vocabulary) of what follows."""
    taken = torch.tensor([[BOS, *prefix]] * len(firsts), device=memory_bias.device)
    logits = decoder.logits(decoder.advance(taken, 0, caches, memory_bias)).float()
    said = logits[:, :-1].log_softmax(dim=2).gather(2, taken[:, 1:, None])[:, :, 0]
    for first, log_probabilities in zip(firsts, said.tolist(), strict=True):
        for token_id, log_probability in zip(prefix, log_probabilities, strict=True):
            first.append(token_id, log_probability)
    return logits[:, -1]


def _extend(beams: list[Beam], scores: Tensor, log_probabilities: Tensor) -> tuple[list[list[int]], list[list[int]]]:
    """Let each beam take its best candidates; returns which hypothesis each new one extends, and its token."""
    vocabulary_size, size = scores.shape[1], beams[0].size
    best = scores.view(len(beams), -1).topk(2 * size, dim=1)
    said = log_probabilities.view(len(beams), -1).gather(1, best.indices)
    parents: list[list[int]] = []
    token_ids: list[list[int]] = []
    for beam, *its_best in zip(beams, best.values.tolist(), best.indices.tolist(), said.tolist(), strict=True):
        candidates = [
            (value, *divmod(place, vocabulary_size), log_probability)
            for value, place, log_probability in zip(*its_best, strict=True)
        ]
        its_parents, its_tokens = beam.extend(candidates)
        parents.append(its_parents)
        token_ids.append(its_tokens)
    return parents, token_ids
