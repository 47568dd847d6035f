r"""Recursive-descent parser of math mode: rows, groups, scripts and arguments. What a command means is in `commands.py`.

The font in force is a property of the parser; each symbol takes it with it, as TeX's families do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from model.latex.nodes import QUAD, SPACE, Command, Font, Group, Node, Scripted, Symbol
from model.latex.symbols import BIG_OPERATORS, LIMIT_NAMES, SYMBOLS, UNICODE
from model.latex.tokeniser import LatexError, token_spans, tokenise

Handler = Callable[["Parser", str], list[Node]]
Infix = Callable[["Parser", list[Node], list[Node]], list[Node]]

END = ""
ROW_ENDS = frozenset({r"\\", r"\cr", r"\newline"})
_CLOSERS = frozenset({END, "}", "&", r"\right", r"\middle"}) | ROW_ENDS
_SCRIPTS = frozenset({"_", "^", "'", r"\degree"})
_LIMITS = frozenset({r"\limits", r"\nolimits", r"\displaylimits"})
# Deeper nesting than any formula a person writes; keeps Python's own stack safe.
MAXIMUM_DEPTH = 60


@dataclass(frozen=True)
class Grammar:
    """What commands mean: those that yield nodes, those that split their group in two, those that change the font."""

    commands: Mapping[str, Handler]
    infixes: Mapping[str, Infix]
    font_declarations: Mapping[str, Font]


class Parser:
    """Reads one formula.

    Attributes:
        latex: The source.
        tokens: Its raw tokens and an empty one that marks the end.
        index: The token to be read next.
        font: The font in force.
        script_depth: How many scripts the current row stands in.
    """

    def __init__(self, latex: str, grammar: Grammar) -> None:
        self.latex = latex
        self.tokens = [*tokenise(latex), END]
        if not latex.isascii():
            self.tokens = [UNICODE.get(token, token) for token in self.tokens]
        self.index = 0
        self.font = Font.PLAIN
        self.script_depth = 0
        self._grammar = grammar
        self._depth = 0

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Start and end of each token in the source."""
        return [*token_spans(self.latex), (len(self.latex), len(self.latex))]

    def error(self, cause: str, index: int | None = None) -> LatexError:
        """Makes the error for a token (the next one unless told)."""
        return LatexError(cause, self.spans[self.index if index is None else index][0])

    def accept(self, token: str) -> bool:
        """Steps over the next token if it is the one named."""
        if self.tokens[self.index] == token:
            self.index += 1
            return True
        return False

    def expect(self, token: str) -> None:
        """Steps over a token that must stand here."""
        if not self.accept(token):
            raise self.unexpected(f"'{token}'")

    def unexpected(self, wanted: str) -> LatexError:
        """Makes the error for a token that stands where something else is needed."""
        found = self.tokens[self.index]
        return self.error(f"{wanted} is missing before {_shown(found)}" if wanted else f"unexpected {_shown(found)}")

    def formula(self) -> list[Node]:
        """Reads the whole source."""
        row = self.row()
        if self.tokens[self.index] != END:
            raise self.unexpected("")
        return row

    def group(self) -> list[Node]:
        """Reads what stands between braces; the opening one is already read."""
        opening = self.index - 1
        row = self.row()
        if not self.accept("}"):
            if self.tokens[self.index] == END:
                raise self.error("'{' is never closed", opening)
            raise self.unexpected("'}'")
        return row

    def argument(self, *, font: Font | None = None) -> list[Node]:
        """Reads a command's argument: a group or a single atom."""
        outer = self.font
        if font is not None:
            self.font = font
        if self.accept("{"):
            row = self.group()
        elif self.tokens[self.index] in _CLOSERS or self.tokens[self.index] in {"_", "^"}:
            raise self.unexpected("an argument")
        else:
            row = self._atom()
        self.font = outer
        return row

    def option(self) -> list[Node] | None:
        """Reads an optional argument in square brackets, if there is one."""
        if not self.accept("["):
            return None
        row = self.row(closer="]")
        self.expect("]")
        return row

    def row(self, *, closer: str = "", in_cell: bool = False) -> list[Node]:
        """Reads up to a closing token, which stays unread; the font is what it was before."""
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise self.error("groups are nested too deeply")
        outer = self.font
        tokens, commands = self.tokens, self._grammar.commands
        symbols = SYMBOLS[outer]
        infix: Infix | None = None
        numerator: list[Node] = []
        nodes: list[Node] = []
        start = 0  # where the nodes of the last atom begin: scripts stand on them
        scripted: Scripted | None = None  # the last atom, once it has scripts
        is_bare = False  # some script was empty
        while True:
            token = tokens[self.index]
            if token == closer:
                break
            if (symbol := symbols.get(token)) is not None:
                self.index += 1
                start, scripted = len(nodes), None
                nodes.append(symbol)
            elif token in _SCRIPTS:
                scripted = self._script(nodes, start, scripted)
                is_bare = is_bare or not (scripted.sub or scripted.sup or scripted.primes)
            elif token == "{":
                self.index += 1
                start, scripted = len(nodes), None
                nodes += self.group()
            elif (handler := commands.get(token)) is not None:
                self.index += 1
                start, scripted = len(nodes), None
                added = handler(self, token)
                nodes += added
                if added and (added[-1] is QUAD or added[-1] is SPACE):
                    start = len(nodes)
            elif token in _CLOSERS or token.startswith(r"\end"):
                if in_cell or token not in ROW_ENDS:
                    break
                self.index += 1  # a line break outside an environment does nothing in TeX
                start, scripted = len(nodes), None
            elif (font := self._grammar.font_declarations.get(token)) is not None:
                self.index += 1
                self.font, symbols = font, SYMBOLS[font]
                start, scripted = len(nodes), None
            elif token in _LIMITS:
                self.index += 1
                if token == r"\limits":
                    self._limits(nodes, start)
            elif token in self._grammar.infixes:
                if infix is not None:
                    raise self.error(f"second '{token}' in one group")
                self.index += 1
                infix, numerator, nodes = self._grammar.infixes[token], nodes, []
                start, scripted = 0, None
            else:
                added = self._atom()
                start, scripted = len(nodes), None
                nodes += added
        if is_bare:
            numerator, nodes = _without_empty_scripts(numerator), _without_empty_scripts(nodes)
        if infix is not None:
            nodes = infix(self, numerator, nodes)
        self.font = outer
        self._depth -= 1
        return nodes

    def _atom(self) -> list[Node]:
        """Reads one atom without scripts."""
        token = self.tokens[self.index]
        self.index += 1
        if (symbol := SYMBOLS[self.font].get(token)) is not None:
            return [symbol]
        if token == "{":
            return self.group()
        if (handler := self._grammar.commands.get(token)) is not None:
            return handler(self, token)
        if token.startswith(r"\begin"):
            return self._grammar.commands[r"\begin"](self, token)
        if token in self._grammar.font_declarations:
            raise self.error(f"'{token}' is no argument", self.index - 1)
        if token == r"\degree":
            return [Scripted(None, sup=[SYMBOLS[Font.PLAIN][r"\circ"]])]
        if token.startswith("\\"):
            raise self.error(f"unknown command {token}", self.index - 1)
        if ord(token) > 126 or ord(token) < 32:
            raise self.error(f"character '{token}' is not in any vocabulary", self.index - 1)
        raise self.error(f"unexpected {_shown(token)}", self.index - 1)

    def _script(self, nodes: list[Node], start: int, scripted: Scripted | None) -> Scripted:
        """Reads one script or prime and puts it on the last atom."""
        token = self.tokens[self.index]
        if scripted is None:
            scripted = _open_scripts(nodes, start, token)
        self.index += 1
        if token == "'":
            if scripted.sup is not None:
                raise self.error("double superscript", self.index - 1)
            scripted.primes += 1
            return scripted
        if token == r"\degree":
            scripted.sup = [*(scripted.sup or []), SYMBOLS[Font.PLAIN][r"\circ"]]
            return scripted
        self.script_depth += 1
        row = self.argument()
        self.script_depth -= 1
        if all(node is SPACE or node is QUAD for node in row):
            row = []
        if token == "_":
            if scripted.sub is not None:
                raise self.error("double subscript", self.index)
            scripted.sub = row or None
            return scripted
        if scripted.sup is not None:
            raise self.error("double superscript", self.index)
        primes, row = _leading_primes(row)
        scripted.primes += primes
        scripted.sup = row or None
        return scripted

    def _limits(self, nodes: list[Node], start: int) -> None:
        r"""Turns scripts set as limits into `\underset` and `\overset` where TeX would set them at the side."""
        base = nodes[start:]
        if not base or all(_takes_limits(node) for node in base):
            return
        while (token := self.tokens[self.index]) in {"_", "^"}:
            self.index += 1
            self.script_depth += 1
            script = self.argument()
            self.script_depth -= 1
            if script:
                base = [Command(r"\underset" if token == "_" else r"\overset", [script, base])]
        nodes[start:] = base


def is_limit_operator(row: list[Node]) -> bool:
    """Says whether a row is one operator whose scripts TeX sets above and below in display style."""
    if len(row) != 1:
        return False
    node = row[0]
    return isinstance(node, Symbol) and (node.token in BIG_OPERATORS or node.token in LIMIT_NAMES)


def _without_empty_scripts(nodes: list[Node]) -> list[Node]:
    row: list[Node] = []
    for node in nodes:
        if not isinstance(node, Scripted) or node.sub or node.sup or node.primes:
            row.append(node)
        elif node.base is not None:
            row += node.base.row if isinstance(node.base, Group) else [node.base]
    return row


def _takes_limits(node: Node) -> bool:
    if isinstance(node, Symbol):
        return node.font is Font.UPRIGHT or node.token in BIG_OPERATORS or node.token.startswith(r"\l")
    return isinstance(node, Command) and node.name in {r"\underbrace", r"\overbrace"}


def _open_scripts(nodes: list[Node], start: int, token: str) -> Scripted:
    """Makes the last node of an atom the base of scripts."""
    scripted = Scripted(None)
    if len(nodes) > start:
        last = nodes.pop()
        if last is SPACE or last is QUAD:
            nodes.append(last)
        elif not isinstance(last, Scripted):
            scripted = Scripted(last)
        elif token == "^" and last.primes and last.sub is None and last.sup is None:
            scripted = last  # {x'}^2 looks like x'^2
        elif last.base is not None and is_limit_operator([last.base]) and not (last.sub if token == "_" else last.sup):
            scripted = last  # \underset{i}{\sum}^n
        else:
            scripted = Scripted(Group([last]))
    nodes.append(scripted)
    return scripted


def _leading_primes(row: list[Node]) -> tuple[int, list[Node]]:
    r"""Splits a superscript into the primes it begins with, as in `^{\prime\prime 2}`, and the rest."""
    primes = 0
    for index, node in enumerate(row):
        if isinstance(node, Symbol) and node.token == r"\prime":
            primes += 1
        elif isinstance(node, Scripted) and node.base is None and node.sub is None and node.sup is None:
            primes += node.primes
        elif node is not SPACE:
            return primes, row[index:]
    return primes, []


def _shown(token: str) -> str:
    return f"'{token}'" if token else "the end"
