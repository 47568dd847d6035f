"""What pages are made of: formulas of one split, displays of several rows, paragraphs of words.

The one hard fact: nothing of validation or test is trained on. Formulas come from the split files of `build_dataset`;
a paragraph or a display belongs to a split by a hash of its text, and is left out of training where it holds a formula
that is held out.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from model.data_preparation.formula import LabelledFormula, SourceError
from model.latex import LatexError, normalise

SPLITS: Final = ("train", "validation", "test")
_HELD_OUT_OF_FIFTY: Final = {"validation": 0, "test": 1}
_CAPITALS = 0.1  # of the words in other languages
_TELLING_LENGTH: Final = 12
"""A formula of fewer tokens stands in every paper; that it is held out as well tells nothing."""

_FORMULA: Final = re.compile(r"(?<!\\)\$((?:[^$\\]|\\.)+)\$|\\\[(.+?)\\\]", re.DOTALL)


class LineFile:
    """A text file whose lines are read when they are asked for; half a million cost 4 MB of memory."""

    def __init__(self, path: Path) -> None:
        """Find the lines.

        Raises:
            SourceError: The file cannot be read, or is empty.
        """
        self.path = path
        try:
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise SourceError(f"{path} cannot be read: {error}") from error
        ends = np.flatnonzero(np.frombuffer(self._data, dtype=np.uint8) == ord("\n"))
        self._starts = np.concatenate([[0], ends + 1])
        if self._starts[-1] == len(self._data):
            self._starts = self._starts[:-1]

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> str:
        start = int(self._starts[index])
        end = self._data.find(b"\n", start)
        return self._data[start : end if end >= 0 else len(self._data)].decode("utf-8")


def split_of(text: str) -> str:
    """Return the split that a paragraph or a display belongs to, the same on every machine."""
    number = int.from_bytes(hashlib.blake2b(" ".join(text.split()).encode(), digest_size=4).digest(), "big") % 50
    return next((split for split, held_out in _HELD_OUT_OF_FIFTY.items() if held_out == number), "train")


@dataclass
class PageCorpus:
    """The sources of one split.

    Attributes:
        split: "train", "validation" or "test"; anything else takes all texts.
        formulas: Lines of JSON that `build_dataset` wrote for the split.
        passages: Paragraphs of words with formulas, one a line; None for pages without words.
        rows: Displays of several rows, one a line; None for none but composed ones.
        prose: Paragraphs of words in other languages, by the language's code.
        held_out: Hashes of the canonical formulas that training must not see.
    """

    split: str
    formulas: LineFile
    passages: LineFile | None = None
    rows: LineFile | None = None
    prose: Mapping[str, LineFile] = field(default_factory=dict)
    held_out: frozenset[int] = frozenset()

    @classmethod
    def load(
        cls,
        dataset: Path,
        split: str,
        *,
        passages: Path | None = None,
        rows: Path | None = None,
        prose: Mapping[str, Path] | None = None,
    ) -> PageCorpus:
        """Open the sources.

        Args:
            dataset: The folder that `build_dataset` wrote.
            split: One of `SPLITS`.
            passages: Paragraphs with formulas, one a line.
            rows: Displays of several rows, one a line.
            prose: Paragraphs of other languages, by the language's code.

        Raises:
            SourceError: A file cannot be read.
        """
        held_out: set[int] = set()
        if split == "train":
            for path in sorted(dataset.glob("*.jsonl")):
                if path.stem not in {"train", "dropped"}:
                    held_out.update(_hashes_of(path))
        return cls(
            split,
            LineFile(dataset / f"{split}.jsonl"),
            LineFile(passages) if passages else None,
            LineFile(rows) if rows else None,
            {language: LineFile(path) for language, path in (prose or {}).items()},
            frozenset(held_out),
        )

    def formula(self, generator: random.Random, *, least: int, most: int, tries: int = 40) -> LabelledFormula:
        """Draw a formula of `least` to `most` tokens; after `tries` misses one of any length up to `most`, or `x`."""
        shortest: LabelledFormula | None = None
        for _ in range(tries):
            formula = LabelledFormula(
                split=self.split, **json.loads(self.formulas[generator.randrange(len(self.formulas))])
            )
            length = formula.tokens.count(" ") + 1
            if least <= length <= most and "\\begin{aligned}" not in formula.tokens:
                return formula
            if length <= most and shortest is None:
                shortest = formula
        return shortest or LabelledFormula("x", "x", "composed", self.split)

    def passage(self, generator: random.Random) -> str:
        """Draw an English paragraph of this split.

        Raises:
            SourceError: There is none.
        """
        if self.passages is None:
            raise SourceError("There are no passages to draw from.")
        return self._draw(self.passages, generator)

    def words(self, language: str, generator: random.Random) -> str:
        """Draw a paragraph in another language, some words with a capital: texts hold few of most capital letters."""
        return " ".join(
            word[:1].upper() + word[1:] if generator.random() < _CAPITALS else word
            for word in self._draw(self.prose[language], generator).split(" ")
        )

    def display_of_rows(self, generator: random.Random) -> str | None:
        """Draw a display of several rows of this split, None where there are none."""
        return self._draw(self.rows, generator) if self.rows else None

    def _draw(self, lines: LineFile, generator: random.Random) -> str:
        for _ in range(2000):
            text = lines[generator.randrange(len(lines))]
            is_of_split = self.split not in SPLITS or split_of(text) == self.split
            if is_of_split and not self._holds_what_is_held_out(text):
                return text
        raise SourceError(f"{lines.path} has nothing for the split {self.split}.")

    def _holds_what_is_held_out(self, text: str) -> bool:
        if not self.held_out:
            return False
        formulas = [match[1] or match[2] for match in _FORMULA.finditer(text)] or [text]
        return any(_is_among(formula, self.held_out) for formula in formulas)


def _is_among(latex: str, held_out: frozenset[int]) -> bool:
    if latex.count(" ") < 3 and len(latex) < _TELLING_LENGTH:
        return False
    try:
        return _hash(normalise(latex)) in held_out
    except LatexError:
        return False


def _hashes_of(path: Path) -> Iterable[int]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            tokens = json.loads(line)["tokens"].split(" ")
            if len(tokens) >= _TELLING_LENGTH:
                yield _hash(tokens)


def _hash(tokens: list[str]) -> int:
    # What stands round a formula in a sentence, a final point or comma, is no part of it.
    while tokens and tokens[-1] in {".", ","}:
        tokens = tokens[:-1]
    return int.from_bytes(hashlib.blake2b(" ".join(tokens).encode(), digest_size=8).digest(), "big")
