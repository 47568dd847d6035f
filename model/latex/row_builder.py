r"""Collects the nodes of one row while it is read, and puts scripts on what they stand on.

A script stands on the last atom; braces round an atom matter only where that has scripts of its own.
"""

from __future__ import annotations

from model.latex.nodes import QUAD, SPACE, Command, Font, Group, Node, Scripted, Symbol
from model.latex.symbols import BIG_OPERATORS, LIMIT_NAMES, SYMBOLS

_DEGREE = SYMBOLS[Font.PLAIN][r"\circ"]


class DoubleScriptError(Exception):
    """A second script of the same kind on one atom."""


class RowBuilder:
    """The row so far.

    Attributes:
        nodes: What has been read of it.
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._start = 0  # where the nodes of the last atom begin
        self._scripted: Scripted | None = None  # the last atom, once it has scripts
        self._has_empty_scripts = False
        self._is_gap_due = False

    def add_symbol(self, symbol: Symbol) -> None:
        """Appends an atom of one symbol."""
        if self._is_gap_due:
            self._add_gap()
        self._start, self._scripted = len(self.nodes), None
        self.nodes.append(symbol)

    def add(self, atom: list[Node]) -> None:
        """Appends the nodes of an atom; a gap is none, so scripts that follow it stand free."""
        if self._is_gap_due:
            self._add_gap()
        self._start, self._scripted = len(self.nodes), None
        self.nodes += atom
        if atom and _is_gap(atom[-1]):
            self._start = len(self.nodes)

    def end_atom(self) -> None:
        """Makes scripts that follow stand free."""
        self.add([])

    def leave_gap(self) -> None:
        """Puts a space between the atom just added and the next one."""
        self._is_gap_due = True

    def add_prime(self) -> None:
        """Puts a prime on the last atom."""
        scripted = self._open_scripts("^")
        if scripted.sup is not None:
            raise DoubleScriptError("double superscript")
        scripted.primes += 1

    def add_degree(self) -> None:
        """Puts a degree sign on the last atom."""
        scripted = self._open_scripts("^")
        scripted.sup = [*(scripted.sup or []), _DEGREE]

    def add_script(self, kind: str, script: list[Node]) -> None:
        """Puts a subscript (kind `_`) or a superscript (`^`) on the last atom."""
        scripted = self._open_scripts(kind)
        if (scripted.sub if kind == "_" else scripted.sup) is not None:
            raise DoubleScriptError("double subscript" if kind == "_" else "double superscript")
        if all(_is_gap(node) for node in script):
            script = []
        if kind == "_":
            scripted.sub = script or None
        else:
            primes, script = _leading_primes(script)
            scripted.primes += primes
            scripted.sup = script or None
        if not (scripted.sub or scripted.primes or scripted.sup):
            self._has_empty_scripts = True

    def takes_limits(self) -> bool:
        """Says whether TeX sets the scripts of the last atom above and below it of its own accord."""
        return all(_takes_limits(node) for node in self.nodes[self._start :])

    def stack(self, kind: str, script: list[Node]) -> None:
        """Sets a script below (kind `_`) or above (`^`) the last atom."""
        if script:
            name = r"\underset" if kind == "_" else r"\overset"
            self.nodes[self._start :] = [Command(name, [script, self.nodes[self._start :]])]

    def finished(self) -> list[Node]:
        """Returns the row without scripts that turned out empty."""
        if not self._has_empty_scripts:
            return self.nodes
        row: list[Node] = []
        for node in self.nodes:
            if not isinstance(node, Scripted) or node.sub or node.sup or node.primes:
                row.append(node)
            elif node.base is not None:
                row += node.base.row if isinstance(node.base, Group) else [node.base]
        return row

    def _add_gap(self) -> None:
        self._is_gap_due = False
        self.nodes.append(SPACE)

    def _open_scripts(self, kind: str) -> Scripted:
        """Makes the last node of the last atom the base of scripts, if it is not yet."""
        if self._scripted is not None:
            return self._scripted
        scripted = Scripted(None)
        if len(self.nodes) > self._start:
            last = self.nodes.pop()
            if not isinstance(last, Scripted):
                scripted = Scripted(last)
            elif _can_join(last, kind):
                scripted = last
            else:
                scripted = Scripted(Group([last]))
        self.nodes.append(scripted)
        self._scripted = scripted
        return scripted


def is_limit_operator(node: Node | None) -> bool:
    """Says whether a node is an operator whose scripts TeX sets above and below in display style."""
    return isinstance(node, Symbol) and (node.token in BIG_OPERATORS or node.token in LIMIT_NAMES)


def _can_join(scripted: Scripted, kind: str) -> bool:
    r"""Says whether a script outside braces looks the same as inside: `{x'}^2`, `\underset{i}{\sum}^n`."""
    if is_limit_operator(scripted.base):
        return not (scripted.sub if kind == "_" else scripted.sup or scripted.primes)
    return kind == "^" and scripted.primes > 0 and scripted.sub is None and scripted.sup is None


def _takes_limits(node: Node) -> bool:
    if isinstance(node, Symbol):
        return node.font is Font.UPRIGHT or is_limit_operator(node)
    return isinstance(node, Command) and node.name in {r"\underbrace", r"\overbrace"}


def _leading_primes(row: list[Node]) -> tuple[int, list[Node]]:
    r"""Splits a superscript into the primes it begins with, as in `^{\prime\prime 2}`, and the rest."""
    primes = 0
    for index, node in enumerate(row):
        if isinstance(node, Symbol) and node.token == r"\prime":
            primes += 1
        elif isinstance(node, Scripted) and node.base is None and node.sub is None and node.sup is None:
            primes += node.primes
        elif not _is_gap(node):
            return primes, row[index:]
    return primes, []


def _is_gap(node: Node) -> bool:
    return node is SPACE or node is QUAD
