r"""Which tokens may come next, so that what is decoded always parses.

The rules are those of canonical form: scripts as `_ ' ^`, arguments in braces, `\end` only for the open environment.
A line of words begins with `\words`; an equation number, `\tag{...}`, is the last thing beside a formula.
They depend on a handful of facts about what is open; each combination of these has one mask, made when it is first met
and kept, so a decoded token costs a few dictionary look-ups.
"""

from __future__ import annotations

import threading
from enum import IntEnum, auto
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from model.decoding.piece_masks import PieceMasks
from model.decoding.token_classes import TokenClass, TokenClasses
from model.engines.interface import FloatArray
from model.latex.prose import DOLLAR
from model.vocabulary import Vocabulary

MAXIMUM_DEPTH = 16
"""Groups and environments open at once; deeper ones are not begun."""

CLOSING_TOKENS = 5 * MAXIMUM_DEPTH
"""The most tokens that closing everything can take."""


class Kind(IntEnum):
    """What is open."""

    FORMULA = auto()
    ARGUMENT = auto()
    SCRIPT_ARGUMENT = auto()
    SCRIPT = auto()
    NUCLEUS = auto()
    OPTION = auto()
    FONT = auto()
    TEXT = auto()
    COLUMNS = auto()
    ENVIRONMENT = auto()
    SUBSTACK = auto()
    WORDS = auto()
    FORMULA_IN_WORDS = auto()
    TAG = auto()
    NUMBERED = auto()


class After(IntEnum):
    """What has just been read inside the frame."""

    ROW_START = auto()
    CELL_START = auto()
    RULE = auto()
    BASE = auto()
    SUBSCRIPT = auto()
    PRIME = auto()
    SUPERSCRIPT = auto()
    GROUP = auto()
    GAP = auto()


class Need(IntEnum):
    """What must come next, whatever the frame."""

    NOTHING = auto()
    GROUP = auto()
    GROUP_OR_OPTION = auto()
    SCRIPT = auto()


class Situation(NamedTuple):
    r"""All that decides which tokens may come next.

    Attributes:
        need: What must come next.
        kind: Of the innermost frame.
        name: Id of that frame's `\end{..}`, or of its font command; 0 for others.
        after: What has just been read.
        length: Tokens read inside the frame: 0, 1, or 2 for more.
        is_deep: Whether nothing more may be opened.
        is_closing: Whether the shortest way to the end is to be taken.
    """

    need: Need
    kind: Kind
    name: int
    after: After
    length: int
    is_deep: bool
    is_closing: bool


_SCRIPTS_AFTER = {
    After.BASE: (TokenClass.SUBSCRIPT, TokenClass.PRIME, TokenClass.SUPERSCRIPT),
    After.GROUP: (TokenClass.SUBSCRIPT, TokenClass.PRIME, TokenClass.SUPERSCRIPT),
    After.SUBSCRIPT: (TokenClass.PRIME, TokenClass.SUPERSCRIPT),
    After.PRIME: (TokenClass.PRIME, TokenClass.SUPERSCRIPT),
}
_OPENING_CLASSES = (
    TokenClass.OPEN, TokenClass.ONE_ARGUMENT, TokenClass.TWO_ARGUMENTS, TokenClass.SCRIPT_AND_ARGUMENT,
    TokenClass.OPTION_AND_ARGUMENT, TokenClass.FONT, TokenClass.TEXT, TokenClass.SUBSTACK, TokenClass.BEGIN,
)  # fmt: skip
# An environment's rows may be; that it is not empty as a whole is looked at apart.
_MAY_BE_EMPTY = {Kind.ARGUMENT, Kind.NUCLEUS, Kind.ENVIRONMENT, Kind.SUBSTACK}


class Grammar:
    """The masks of one vocabulary.

    Attributes:
        classes: Of its tokens.
        parts: For each entry of the vocabulary the ids of its tokens.
        pieces: The masks of a vocabulary some of whose entries are several tokens; None for any other.
    """

    def __init__(self, tokens: tuple[str, ...]) -> None:
        vocabulary = Vocabulary(tokens)
        self.parts = vocabulary.parts
        self.pieces = PieceMasks(self, self.parts) if vocabulary.has_pieces else None
        self.classes = TokenClasses(tokens)
        classes = self.classes
        self._opening = classes.ids(*_OPENING_CLASSES)
        self._symbols = classes.ids(TokenClass.SYMBOL)
        self._gap = classes.ids(TokenClass.QUAD)
        self._open = classes.ids(TokenClass.OPEN)
        self._close = classes.ids(TokenClass.CLOSE)
        self.option_open = classes.id_of("[")
        self.option_close = classes.id_of("]")
        self.text_space = classes.id_of("~")
        self.array_end = classes.id_of(r"\end{array}")
        self._bold = classes.id_of(r"\boldsymbol")
        self._calligraphic = frozenset({classes.id_of(r"\mathcal")}) - {-1}
        self._gathered_end = classes.id_of(r"\end{gathered}")
        self._end_of_formula = classes.ids(TokenClass.END_OF_FORMULA)
        self._words = classes.ids(TokenClass.WORDS)
        self.dollar = classes.id_of(DOLLAR)
        self._in_words = classes.of_words | ({self.dollar} - {-1})
        self._tag = classes.ids(TokenClass.TAG)
        self._rows: dict[Situation, int] = {}
        self._table = np.zeros((0, len(tokens)), np.float32)
        self._adding = threading.Lock()

    def row_of(self, situation: Situation) -> int:
        """Return the row of `table` that belongs to a situation."""
        row = self._rows.get(situation)
        return self._add_row(situation) if row is None else row

    def _add_row(self, situation: Situation) -> int:
        with self._adding:  # Groups of images are read side by side.
            if situation not in self._rows:
                mask = np.full((1, self._table.shape[1]), -np.inf, np.float32)
                mask[0, sorted(self.allowed(situation))] = 0.0
                self._table = np.concatenate([self._table, mask])
                self._rows[situation] = len(self._table) - 1
            return self._rows[situation]

    def bias(self, rows: list[int]) -> FloatArray:
        """Return (rows, vocabulary): zero for what may come next, minus infinity for the others.

        The rows are those of `GrammarState.row`.
        """
        rows_of_table: FloatArray = self._table[rows] if self.pieces is None else self.pieces.bias(rows)
        return rows_of_table

    def allows(self, row: int, token_id: int) -> bool:
        """Say whether a token or piece may come next, by the row that `GrammarState.row` gave."""
        return bool(self._table[row, token_id] == 0) if self.pieces is None else self.pieces.allows(row, token_id)

    def allows_token(self, situation: Situation, token_id: int) -> bool:
        """Say whether a token may come next in a situation."""
        row = self.row_of(situation)  # makes the row where it is the first time
        return bool(self._table[row, token_id] == 0)

    def allowed(self, situation: Situation) -> frozenset[int]:
        """Return the ids of the tokens that may come next."""
        if situation.need is not Need.NOTHING:
            return self._needed(situation)
        closers = self._closers(situation)
        if situation.is_closing:
            return closers or self._plain(situation)
        return closers | self._content(situation)

    def _needed(self, situation: Situation) -> frozenset[int]:
        if situation.need is Need.SCRIPT:
            if situation.is_deep or situation.is_closing:
                return self._symbols
            return self._symbols | self._open
        if situation.need is Need.GROUP_OR_OPTION and not situation.is_closing and self.option_open >= 0:
            return self._open | {self.option_open}
        return self._open

    def _plain(self, situation: Situation) -> frozenset[int]:
        """Return what fills an empty frame with the fewest tokens."""
        if situation.kind is Kind.COLUMNS:
            return self.classes.columns
        if situation.kind is Kind.WORDS:
            return self.classes.of_words
        if situation.kind is Kind.TAG:
            return self.classes.of_tag
        if situation.kind is Kind.FONT:
            return self.classes.of_font[situation.name]
        if situation.kind is Kind.TEXT:
            return self.classes.of_font[situation.name] - {self.text_space}
        return self._symbols - {self.option_close} if situation.kind is Kind.OPTION else self._symbols

    def _content(self, situation: Situation) -> frozenset[int]:
        """Return what may be added inside the frame."""
        kind, after = situation.kind, situation.after
        if kind in {Kind.COLUMNS, Kind.TAG}:
            return self._plain(situation)
        if kind is Kind.NUMBERED:
            return frozenset()
        if kind is Kind.WORDS:
            is_after_word = situation.length and after is not After.GAP and self.text_space >= 0
            return self._in_words | ({self.text_space} if is_after_word else frozenset())
        if kind is Kind.FONT:
            if after is After.GROUP:
                return frozenset()
            in_bold = self._calligraphic if situation.name == self._bold and not situation.length else frozenset()
            return self._plain(situation) | in_bold
        if kind is Kind.TEXT:
            starts_word = after in {After.ROW_START, After.GAP}
            return self._plain(situation) if starts_word else self.classes.of_font[situation.name]
        scripts = self.classes.ids(*_SCRIPTS_AFTER.get(after, ()))
        if after is After.GROUP and kind is not Kind.OPTION:
            return scripts  # braces stand round a nucleus only where scripts follow
        content = scripts | self._symbols
        if not situation.is_deep:
            content |= self._opening
        if after not in {After.ROW_START, After.CELL_START, After.RULE, After.GAP}:
            content |= self._gap
        if situation.name == self.array_end and after in {After.ROW_START, After.RULE}:
            content |= self.classes.ids(TokenClass.RULE)
        if kind is Kind.FORMULA:
            content |= self._tag if situation.length else self._words
        return content - {self.option_close} if kind is Kind.OPTION else content

    def _closers(self, situation: Situation) -> frozenset[int]:
        """Return what ends the frame, or the row or cell of it; when closing, what ends the frame."""
        kind, after, is_closing = situation.kind, situation.after, situation.is_closing
        if situation.length == 0 and (kind not in _MAY_BE_EMPTY or (kind is Kind.NUCLEUS and is_closing)):
            return frozenset()
        if not is_closing:
            is_unfinished = after is After.GAP or (after is After.GROUP and kind not in {Kind.OPTION, Kind.FONT})
            if is_unfinished or (kind is Kind.SCRIPT and situation.length == 1):
                return frozenset()
        if kind in {Kind.FORMULA, Kind.WORDS, Kind.NUMBERED}:
            return self._end_of_formula
        if kind is Kind.FORMULA_IN_WORDS:
            return frozenset({self.dollar})
        if kind is Kind.OPTION:
            return frozenset({self.option_close})
        if kind not in {Kind.ENVIRONMENT, Kind.SUBSTACK}:
            return self._close
        return self._row_closers(situation)

    def _row_closers(self, situation: Situation) -> frozenset[int]:
        """Return what ends a cell, a row, or the environment."""
        end = self._close if situation.kind is Kind.SUBSTACK else frozenset({situation.name})
        if situation.is_closing:
            return end if situation.length else frozenset()
        is_array = situation.name == self.array_end
        closers: frozenset[int] = frozenset()
        if situation.kind is Kind.ENVIRONMENT and situation.name != self._gathered_end:
            closers |= self.classes.ids(TokenClass.CELL_END)
        if is_array or situation.after is not After.CELL_START:
            closers |= self.classes.ids(TokenClass.ROW_END)
            if situation.length and situation.after is not After.ROW_START:
                closers |= end  # canonical form has no empty last row and no empty environment
        return closers


def grammar_of(tokens: tuple[str, ...]) -> Grammar:
    """Return the masks of a vocabulary's tokens, made once: two threads that ask at the same time get the same."""
    with _making:
        return _grammar_of(tokens)


@lru_cache(maxsize=4)
def _grammar_of(tokens: tuple[str, ...]) -> Grammar:
    return Grammar(tokens)


_making = threading.Lock()
