r"""Recursive-descent parser of math mode: rows, groups, scripts, arguments. `commands.py` says what commands mean.

The font in force is a property of the parser; each symbol takes it with it, as TeX's families do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from model.latex.nodes import Font, Node, Symbol
from model.latex.row_builder import DoubleScriptError, RowBuilder
from model.latex.symbols import SYMBOLS
from model.latex.token_stream import END, TokenStream
from model.latex.tokeniser import LatexError

Handler = Callable[["Parser", str], list[Node]]
Infix = Callable[["Parser", list[Node], list[Node]], list[Node]]

ROW_ENDS = frozenset({r"\\", r"\cr", r"\newline"})
# Named operators have a thin space on either side.
SPACED_OPERATORS = frozenset({r"\operatorname", r"\operatornamewithlimits"})
# Deeper nesting than any formula that people write; keeps Python's own stack safe.
MAXIMUM_DEPTH = 100

_WRAPPERS = ((["$", "$"], ["$", "$"]), (["$"], ["$"]), ([r"\("], [r"\)"]), ([r"\["], [r"\]"]))
_CLOSERS = frozenset({END, "}", "&", r"\right", r"\middle"})
_CELL_CLOSERS = _CLOSERS | ROW_ENDS
_SCRIPTS = frozenset({"_", "^", "'", r"\degree"})
_LIMITS = frozenset({r"\limits", r"\nolimits", r"\displaylimits"})


@dataclass(frozen=True)
class Grammar:
    """What commands mean: those that yield nodes, those that split their group in two, those that change the font."""

    commands: Mapping[str, Handler]
    infixes: Mapping[str, Infix]
    font_declarations: Mapping[str, Font]


class Parser(TokenStream):
    """Reads one formula.

    Attributes:
        font: The font in force.
        script_depth: How many scripts the current row stands in.
    """

    def __init__(self, latex: str, grammar: Grammar) -> None:
        super().__init__(latex)
        self.font = Font.PLAIN
        self.script_depth = 0
        self._grammar = grammar
        self._depth = 0

    def formula(self) -> list[Node]:
        """Reads the whole source, with or without the signs that begin and end mathematics in a document."""
        wrapper = next((pair for pair in _WRAPPERS if self.tokens[: len(pair[0])] == pair[0]), ([], []))
        self.index = len(wrapper[0])
        row = self.row(closer=wrapper[1][0] if wrapper[1] else None)
        for token in [*wrapper[1], END]:
            if self.next != token:
                raise self.unexpected(f"'{token}'" if token else "")
            self.index += 1
        return row

    def group(self) -> list[Node]:
        """Reads what stands between braces; the opening one is already read."""
        opening = self.index - 1
        row = self.row()
        if not self.accept("}"):
            if self.next == END:
                raise self.error("'{' is never closed", opening)
            raise self.unexpected("'}'")
        return row

    def argument(self, font: Font | None = None) -> list[Node]:
        """Reads a command's argument: a group or a single atom."""
        outer = self.font
        if font is not None:
            self.font = font
        if self.next in _CLOSERS or self.next in _SCRIPTS - {r"\degree"}:
            raise self.unexpected("an argument")
        self.descend()
        row = self._atom()
        self.ascend()
        self.font = outer
        return row

    def option(self) -> list[Node] | None:
        """Reads an optional argument in square brackets, if there is one."""
        if not self.accept("["):
            return None
        row = self.row(closer="]")
        self.expect("]")
        return row

    def row(self, *, closer: str | None = None, in_cell: bool = False, is_below: bool = False) -> list[Node]:
        r"""Reads up to a closing token, which stays unread; the font is what it was before.

        Args:
            closer: A token that ends this row besides those that end every row.
            in_cell: Whether a line break ends the row.
            is_below: Whether this is the second half of a group split by a command like `\over`.
        """
        self.descend()
        outer = self.font
        tokens = self.tokens
        closers = _CELL_CLOSERS if in_cell else _CLOSERS
        row = RowBuilder()
        while True:
            token = tokens[self.index]
            if token == closer:
                break
            if (symbol := SYMBOLS[self.font].get(token)) is not None:
                self.index += 1
                row.add_symbol(symbol)
            elif token in _SCRIPTS:
                self._script(row, token)
            elif token in closers or token.startswith(r"\end"):
                break
            elif token in self._grammar.infixes:
                if is_below:
                    raise self.error(f"second '{token}' in one group")
                self.index += 1
                below = self.row(closer=closer, in_cell=in_cell, is_below=True)
                whole = self._grammar.infixes[token](self, row.finished(), below)
                row = RowBuilder()
                row.add(whole)
            elif not self._declaration(row, token):
                row.add(self._atom())
                if token in SPACED_OPERATORS:
                    row.leave_gap()
        self.font = outer
        self.ascend()
        return row.finished()

    def descend(self) -> None:
        """Notes that reading goes one level deeper."""
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise self.error("the formula is nested too deeply")

    def ascend(self) -> None:
        """Notes that reading is back one level."""
        self._depth -= 1

    def _atom(self) -> list[Node]:
        """Reads one atom without scripts."""
        token = self.next
        self.index += 1
        if (symbol := SYMBOLS[self.font].get(token)) is not None:
            return [symbol]
        if token == "{":
            return self.group()
        name = r"\begin" if token.startswith(r"\begin") else token
        if (handler := self._grammar.commands.get(name)) is not None:
            return handler(self, token)
        self.index -= 1
        raise self._no_atom(token)

    def _no_atom(self, token: str) -> LatexError:
        if token == END:
            return self.unexpected()
        if ord(token[0]) > 126 or ord(token[0]) < 32:
            shown = token if token.isprintable() else f"U+{ord(token):04X}"
            return self.error(f"character '{shown}' is not in any vocabulary")
        is_known = token in self._grammar.font_declarations or token in self._grammar.infixes
        is_known = is_known or token.startswith(r"\end{")
        if token[0] == "\\" and not is_known and token not in _CLOSERS | ROW_ENDS | _LIMITS | _SCRIPTS:
            return self.error(f"unknown command {token}")
        return self.unexpected()

    def _script(self, row: RowBuilder, token: str) -> None:
        """Reads a script, a prime or a degree sign."""
        position = self.index
        self.index += 1
        try:
            if token == "'":
                row.add_prime()
            elif token == r"\degree":
                row.add_degree()
            else:
                row.add_script(token, self._script_argument())
        except DoubleScriptError as error:
            raise self.error(str(error), position) from None

    def _script_argument(self) -> list[Node]:
        self.script_depth += 1
        script = self.argument()
        self.script_depth -= 1
        return script

    def _declaration(self, row: RowBuilder, token: str) -> bool:
        """Reads a token that only changes what follows it; says whether it was one."""
        if (font := self._grammar.font_declarations.get(token)) is not None:
            self.font = font
            row.end_atom()
        elif token in ROW_ENDS:
            row.end_atom()  # a line break outside an environment does nothing in TeX
        elif token not in _LIMITS:
            return False
        self.index += 1
        if token == r"\limits" and not row.takes_limits():
            while (kind := self.next) in {"_", "^"}:
                self.index += 1
                row.stack(kind, self._script_argument())
        return True


def plain(token: str) -> Symbol:
    """Returns the node of a symbol in the font of mathematics."""
    return SYMBOLS[Font.PLAIN][token]
