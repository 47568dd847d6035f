"""The syntax tree of a formula: what is seen on the page, not how its author spelled it.

A row is a plain list of nodes. Every character carries its own font, so braces and font commands leave no node behind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Font(Enum):
    """The alphabets a character can be set in; the value is the tokens that select it, separated by spaces."""

    PLAIN = ""
    UPRIGHT = r"\mathrm"
    BOLD = r"\mathbf"
    BOLD_SYMBOL = r"\boldsymbol"
    CALLIGRAPHIC = r"\mathcal"
    BOLD_CALLIGRAPHIC = r"\boldsymbol { \mathcal"
    BLACKBOARD = r"\mathbb"
    FRAKTUR = r"\mathfrak"
    SCRIPT = r"\mathscr"
    SANS_SERIF = r"\mathsf"
    TYPEWRITER = r"\mathtt"


@dataclass(frozen=True, slots=True)
class Symbol:
    """One visible character, operator name or delimiter."""

    token: str
    font: Font = Font.PLAIN


@dataclass(frozen=True, slots=True)
class Space:
    """A gap that is seen only between two upright letters."""


@dataclass(slots=True)
class Scripted:
    """A base with its scripts; no base means the scripts stand free."""

    base: Node | None
    sub: list[Node] | None = None
    primes: int = 0
    sup: list[Node] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Braces that are needed because scripts stand on something that has scripts itself."""

    row: list[Node]


@dataclass(frozen=True, slots=True)
class Command:
    r"""A command with arguments: `\frac`, `\sqrt`, `\hat`."""

    name: str
    arguments: list[list[Node]]
    option: list[Node] | None = None


@dataclass(slots=True)
class Environment:
    r"""Rows of cells; `rules` holds the number of `\hline` above each row and below the last."""

    name: str
    rows: list[list[list[Node]]]
    columns: list[str] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)


Node = Symbol | Space | Scripted | Group | Command | Environment

SPACE = Space()
QUAD = Symbol(r"\quad")
