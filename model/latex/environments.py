r"""What environments with rows look like: matrices, cases, aligned lines, and stacks such as `\substack`.

What is kept is what people write for a look: `matrix` for an array without lines, `aligned` for aligned displays.
"""

from __future__ import annotations

from model.latex.cells import read_columns, read_rows, skip_position
from model.latex.nodes import QUAD, Command, Environment, Node
from model.latex.parser import Parser, plain

_ALIGNED = frozenset("aligned align split eqnarray alignat alignedat flalign".split())
_GATHERED = frozenset("gathered gather multline multlined".split())
_TRANSPARENT = frozenset("equation displaymath math".split())
_MATRICES = frozenset("matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix".split())


def environment(parser: Parser, token: str) -> list[Node]:
    r"""Reads an environment; its `\begin{name}` is already read."""
    begin = parser.index - 1
    name = token[len(r"\begin{") : -1]
    base = name.removesuffix("*")
    if base in _TRANSPARENT:
        nodes = parser.row()
        _expect_end(parser, name, begin)
        return nodes
    columns: list[str] = []
    if base in {"array", "subarray"}:
        columns = read_columns(parser)
    elif base in {"alignat", "alignedat"}:
        parser.skip_group()
    elif base != "cases":
        skip_position(parser)
    body = read_rows(parser)
    _expect_end(parser, name, begin)
    if base == "array":
        return _array(body, columns)
    if base == "subarray":
        return _substack(body.rows)
    if base in _ALIGNED:
        return _aligned(body, is_eqnarray=base == "eqnarray")
    if base in _GATHERED:
        return _gathered(body)
    if base in {"cases", "dcases"}:
        return _named("cases", body)
    if base in {"rcases", "drcases"}:
        return [*_array(body, ["l", "l"]), plain(r"\}")]
    if base in _MATRICES or base == "smallmatrix":
        return _named(base.removeprefix("small"), body)
    raise parser.error(f"unknown environment '{name}'", begin)


def substack(parser: Parser, _: str) -> list[Node]:
    r"""Reads the argument of `\substack`."""
    parser.expect("{")
    body = read_rows(parser)
    parser.expect("}")
    return _substack(body.rows)


def stack(parser: Parser, above: list[Node], below: list[Node]) -> list[Node]:
    r"""Sets one row above another without a line, as `\atop` does."""
    rows = [[above], [below]]
    if parser.script_depth:
        return _substack(rows)
    return [Environment("matrix", rows)]


def genfrac(parser: Parser, _: str) -> list[Node]:
    r"""Reads `\genfrac{left}{right}{thickness}{style}{above}{below}`."""
    opening, closing = parser.argument(), parser.argument()
    thickness = parser.index
    parser.skip_group()
    has_line = not "".join(parser.tokens[thickness : parser.index]).strip("{}").startswith("0")
    parser.skip_group()
    above, below = parser.argument(), parser.argument()
    if has_line:
        return [*opening, Command(r"\frac", [above, below]), *closing]
    if opening == [plain("(")] and closing == [plain(")")]:
        return [Command(r"\binom", [above, below])]
    return [*opening, *stack(parser, above, below), *closing]


def _expect_end(parser: Parser, name: str, begin: int) -> None:
    if parser.accept(rf"\end{{{name}}}"):
        return
    if not parser.next:
        raise parser.error(rf"'\begin{{{name}}}' has no '\end{{{name}}}'", begin)
    raise parser.unexpected(rf"'\end{{{name}}}'")


def _array(body: Environment, columns: list[str]) -> list[Node]:
    """Keeps an array only where its lines or its alignment are seen."""
    has_lines = "|" in columns or any(body.rules)
    if not has_lines:
        _drop_trailing_cells(body)
    width = max((len(row) for row in body.rows), default=0)
    columns = columns + ["c"] * (width - sum(column != "|" for column in columns))
    if not has_lines:
        columns = ["c"] * width if len(body.rows) == 1 else columns[:width]
        if width == 1 and len(body.rows) == 1:
            return body.rows[0][0]
        if "l" not in columns and "r" not in columns:
            return _named("matrix", body)
    return [Environment("array", body.rows, columns, body.rules)] if body.rows else []


def _aligned(body: Environment, *, is_eqnarray: bool) -> list[Node]:
    if is_eqnarray:
        body.rows = [[row[0], [*row[1], *row[2]], *row[3:]] if len(row) >= 3 else row for row in body.rows]
    _drop_trailing_cells(body)
    if len(body.rows) != 1:
        return _named("aligned", body)
    line: list[Node] = []  # one row is not seen to be aligned
    for index, cell in enumerate(body.rows[0]):
        line += [QUAD, *cell] if index and index % 2 == 0 else cell
    return line


def _gathered(body: Environment) -> list[Node]:
    if len(body.rows) == 1 and len(body.rows[0]) == 1:
        return body.rows[0][0]
    return _named("aligned" if any(len(row) > 1 for row in body.rows) else "gathered", body)


def _substack(rows: list[list[list[Node]]]) -> list[Node]:
    lines = [[node for cell in row for node in cell] for row in rows]
    if len(lines) == 1:
        return lines[0]
    return [Environment(r"\substack", [[line] for line in lines])] if lines else []


def _named(name: str, body: Environment) -> list[Node]:
    _drop_trailing_cells(body)
    return [Environment(name, body.rows)] if body.rows else []


def _drop_trailing_cells(body: Environment) -> None:
    for row in body.rows:
        while len(row) > 1 and not row[-1]:
            row.pop()
