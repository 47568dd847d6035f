"""Shares formulas out among train, validation and test, and picks the vocabulary.

Formulas are ranked by a hash of their canonical form: every spelling, font and size of one lands on the same side, in
every run and whatever their order.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from model.vocabulary import SPECIAL_TOKENS, Vocabulary


@dataclass(frozen=True)
class SplitOptions:
    """How much of each source is held out.

    Attributes:
        validation_share: Part of a source's formulas that goes to validation.
        test_share: Part that goes to test.
        cap: Formulas of one source that either of them gets at most.
        seed: Another seed makes another split.
    """

    validation_share: float = 0.01
    test_share: float = 0.02
    cap: int = 3000
    seed: int = 0


def split_formulas(sources: Mapping[str, Sequence[str]], options: SplitOptions) -> dict[str, str]:
    """Returns the split of each canonical formula, given the formulas of each source.

    Test takes a source's lowest hashes and validation its highest: when the source grows, few formulas change sides.
    """
    splits: dict[str, str] = {}
    for formulas in sources.values():
        ranked = sorted(formulas, key=lambda formula: stable_hash(formula, options.seed))
        test_count = min(round(len(ranked) * options.test_share), options.cap)
        validation_count = min(round(len(ranked) * options.validation_share), options.cap)
        first_validation = len(ranked) - validation_count
        for rank, formula in enumerate(ranked):
            splits[formula] = "test" if rank < test_count else "validation" if rank >= first_validation else "train"
    return splits


def stable_hash(formula: str, seed: int) -> bytes:
    """Returns a hash that is the same on every machine and in every run."""
    return hashlib.blake2b(formula.encode(), digest_size=8, key=seed.to_bytes(8, "big")).digest()


@dataclass(frozen=True)
class VocabularyChoice:
    """The vocabulary of a training split, and what it had to leave out.

    Attributes:
        vocabulary: Every token of `train`.
        minimum_count: Occurrences that a token needed.
        train: The formulas it can spell.
        rare_tokens: The tokens left out, with their counts, most frequent first.
    """

    vocabulary: Vocabulary
    minimum_count: int
    train: list[str]
    rare_tokens: dict[str, int]


def choose_vocabulary(train: Iterable[str], *, maximum_size: int, minimum_count: int) -> VocabularyChoice:
    """Builds the vocabulary from canonical formulas of the training split.

    A formula with a rare token leaves, which may make another token rare: repeated until every token is learnable.

    Args:
        train: Canonical formulas, tokens joined by one space.
        maximum_size: Tokens it may hold, special ones included; the minimum count is raised until that is met.
        minimum_count: Occurrences that a token needs at least.
    """
    formulas = list(train)
    counts = first_counts = _count_tokens(formulas)
    room = maximum_size - len(SPECIAL_TOKENS)
    if len(counts) > room:
        minimum_count = max(minimum_count, sorted(counts.values(), reverse=True)[room] + 1)
    while rare := {token for token, count in counts.items() if count < minimum_count}:
        formulas = [formula for formula in formulas if rare.isdisjoint(formula.split())]
        counts = _count_tokens(formulas)
    vocabulary = Vocabulary.build((formula.split() for formula in formulas), minimum_count)
    rare_tokens = {token: count for token, count in first_counts.most_common() if token not in counts}
    return VocabularyChoice(vocabulary, minimum_count, formulas, rare_tokens)


def _count_tokens(formulas: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for formula in formulas:
        counts.update(formula.split())
    return counts
