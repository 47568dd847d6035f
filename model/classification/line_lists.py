"""Two lists of lines as what classifiers learn from: cut into tokens, split, numbered.

A line that stands in both lists cannot be told by itself, and one that stands twice would be in two splits; both are
left out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from model.latex import tokenise
from model.vocabulary import PAD, Vocabulary

FEWEST_LINES = 20
"""Of a list; with fewer there is nothing to measure on."""

LONGEST_LINE = 200
"""Tokens of a line that are read."""

SPLITS = {"train": 0.8, "validation": 0.1, "test": 0.1}

CUTS: Mapping[str, Callable[[str], list[str]]] = {
    "words": str.split,
    "latex": tokenise,
    "characters": lambda line: [character for character in line if not character.isspace()],
}
"""How a line becomes tokens; canonical tokens with spaces between them are words."""


class LinesError(ValueError):
    """A list that cannot be learned from; one plain sentence."""


@dataclass(frozen=True)
class Lines:
    """Lines of both lists.

    Attributes:
        token_ids: (lines, longest), filled up with `<pad>`.
        lengths: (lines,) tokens of each.
        labels: (lines,) 1 for a line of the first list, 0 for one of the second.
    """

    token_ids: Tensor
    lengths: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, rows: Tensor) -> Lines:
        lengths = self.lengths[rows]
        return Lines(self.token_ids[rows, : int(lengths.max())], lengths, self.labels[rows])


@dataclass(frozen=True)
class LineSets:
    """The splits, and what is known of them.

    Attributes:
        splits: By the names of `SPLITS`.
        vocabulary: Of the training lines.
        left_out: Lines that stand in both lists, or more than once in one.
    """

    splits: Mapping[str, Lines]
    vocabulary: Vocabulary
    left_out: int


def read_lines(path: Path, cut: Callable[[str], list[str]]) -> list[tuple[str, ...]]:
    """Return the lines of a file as tokens, without empty ones.

    Raises:
        LinesError: There is no such file, or it is not UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise LinesError(f"{path} cannot be read.") from error
    except UnicodeDecodeError as error:
        raise LinesError(f"{path} is not UTF-8.") from error
    return [tokens for line in text.splitlines() if (tokens := tuple(cut(line)[:LONGEST_LINE]))]


def make_sets(
    first: Sequence[tuple[str, ...]], second: Sequence[tuple[str, ...]], *, most: int = 0, seed: int = 1
) -> LineSets:
    """Shuffle and split both lists, each by the same shares.

    Args:
        first: A list, as tokens; its lines have the label 1.
        second: The other list.
        most: Lines that are taken of each; 0 for all.
        seed: Of the order.

    Raises:
        LinesError: A list is too short.
    """
    generator = random.Random(seed)
    both = set(first) & set(second)
    parts: dict[str, list[tuple[tuple[str, ...], int]]] = {name: [] for name in SPLITS}
    left_out = 0
    for label, lines in ((1, first), (0, second)):
        kept = [line for line in dict.fromkeys(lines) if line not in both]
        left_out += len(lines) - len(kept)
        if len(kept) < FEWEST_LINES:
            raise LinesError(f"A list needs {FEWEST_LINES} lines that the other one lacks, not {len(kept)}.")
        generator.shuffle(kept)
        kept = kept[: most or None]
        begin = 0
        for name, share in SPLITS.items():
            end = len(kept) if name == "test" else begin + round(share * len(kept))
            parts[name] += [(line, label) for line in kept[begin:end]]
            begin = end
    vocabulary = Vocabulary.build(line for line, _ in parts["train"])
    splits = {name: _numbered(lines, vocabulary) for name, lines in parts.items()}
    return LineSets(splits, vocabulary, left_out)


def _numbered(lines: Iterable[tuple[tuple[str, ...], int]], vocabulary: Vocabulary) -> Lines:
    rows = [(vocabulary.encode(line), label) for line, label in lines]
    longest = max(len(ids) for ids, _ in rows)
    return Lines(
        torch.tensor([[*ids, *[PAD] * (longest - len(ids))] for ids, _ in rows]),
        torch.tensor([len(ids) for ids, _ in rows]),
        torch.tensor([float(label) for _, label in rows]),
    )
