r"""Decides which delimiters of a row grow: those of matched pairs round tall content, which get `\left` and `\right`.

Canonical form holds no sizes, so this is the rule that puts them back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.latex.delimiters import left_right
from model.latex.nodes import SPACE, Command, Environment, Group, Node, Scripted, Symbol
from model.latex.symbols import BIG_OPERATORS

_PAIRS = {
    "(": ")]", "[": "])", r"\{": (r"\}",), r"\langle": (r"\rangle",), r"\lfloor": (r"\rfloor",),
    r"\lceil": (r"\rceil",), r"\lgroup": (r"\rgroup",), r"\lmoustache": (r"\rmoustache",),
}  # fmt: skip
_CLOSERS = frozenset(closer for closers in _PAIRS.values() for closer in closers)
_BARS = {"|": r" \mid ", r"\|": r" \parallel "}
_TALL_COMMANDS = frozenset({r"\frac", r"\binom", r"\underbrace", r"\overbrace", r"\overset", r"\underset"})
# Larger than the text and yet not `\left`: round what `\left` would turn into another environment.
_FIXED_SIZES = (r"\Biggl", r"\Biggr")


@dataclass
class _Level:
    """What stands between one opening delimiter and its partner."""

    opening: int | None = None
    closers: tuple[str, ...] = ()
    bars: dict[str, list[int]] = field(default_factory=lambda: {bar: [] for bar in _BARS})


@dataclass(frozen=True)
class DelimiterSizes:
    r"""What to write round the nodes of a row, by their index.

    Attributes:
        before: `\left`, `\right` or, before what is no delimiter itself, `\left.`.
        after: `\right.`.
        names: A better name for a bar that stands alone: `\mid`.
    """

    before: dict[int, str] = field(default_factory=dict)
    after: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


def delimiter_sizes(row: list[Node]) -> DelimiterSizes:
    """Decides the size of every delimiter of a row."""
    sizes = DelimiterSizes()
    levels = [_Level()]
    loners: list[int] = []
    for index, node in enumerate(row):
        token = _token(node)
        if token in _PAIRS and not isinstance(node, Scripted):
            levels.append(_Level(index, tuple(_PAIRS[token])))
        elif token in _CLOSERS:
            if token in levels[-1].closers:
                level = levels.pop()
                assert level.opening is not None  # noqa: S101 - only the outermost has none, and it has no closers
                _size_pair(row, level.opening, index, sizes)
                _size_bars(row, level, sizes, is_bra_ket=_token(row[level.opening]) == r"\langle")
            else:
                loners.append(index)
        elif token in _BARS:
            levels[-1].bars[token].append(index)
    loners += [level.opening for level in levels if level.opening is not None]
    is_bra_ket = any(_token(row[index]) in {r"\langle", r"\rangle"} for index in loners)
    for level in levels:
        _size_bars(row, level, sizes, is_bra_ket=is_bra_ket)
    for index in loners:
        _size_loner(row, index, sizes)
    return sizes


def _size_pair(row: list[Node], start: int, end: int, sizes: DelimiterSizes) -> None:
    inside = [node for node in row[start + 1 : end] if node is not SPACE]
    if not any(is_tall(node) for node in inside):
        return
    opening, closing = _delimiter(row[start]), _delimiter(row[end])
    is_safe = left_right([opening], inside, [closing]) == [opening, *inside, closing]
    sizes.before[start], sizes.before[end] = (r"\left", r"\right") if is_safe else _FIXED_SIZES


def _size_bars(row: list[Node], level: _Level, sizes: DelimiterSizes, *, is_bra_ket: bool) -> None:
    for bar, places in level.bars.items():
        if len(places) % 2 == 0:
            for start, end in zip(places[::2], places[1::2], strict=True):
                if not isinstance(row[start], Scripted):
                    _size_pair(row, start, end, sizes)
        elif len(places) == 1:
            index = places[0]
            if isinstance(row[index], Scripted):
                _size_evaluation_bar(row, index, sizes)
            elif 0 < index < len(row) - 1 and not is_bra_ket:
                sizes.names[index] = _BARS[bar]


def _size_evaluation_bar(row: list[Node], index: int, sizes: DelimiterSizes) -> None:
    r"""Makes the bar of `\frac{df}{dx}|_0` as tall as what it stands behind."""
    if index and is_tall(row[index - 1]) and index - 1 not in sizes.after:
        sizes.before[index - 1], sizes.before[index] = r"\left.", r"\right"


def _size_loner(row: list[Node], index: int, sizes: DelimiterSizes) -> None:
    r"""Makes a delimiter without a partner as tall as the environment beside it, as in `\left\{ ... \right.`."""
    delimiter = _delimiter(row[index])
    is_opening = delimiter.token in _PAIRS
    neighbour = index + 1 if is_opening else index - 1
    if not 0 <= neighbour < len(row) or neighbour in sizes.before or neighbour in sizes.after:
        return
    node = row[neighbour]
    if not isinstance(node, Environment):
        return
    if not is_opening:
        sizes.before[neighbour], sizes.before[index] = r"\left.", r"\right"
    elif left_right([delimiter], [node], []) == [delimiter, node]:
        sizes.before[index], sizes.after[neighbour] = r"\left", r"\right."


def is_tall(node: Node | None) -> bool:
    """Says whether a node is clearly taller than a letter with scripts."""
    if isinstance(node, Scripted):
        return is_tall(node.base)
    if isinstance(node, Symbol):
        return node.token in BIG_OPERATORS
    if isinstance(node, Environment):
        return node.name != r"\substack"
    if isinstance(node, Command):
        return node.name in _TALL_COMMANDS or any(is_tall(inner) for inner in node.arguments[-1])
    if isinstance(node, Group):
        return any(is_tall(inner) for inner in node.row)
    return False


def _delimiter(node: Node) -> Symbol:
    symbol = node.base if isinstance(node, Scripted) else node
    assert isinstance(symbol, Symbol)  # noqa: S101 - found by its token
    return symbol


def _token(node: Node) -> str:
    symbol = node.base if isinstance(node, Scripted) else node
    return symbol.token if isinstance(symbol, Symbol) else ""
