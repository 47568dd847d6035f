r"""Rows of a display joined as people write them: `aligned` on a relation or the left edge, `gathered` where centred.

The one hard fact: where a row's relation stands is not known but estimated from the widths of its tokens, so edges,
which are known, are asked first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from model.latex import LatexError, join_tokens, normalise
from model.latex.symbols import BIG_OPERATORS, BINARY_OPERATORS, OPERATOR_NAMES, PUNCTUATION, RELATIONS

_ALIGNED_EDGE = 0.35  # em by which edges of rows that begin below each other differ
_ALIGNED_RELATION = 0.5  # em, likewise for estimated places of relations
_ESTIMATE = 0.12  # share of the estimated width by which it is wrong
_CENTRED = 0.6  # em by which middles of centred rows differ
_SURELY_CENTRED = 0.12
_INDENT = 0.5  # em
_SCRIPT = 0.7  # size of a script
_OPENING, _CLOSING = frozenset({"(", "[", r"\{"}), frozenset({")", "]", r"\}"})
_SIGNS = frozenset({"+", "-", r"\pm", r"\mp"})


@dataclass(frozen=True)
class Row:
    """A row of a display.

    Attributes:
        tokens: Canonical.
        left, right: Its ends, in pixels.
    """

    tokens: tuple[str, ...]
    left: float
    right: float

    @property
    def relation(self) -> int | None:
        """Place of the first relation that stands in no group and no bracket; None where there is none."""
        depth = brackets = 0
        is_balanced = sum(token in _OPENING for token in self.tokens) == sum(token in _CLOSING for token in self.tokens)
        for index, token in enumerate(self.tokens):
            depth += (token == "{" or token.startswith(r"\begin{")) - (token == "}" or token.startswith(r"\end{"))
            if not depth and is_balanced:
                brackets += (token in _OPENING) - (token in _CLOSING)
            is_script = index > 0 and self.tokens[index - 1] in {"^", "_"}
            if token in RELATIONS and not depth and not brackets and not is_script:
                return index
        return None

    def x_of(self, index: int) -> float:
        """Estimate where a token begins, in pixels."""
        before, whole = _width(self.tokens[:index]), _width(self.tokens)
        return self.left + (self.right - self.left) * before / max(whole, 1e-6)


def join_rows(rows: Sequence[Row], em: float) -> list[str]:
    """Join the rows of one display, from top to bottom.

    Args:
        rows: At least one.
        em: Size of the font in pixels.

    Returns:
        Canonical tokens.
    """
    if len(rows) == 1:
        return list(rows[0].tokens)
    centres = _spread([(row.left + row.right) / 2 for row in rows])
    is_flush = _spread([row.left for row in rows]) <= _ALIGNED_EDGE * em
    begins_with_relation = any(row.relation == 0 for row in rows[1:])
    is_centred = not is_flush and centres <= _CENTRED * em
    # Middles that agree to a pixel are no chance, whereas relations are only estimated to agree.
    is_surely_centred = not is_flush and centres <= _SURELY_CENTRED * em and not begins_with_relation
    column = None if is_surely_centred else _relation_column(rows, em)
    if column is not None:
        written = _environment("aligned", [_aligned_row(row, column, em) for row in rows])
    elif is_centred:
        written = _environment("gathered", [list(row.tokens) for row in rows])
    else:
        edge = min(row.left for row in rows)
        written = _environment("aligned", [["&", *_indent(row.left - edge, em), *row.tokens] for row in rows])
    try:
        return normalise(join_tokens(written))
    except LatexError:
        return written


def _relation_column(rows: Sequence[Row], em: float) -> float | None:
    """Return where the relations of the rows stand below each other, in pixels; None where they do not."""
    known = [row.left for row in rows[1:] if row.relation == 0]
    estimated = [(row, row.x_of(row.relation)) for row in rows if row.relation]
    if known:
        # Rows that begin with a relation are continued ones, wherever the estimate says the first row's stands.
        return median(known) if _spread(known) <= 2 * _ALIGNED_RELATION * em else None
    if not estimated:
        return None
    column = median(x for _, x in estimated)
    tolerance = _ALIGNED_RELATION * em
    agreeing = all(abs(x - column) <= tolerance + _ESTIMATE * (x - row.left) for row, x in estimated)
    others = [row for row in rows if row.relation is None]
    # A row without a relation goes on with what stands right of it.
    are_continued = all(row.left >= column - tolerance and row is not rows[0] for row in others)
    if not agreeing or not are_continued:
        return None
    if len(estimated) == 1:
        return column if estimated[0][0] is rows[0] and others else None
    return column


def _aligned_row(row: Row, column: float, em: float) -> list[str]:
    if row.relation is None:
        return ["&", *_indent(row.left - column, em), *row.tokens]
    return [*row.tokens[: row.relation], "&", *row.tokens[row.relation :]]


def _indent(distance: float, em: float) -> list[str]:
    """Return the space before a row that begins further to the right."""
    if distance < _INDENT * em:
        return []
    return [r"\quad"] if distance < 1.6 * em else [r"\qquad"]


def _environment(name: str, rows: list[list[str]]) -> list[str]:
    tokens = [rf"\begin{{{name}}}"]
    for index, row in enumerate(rows):
        tokens += [r"\\", *row] if index else row
    return [*tokens, rf"\end{{{name}}}"]


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values)


def _width(tokens: Sequence[str]) -> float:
    """Estimate the width of tokens in em."""
    width, size, index = 0.0, 1.0, 0
    sizes: list[float] = []
    while index < len(tokens):
        token = tokens[index]
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        if token in {r"\frac", r"\binom"} and following == "{":
            end = _group_end(tokens, index + 1)
            above, below = tuple(tokens[index + 2 : end - 1]), tuple[str, ...]()
            if end < len(tokens) and tokens[end] == "{":
                last = _group_end(tokens, end)
                below, end = tuple(tokens[end + 1 : last - 1]), last
            width += size * (max(_width(above), _width(below)) + 0.2)
            index = end
            continue
        if token in {"_", "^"}:
            end = _group_end(tokens, index + 1) if following == "{" else index + 2
            width += size * _SCRIPT * _width(tokens[index + 1 : end])
            index = end
            continue
        if token == "{":
            sizes.append(size)
        elif token == "}":
            size = sizes.pop() if sizes else 1.0
        else:
            width += size * _token_width(token, tokens[index - 1] if index else "")
        index += 1
    return width


def _group_end(tokens: Sequence[str], index: int) -> int:
    """Return the place after the group that begins there."""
    depth = 0
    while index < len(tokens):
        depth += (tokens[index] == "{") - (tokens[index] == "}")
        index += 1
        if depth <= 0:
            break
    return index


def _token_width(token: str, previous: str) -> float:
    if token in RELATIONS:
        return 1.33
    if token in BINARY_OPERATORS:
        return 0.8 if token in _SIGNS and (not previous or previous in _OPENING | RELATIONS) else 1.2
    if token in BIG_OPERATORS:
        return 1.2
    if token in OPERATOR_NAMES:
        return 0.5 * (len(token) - 1) + 0.15
    if token in PUNCTUATION:
        return 0.45 if token == "," else 0.3
    if token in _OPENING | _CLOSING:
        return 0.4
    widths = {r"\quad": 1.0, r"\qquad": 2.0, "~": 0.33, "&": 0.0, r"\text": 0.0, r"\mathrm": 0.0, r"\mathbf": 0.0}
    return widths.get(token, 0.55)
