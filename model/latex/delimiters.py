r"""Delimiters of any size: `\left( \right)`, `\big(`. Their size is no part of canonical form.

A matrix between a matching pair becomes the environment that people write for it.
"""

from __future__ import annotations

from model.latex.nodes import Environment, Font, Node
from model.latex.parser import Parser
from model.latex.symbols import DELIMITERS, SYMBOLS

SIZES = frozenset(
    r"""\big \Big \bigg \Bigg \bigl \Bigl \biggl \Biggl \bigr \Bigr \biggr \Biggr \bigm \Bigm \biggm
    \Biggm""".split()
)
_DELIMITERS = DELIMITERS | frozenset(
    r". \setminus \uparrow \downarrow \updownarrow \Uparrow \Downarrow \Updownarrow".split()
)
_ANGLES = {"<": r"\langle", ">": r"\rangle", r"\lt": r"\langle", r"\gt": r"\rangle"}
_MATRICES = {
    ("(", ")"): "pmatrix", ("[", "]"): "bmatrix", (r"\{", r"\}"): "Bmatrix", ("|", "|"): "vmatrix",
    (r"\|", r"\|"): "Vmatrix",
}  # fmt: skip


def sized(parser: Parser, _: str) -> list[Node]:
    r"""Reads the delimiter after `\big` or one of its relatives."""
    return _delimiter(parser)


def left(parser: Parser, _: str) -> list[Node]:
    r"""Reads from a `\left`, just read, to its `\right`."""
    start = parser.index - 1
    opening = _delimiter(parser)
    body: list[Node] = []
    while True:
        body += parser.row()
        if not parser.accept(r"\middle"):
            break
        body += _delimiter(parser)
    if not parser.accept(r"\right"):
        raise parser.error(r"'\left' has no '\right'", start)
    return left_right(opening, body, _delimiter(parser))


def left_right(opening: list[Node], body: list[Node], closing: list[Node]) -> list[Node]:
    r"""Joins `\left`, `\right` and what is between; a bracketed matrix becomes an environment of its own."""
    if len(body) == 1 and isinstance(inner := body[0], Environment):
        delimiters = tuple(getattr(node, "token", "") for node in (*opening, *closing))
        if inner.name == "matrix" and len(delimiters) == 2 and delimiters in _MATRICES:
            return [Environment(_MATRICES[delimiters], inner.rows)]
        if opening and delimiters == (r"\{",) and _looks_like_cases(inner):
            rows = [row[1:] for row in inner.rows] if inner.name == "aligned" else inner.rows
            return [Environment("cases", rows)]
    return [*opening, *body, *closing]


def _delimiter(parser: Parser) -> list[Node]:
    """Reads one delimiter; the null delimiter yields nothing."""
    is_braced = parser.accept("{")
    token = parser.next
    symbol = SYMBOLS[Font.PLAIN].get(_ANGLES.get(token, token))
    if symbol is None or symbol.token not in _DELIMITERS:
        raise parser.error(f"'{token}' is no delimiter" if token else "a delimiter is missing")
    parser.index += 1
    if is_braced:
        parser.expect("}")
    return [] if token == "." else [symbol]


def _looks_like_cases(inner: Environment) -> bool:
    if inner.name == "array":
        return inner.columns in (["l"], ["l", "l"]) and not any(inner.rules)
    if inner.name == "aligned":
        return all(len(row) == 2 and not row[0] for row in inner.rows)
    return False
