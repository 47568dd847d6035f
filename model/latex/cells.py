r"""Reads what stands inside an environment: its columns, rows, cells and lines."""

from __future__ import annotations

from model.latex.nodes import QUAD, SPACE, Environment, Node
from model.latex.parser import ROW_ENDS, Parser
from model.latex.unseen import UNITS

_LINES = frozenset({r"\hline", r"\toprule", r"\midrule", r"\bottomrule"})
_MOST_COLUMNS = 600  # more than the recogniser can write


def read_rows(parser: Parser) -> Environment:
    """Reads cells and rows up to a token that ends them; rows without content at the end are dropped."""
    body = Environment("", [[]], rules=[_read_lines(parser)])
    while True:
        body.rows[-1].append(_trimmed(parser.row(in_cell=True)))
        if parser.accept("&"):
            continue
        if parser.next not in ROW_ENDS:
            break
        parser.index += 1
        if parser.next == "*" and parser.spans[parser.index - 1][1] == parser.spans[parser.index][0]:
            parser.index += 1  # `\\*` is a command, `\\ *` a row that begins with a star
        _skip_dimension(parser)
        body.rows.append([])
        body.rules.append(_read_lines(parser))
    while body.rows and not any(body.rows[-1]):
        body.rows.pop()
    del body.rules[len(body.rows) + 1 :]
    body.rules += [0] * (len(body.rows) + 1 - len(body.rules))
    return body


def read_columns(parser: Parser) -> list[str]:
    r"""Reads the column letters and lines of an `array`; what is between columns is dropped."""
    skip_position(parser)
    parser.expect("{")
    columns: list[str] = []
    while not parser.accept("}"):
        token = parser.next
        if not token:
            raise parser.unexpected("'}'")
        parser.index += 1
        if token in {"l", "c", "r", "|"}:
            columns.append(token)
        elif token in {"p", "m", "b"}:
            columns.append("l")
            parser.skip_group()
        elif token in {"@", "!", ">", "<"}:
            parser.skip_group()
        elif token == "*":
            columns += _repeated_columns(parser)
        elif token not in {":", "~", "\\ "}:
            raise parser.error(f"unknown column type '{token}'", parser.index - 1)
        if len(columns) > _MOST_COLUMNS:
            raise parser.error("the array has too many columns")
    return columns


def skip_position(parser: Parser) -> None:
    """Steps over an option like `[t]`."""
    option = parser.tokens[parser.index : parser.index + 3]
    if option[0] == "[" and option[-1] == "]" and option[1] in {"t", "b", "c", "l", "r"}:
        parser.index += 3


def _repeated_columns(parser: Parser) -> list[str]:
    start = parser.index
    parser.skip_group()
    parser.descend()
    digits = "".join(token for token in parser.tokens[start : parser.index] if token.isdigit())
    columns = read_columns(parser)
    parser.ascend()
    return columns * min(int(digits[:3] or "1"), _MOST_COLUMNS + 1)


def _read_lines(parser: Parser) -> int:
    """Reads the horizontal lines at the start of a row and returns their number."""
    count = 0
    while True:
        if parser.next in _LINES:
            parser.index += 1
            count += 1
        elif parser.accept(r"\cline"):
            parser.skip_group()
        else:
            return count


def _skip_dimension(parser: Parser) -> None:
    r"""Steps over the extra space of `\\[2pt]`, but not over a formula that begins with a bracket."""
    if parser.next != "[":
        return
    end = parser.index
    while parser.tokens[end] not in {"]", ""}:
        end += 1
    dimension = "".join(parser.tokens[parser.index + 1 : end]).lstrip("+-")
    if dimension[:1] in {*"0123456789.", "\\"} and dimension.endswith((*UNITS, r"\jot", r"\baselineskip")):
        parser.index = end + 1


def _trimmed(row: list[Node]) -> list[Node]:
    """Returns a cell without the gaps at its ends."""
    start, end = 0, len(row)
    while start < end and (row[start] is QUAD or row[start] is SPACE):
        start += 1
    while end > start and (row[end - 1] is QUAD or row[end - 1] is SPACE):
        end -= 1
    return row[start:end]
