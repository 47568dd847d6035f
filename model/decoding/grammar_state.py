r"""Where one formula stands while it is decoded: the stack of open groups and environments."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from model.decoding.grammar import MAXIMUM_DEPTH, After, Grammar, Kind, Need, Situation
from model.decoding.token_classes import TokenClass


@dataclass(slots=True)
class Frame:
    """One open group or environment.

    Attributes:
        kind, name, after, length: As in `Situation`.
        then: What the frame outside has read once this one is closed.
        arguments: Arguments that must follow this one.
    """

    kind: Kind
    name: int = 0
    then: After = After.BASE
    arguments: int = 0
    after: After = After.ROW_START
    length: int = 0

    def values(self) -> tuple[int, ...]:
        """Return all that the frame holds."""
        return self.kind, self.name, self.then, self.arguments, self.after, self.length

    def copy(self) -> Frame:
        """Return a frame that changes by itself; `dataclasses.replace` takes four times as long."""
        return Frame(self.kind, self.name, self.then, self.arguments, self.after, self.length)


@dataclass(slots=True)
class GrammarState:
    """Where one formula stands while it is decoded.

    Attributes:
        grammar: The masks.
        frames: What is open, outermost first.
        need: What must come next.
        is_closing: Whether only the shortest way to the end is allowed from now on.
    """

    grammar: Grammar
    frames: list[Frame]
    need: Need
    is_closing: bool = False
    opens: Frame | None = None

    @classmethod
    def start(cls, grammar: Grammar) -> GrammarState:
        """Return the state before the first token."""
        return cls(grammar, [Frame(Kind.FORMULA)], Need.NOTHING)

    def copy(self) -> GrammarState:
        """Return a state that goes its own way from here."""
        frames = [frame.copy() for frame in self.frames]
        return GrammarState(self.grammar, frames, self.need, self.is_closing, self.opens and self.opens.copy())

    def situation(self) -> Situation:
        """Return what decides which tokens may come next."""
        top = self.frames[-1]
        is_deep = len(self.frames) >= MAXIMUM_DEPTH
        return Situation(self.need, top.kind, top.name, top.after, top.length, is_deep, self.is_closing)

    def key(self) -> Hashable:
        """Return all that decides on what may come next and after that."""
        opens = self.opens and self.opens.values()
        return self.need, self.is_closing, opens, *(frame.values() for frame in self.frames)

    def row(self) -> int:
        """Return the row of the grammar's masks that says what may come next."""
        pieces = self.grammar.pieces
        return self.grammar.row_of(self.situation()) if pieces is None else pieces.row_of(self)

    def advance(self, token_id: int) -> None:
        """Take an allowed token, or a piece of several."""
        for part in self.grammar.parts[token_id]:
            self._advance(part)

    def _advance(self, token_id: int) -> None:
        top = self.frames[-1]
        if self.need is not Need.NOTHING:
            self._fill_need(token_id)
        elif top.kind in {Kind.FONT, Kind.TEXT, Kind.COLUMNS, Kind.TAG}:
            self._add_character(top, token_id)
        elif top.kind is Kind.WORDS:
            self._add_to_words(top, token_id)
        elif top.kind is Kind.FORMULA_IN_WORDS and token_id == self.grammar.dollar:
            self._close()
        elif top.kind is Kind.OPTION and token_id == self.grammar.option_close:
            self.frames.pop()
            self._require(Kind.ARGUMENT)
        else:
            self._take(top, token_id)

    def _fill_need(self, token_id: int) -> None:
        opened, is_script = self.opens, self.need is Need.SCRIPT
        assert opened is not None  # noqa: S101 - a need is always set together with the frame it opens
        self.need, self.opens = Need.NOTHING, None
        if token_id == self.grammar.option_open and not is_script:
            self.frames.append(Frame(Kind.OPTION))
        elif self.grammar.classes.classes[token_id] is TokenClass.OPEN:
            self.frames.append(opened)
        else:
            self.frames[-1].after = opened.then  # a script of one token

    def _add_character(self, top: Frame, token_id: int) -> None:
        its_class = self.grammar.classes.classes[token_id]
        if its_class is TokenClass.CLOSE:
            self._close()
            return
        if its_class is TokenClass.FONT:
            self._require(Kind.FONT, name=token_id, then=After.GROUP)  # bold calligraphic
            return
        top.length = min(top.length + 1, 2)
        top.after = After.GAP if token_id == self.grammar.text_space else After.BASE

    def _add_to_words(self, top: Frame, token_id: int) -> None:
        top.length = min(top.length + 1, 2)
        top.after = After.GAP if token_id == self.grammar.text_space else After.BASE
        if token_id == self.grammar.dollar:
            self.frames.append(Frame(Kind.FORMULA_IN_WORDS))

    def _take(self, top: Frame, token_id: int) -> None:  # noqa: C901, PLR0912 - one branch a class, no nesting
        its_class = self.grammar.classes.classes[token_id]
        if its_class is TokenClass.CLOSE or its_class is TokenClass.END:
            self._close()
            return
        if its_class is TokenClass.CELL_END:
            top.after = After.CELL_START
            return
        if its_class is TokenClass.ROW_END:
            top.after = After.ROW_START
            return
        if its_class is TokenClass.RULE:
            top.after = After.RULE
            return
        top.length = min(top.length + 1, 2)
        if its_class is TokenClass.QUAD:
            top.after = After.GAP
        elif its_class is TokenClass.PRIME:
            top.after = After.PRIME
        elif its_class is TokenClass.SUBSCRIPT:
            self._require(Kind.SCRIPT, then=After.SUBSCRIPT, need=Need.SCRIPT)
        elif its_class is TokenClass.SUPERSCRIPT:
            self._require(Kind.SCRIPT, then=After.SUPERSCRIPT, need=Need.SCRIPT)
        elif its_class is TokenClass.OPEN:
            self.frames.append(Frame(Kind.NUCLEUS, then=After.GROUP))
        elif its_class is TokenClass.ONE_ARGUMENT:
            self._require(Kind.ARGUMENT)
        elif its_class is TokenClass.TWO_ARGUMENTS:
            self._require(Kind.ARGUMENT, arguments=1)
        elif its_class is TokenClass.SCRIPT_AND_ARGUMENT:
            self._require(Kind.SCRIPT_ARGUMENT, arguments=1)
        elif its_class is TokenClass.OPTION_AND_ARGUMENT:
            self._require(Kind.ARGUMENT, need=Need.GROUP_OR_OPTION)
        elif its_class is TokenClass.FONT:
            self._require(Kind.FONT, name=token_id)
        elif its_class is TokenClass.TEXT:
            self._require(Kind.TEXT, name=token_id)
        elif its_class is TokenClass.SUBSTACK:
            self._require(Kind.SUBSTACK)
        elif its_class is TokenClass.BEGIN:
            self._begin(token_id)
        elif its_class is TokenClass.WORDS:
            self.frames[0] = Frame(Kind.WORDS)
        elif its_class is TokenClass.TAG:
            self.frames[0] = Frame(Kind.NUMBERED)
            self._require(Kind.TAG)
        else:
            top.after = After.BASE

    def _begin(self, token_id: int) -> None:
        end = self.grammar.classes.ends[token_id]
        self.frames.append(Frame(Kind.ENVIRONMENT, name=end))
        if end == self.grammar.array_end:
            self._require(Kind.COLUMNS, then=After.ROW_START)

    def _require(
        self, kind: Kind, *, name: int = 0, then: After = After.BASE, arguments: int = 0, need: Need = Need.GROUP
    ) -> None:
        self.need = need
        self.opens = Frame(kind, name, then, arguments)

    def _close(self) -> None:
        closed = self.frames.pop()
        if closed.arguments:
            self._require(Kind.ARGUMENT, arguments=closed.arguments - 1)
            return
        outer = self.frames[-1]
        outer.after = closed.then
        if closed.kind is not Kind.COLUMNS:
            outer.length = 2
