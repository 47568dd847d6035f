r"""Environments with rows and cells, and what is stacked like them: matrices, cases, aligned lines, `\substack`.

What is kept is what people write for a look: `pmatrix` for a bracketed array, `aligned` for every aligned display.
"""

from __future__ import annotations

from model.latex.nodes import QUAD, SPACE, Command, Environment, Font, Node
from model.latex.parser import ROW_ENDS, Parser
from model.latex.symbols import SYMBOLS

_ALIGNED = frozenset(
    "aligned align align* split eqnarray eqnarray* alignat alignat* alignedat flalign flalign* IEEEeqnarray".split()
)
_GATHERED = frozenset("gathered gather gather* multline multline* multlined".split())
_TRANSPARENT = frozenset("equation equation* displaymath math subequations".split())
_MATRICES = frozenset("matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix".split())
_CASES = frozenset({"cases", "dcases", "cases*", "dcases*"})
_CASES_TO_THE_LEFT = frozenset({"rcases", "drcases", "rcases*", "drcases*"})
_BRACKETED = {
    ("(", ")"): "pmatrix", ("[", "]"): "bmatrix", (r"\{", r"\}"): "Bmatrix", ("|", "|"): "vmatrix",
    (r"\|", r"\|"): "Vmatrix",
}  # fmt: skip
_UNITS = ("pt", "mm", "cm", "in", "ex", "em", "mu", "bp", "pc", "dd", "cc", "sp")


def environment(parser: Parser, token: str) -> list[Node]:
    r"""Reads an environment; its `\begin{name}` is already read."""
    begin = parser.index - 1
    token = parser.tokens[begin]
    name = token[len(r"\begin{") : -1]
    if name in _TRANSPARENT:
        nodes = parser.row()
        _expect_end(parser, name, begin)
        return nodes
    base = name.removesuffix("*")
    if base in {"array", "subarray", "tabular"}:
        columns = _columns(parser)
        body = _body(parser, name, begin)
        return _substack(body.rows) if base == "subarray" else _array(body, columns)
    if name in {"alignat", "alignat*", "alignedat", "IEEEeqnarray"}:
        parser.expect("{")
        while not parser.accept("}"):
            parser.index += 1
    elif name not in _CASES:
        _skip_position(parser)
    body = _body(parser, name, begin)
    if name in _ALIGNED:
        return _aligned(body, is_eqnarray=base == "eqnarray")
    if name in _GATHERED:
        return _gathered(body)
    if name in _CASES:
        return _finished("cases", body)
    if name in _CASES_TO_THE_LEFT:
        return [*_array(body, ["l", "l"]), SYMBOLS[Font.PLAIN][r"\}"]]
    if base in _MATRICES:
        return _finished(base, body)
    if base == "smallmatrix":
        return _finished("matrix", body)
    raise parser.error(f"unknown environment '{name}'", begin)


def left_right(opening: list[Node], body: list[Node], closing: list[Node]) -> list[Node]:
    r"""Joins `\left`, `\right` and what is between; a bracketed matrix becomes an environment of its own."""
    if len(body) == 1 and isinstance(inner := body[0], Environment):
        delimiters = tuple(getattr(node, "token", "") for node in (*opening, *closing))
        name = _BRACKETED.get(delimiters) if len(delimiters) == 2 else None  # type: ignore[arg-type]
        if inner.name == "matrix" and name is not None:
            return [Environment(name, inner.rows)]
        if delimiters == (r"\{",) and opening and _looks_like_cases(inner):
            rows = [row[1:] for row in inner.rows] if inner.name == "aligned" else inner.rows
            return [Environment("cases", rows)]
    return [*opening, *body, *closing]


def _looks_like_cases(inner: Environment) -> bool:
    if inner.name == "array":
        return inner.columns in (["l"], ["l", "l"]) and not any(inner.rules)
    if inner.name == "aligned":
        return all(len(row) == 2 and not row[0] for row in inner.rows)
    return False


def substack(parser: Parser, _: str) -> list[Node]:
    r"""Reads the argument of `\substack`."""
    begin = parser.index
    parser.expect("{")
    rows = _rows(parser, begin).rows
    parser.expect("}")
    return _substack(rows)


def stack(parser: Parser, above: list[Node], below: list[Node]) -> list[Node]:
    r"""Sets one row above another without a line, as `\atop` does."""
    rows = [[above], [below]]
    if parser.script_depth:
        return _substack(rows)
    return _finished("matrix", Environment("matrix", rows))


def genfrac(parser: Parser, _: str) -> list[Node]:
    r"""Reads `\genfrac{left}{right}{thickness}{style}{above}{below}`."""
    opening, closing, thickness = parser.argument(), parser.argument(), parser.index
    _skip_group(parser)
    has_line = not "".join(parser.tokens[thickness + 1 : parser.index - 1]).startswith("0")
    _skip_group(parser)
    above, below = parser.argument(), parser.argument()
    tokens = [getattr(node, "token", "") for node in (*opening, *closing)]
    if has_line:
        return [*opening, Command(r"\frac", [above, below]), *closing]
    if tokens == ["(", ")"]:
        return [Command(r"\binom", [above, below])]
    return [*opening, *stack(parser, above, below), *closing]


def _skip_group(parser: Parser) -> None:
    if parser.accept("{"):
        while not parser.accept("}"):
            if not parser.tokens[parser.index]:
                raise parser.unexpected("'}'")
            parser.index += 1
    else:
        parser.index += 1


def _body(parser: Parser, name: str, begin: int) -> Environment:
    body = _rows(parser, begin)
    _expect_end(parser, name, begin)
    return body


def _expect_end(parser: Parser, name: str, begin: int) -> None:
    if parser.accept(rf"\end{{{name}}}"):
        return
    if not parser.tokens[parser.index]:
        raise parser.error(rf"'\begin{{{name}}}' has no '\end{{{name}}}'", begin)
    raise parser.unexpected(rf"'\end{{{name}}}'")


def _rows(parser: Parser, begin: int) -> Environment:
    """Reads cells and rows up to a token that ends them."""
    body = Environment("", [[]])
    body.rules.append(_rules(parser))
    while True:
        body.rows[-1].append(_trimmed(parser.row(in_cell=True)))
        token = parser.tokens[parser.index]
        if token == "&":
            parser.index += 1
        elif token in ROW_ENDS:
            parser.index += 1
            parser.accept("*")
            _skip_dimension(parser)
            body.rows.append([])
            body.rules.append(_rules(parser))
        else:
            break
    while body.rows and not any(body.rows[-1]):
        body.rows.pop()
    del body.rules[len(body.rows) + 1 :]
    body.rules += [0] * (len(body.rows) + 1 - len(body.rules))
    return body


def _rules(parser: Parser) -> int:
    count = 0
    while True:
        if parser.tokens[parser.index] in {r"\hline", r"\toprule", r"\midrule", r"\bottomrule"}:
            parser.index += 1
            count += 1
        elif parser.accept(r"\cline"):
            _skip_group(parser)
        else:
            return count


def _skip_dimension(parser: Parser) -> None:
    r"""Steps over the extra space of `\\[2pt]`, but not over a formula that begins with a bracket."""
    if parser.tokens[parser.index] != "[":
        return
    end = parser.index
    while parser.tokens[end] not in {"]", ""}:
        end += 1
    inside = "".join(parser.tokens[parser.index + 1 : end])
    number = inside.lstrip("+-")
    if (number[:1].isdigit() or number[:1] == ".") and inside.endswith(_UNITS) or inside.startswith(r"\jot"):
        parser.index = end + 1


def _skip_position(parser: Parser) -> None:
    tokens, index = parser.tokens, parser.index
    if tokens[index] == "[" and tokens[index + 1] in {"t", "b", "c", "l", "r"} and tokens[index + 2] == "]":
        parser.index += 3


def _columns(parser: Parser) -> list[str]:
    r"""Reads the column letters and lines of an `array`; what is between columns is dropped."""
    _skip_position(parser)
    parser.expect("{")
    columns: list[str] = []
    while not parser.accept("}"):
        token = parser.tokens[parser.index]
        if not token:
            raise parser.unexpected("'}'")
        parser.index += 1
        if token in {"l", "c", "r", "|"}:
            columns.append(token)
        elif token in {"p", "m", "b"}:
            columns.append("l")
            _skip_group(parser)
        elif token in {"@", "!", ">", "<"}:
            skip_nested(parser)
        elif token == "*":
            columns += _repeated_columns(parser)
        elif token not in {":", "~", "\\ "}:
            raise parser.error(f"unknown column type '{token}'", parser.index - 1)
    return columns


def _repeated_columns(parser: Parser) -> list[str]:
    start = parser.index
    _skip_group(parser)
    digits = "".join(token for token in parser.tokens[start : parser.index] if token.isdigit())
    return _columns(parser) * min(int(digits or "1"), 50)


def skip_nested(parser: Parser) -> None:
    """Steps over a group with groups in it."""
    depth = 0
    while True:
        token = parser.tokens[parser.index]
        if not token:
            raise parser.unexpected("'}'")
        parser.index += 1
        depth += (token == "{") - (token == "}")
        if depth <= 0:
            return


def _array(body: Environment, columns: list[str]) -> list[Node]:
    width = max((len(row) for row in body.rows), default=0)
    has_lines = "|" in columns or any(body.rules)
    if not has_lines:
        _drop_trailing_cells(body)
        width = max((len(row) for row in body.rows), default=0)
        columns = (columns + ["c"] * width)[:width]
        if len(body.rows) == 1:
            columns = ["c"] * width
        if width == 1 and len(body.rows) == 1:
            return body.rows[0][0]
        if set(columns) <= {"c"}:
            return _finished("matrix", body)
    else:
        missing = width - sum(column != "|" for column in columns)
        columns = columns + ["c"] * missing
    if not body.rows:
        return []
    return [Environment("array", body.rows, columns, body.rules)]


def _aligned(body: Environment, *, is_eqnarray: bool) -> list[Node]:
    if is_eqnarray:
        body.rows = [[row[0], [*row[1], *row[2]], *row[3:]] if len(row) >= 3 else row for row in body.rows]
    _drop_trailing_cells(body)
    if len(body.rows) == 1:
        row: list[Node] = []
        for index, cell in enumerate(body.rows[0]):
            row += [QUAD, *cell] if index and index % 2 == 0 else cell
        return row
    return _finished("aligned", body)


def _gathered(body: Environment) -> list[Node]:
    if len(body.rows) == 1 and len(body.rows[0]) == 1:
        return body.rows[0][0]
    return _finished("aligned" if any(len(row) > 1 for row in body.rows) else "gathered", body)


def _substack(rows: list[list[list[Node]]]) -> list[Node]:
    if len(rows) == 1:
        return [node for cell in rows[0] for node in cell]
    return [Environment(r"\substack", [[[node for cell in row for node in cell]] for row in rows])] if rows else []


def _finished(name: str, body: Environment) -> list[Node]:
    _drop_trailing_cells(body)
    return [Environment(name, body.rows)] if body.rows else []


def _drop_trailing_cells(body: Environment) -> None:
    for row in body.rows:
        while len(row) > 1 and not row[-1]:
            row.pop()


def _trimmed(row: list[Node]) -> list[Node]:
    """Returns a cell without the gaps at its ends."""
    start, end = 0, len(row)
    while start < end and (row[start] is QUAD or row[start] is SPACE):
        start += 1
    while end > start and (row[end - 1] is QUAD or row[end - 1] is SPACE):
        end -= 1
    return row[start:end]
