r"""Two readings that look the same: what is compared when a figure is of what a reader sees.

Spacing, `&`, the environment that holds rows together, and a final point are no faults of a reading, and an equation
number is measured apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from model.latex.prose import DOLLAR, WORDS, split_number

_FINAL: Final = frozenset(".,")
_ROWS: Final = {rf"\begin{{{name}}}": rf"\end{{{name}}}" for name in ("aligned", "gathered")}
_UNSEEN: Final = frozenset({"&", r"\quad", "~", DOLLAR, WORDS, *_ROWS, *_ROWS.values()})
_BEFORE_ROWS: Final = frozenset({r"\\", "&", "{", r"\quad", *_ROWS})
_MATRIX, _END_OF_MATRIX, _ARRAY = r"\begin{matrix}", r"\end{matrix}", r"\begin{array}"
_GRIDS: Final = {_MATRIX: _END_OF_MATRIX, _ARRAY: r"\end{array}"}
_DELIMITERS: Final = {
    "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": (r"\{", r"\}"), "vmatrix": ("|", "|"),
    "Vmatrix": (r"\|", r"\|"), "cases": (r"\{", ""), "rcases": ("", r"\}"),
}  # fmt: skip


def as_seen(tokens: Sequence[str]) -> list[str]:
    r"""Return what is seen of a formula or a line of words, its equation number left aside.

    Letters of `\text`, `\mathrm` and of words look alike, so those commands go, and their braces with them; so do cells
    without delimiters and rows, where they are all that stands there. Delimiters round cells are seen, but not whether
    their environment brought them, nor to which side the cells of a column were set.
    """
    own, _ = split_number(tokens)
    own = _with_held_rows(own)
    seen = _without_fonts_of_words([token for token in own if token not in _UNSEEN])
    while seen and (seen[-1] in _FINAL or seen[-1] == r"\\"):
        seen.pop()
    return _with_bare_rows(_with_plain_grids(seen))


def _without_fonts_of_words(tokens: list[str]) -> list[str]:
    r"""Drop `\text { … }` and `\mathrm { … }`, keeping what they hold."""
    result: list[str] = []
    closing: list[bool] = []  # of each open brace, whether it goes
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token in {r"\text", r"\mathrm"} and tokens[index + 1 : index + 2] == ["{"]:
            closing.append(True)
            index += 2
            continue
        if token == "{":
            closing.append(False)
        if token == "}" and closing and closing.pop():
            index += 1
            continue
        result.append(token)
        index += 1
    return result


def _with_held_rows(tokens: Sequence[str]) -> list[str]:
    """Write `matrix` for rows that stand behind something: what holds them, a brace, holds no more than them."""
    result: list[str] = []
    are_held: list[bool] = []
    for place, token in enumerate(tokens):
        if token in _ROWS:
            are_held.append(place > 0 and tokens[place - 1] not in _BEFORE_ROWS)
            result.append(_MATRIX if are_held[-1] else token)
        elif token in _ROWS.values() and are_held:
            result.append(_END_OF_MATRIX if are_held.pop() else token)
        else:
            result.append(token)
    return result


def _with_plain_grids(tokens: list[str]) -> list[str]:
    """Write every environment of cells as `matrix` between its delimiters, or as centred `array` where it has bars."""
    result: list[str] = []
    for token in tokens:
        edge, _, name = token.removesuffix("}").partition("{")
        opening, closing = _DELIMITERS.get(name, ("", ""))
        if edge == r"\begin" and name in _DELIMITERS:
            result += [*([opening] if opening else []), _MATRIX]
        elif edge == r"\end" and name in _DELIMITERS:
            result += [_END_OF_MATRIX, *([closing] if closing else [])]
        else:
            result.append(token)
    return _without_single_rows(_with_plain_columns(result))


def _with_plain_columns(tokens: list[str]) -> list[str]:
    """Centre the columns of each `array`, and make a `matrix` of those without bars."""
    result: list[str] = []
    ends: list[str] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token == _ARRAY and "}" in tokens[index:]:
            closing = tokens.index("}", index)
            columns = ["c" if one in {"l", "r"} else one for one in tokens[index + 2 : closing]]
            is_barred = "|" in columns
            result += [_ARRAY, "{", *columns, "}"] if is_barred else [_MATRIX]
            ends.append(_GRIDS[_ARRAY] if is_barred else _END_OF_MATRIX)
            index = closing
        elif token == _GRIDS[_ARRAY] and ends:
            result.append(ends.pop())
        else:
            result.append(token)
        index += 1
    return result


def _without_single_rows(tokens: list[str]) -> list[str]:
    """Drop each `matrix` of one row: what it holds stands in its line like anything else."""
    for start, token in enumerate(tokens):
        if token == _MATRIX and (end := _end_of_grid(tokens, start)) is not None:
            held = tokens[start + 1 : end - (tokens[end - 1] == r"\\")]
            if r"\\" not in held and not {r"\hline", _MATRIX, _ARRAY}.intersection(held):
                return _without_single_rows(tokens[:start] + held + tokens[end + 1 :])
    return tokens


def _with_bare_rows(tokens: list[str]) -> list[str]:
    r"""Drop `matrix` and `array` where nothing stands beside them: what they hold are rows like the others."""
    for start, token in enumerate(tokens):
        if token not in _GRIDS or (start and tokens[start - 1] != r"\\"):
            continue
        end = _end_of_grid(tokens, start)
        if end is None or tokens[end + 1 : end + 2] not in ([], [r"\\"]):
            continue
        held = tokens[start + 1 : end]
        if token == r"\begin{array}" and held[:1] == ["{"] and "}" in held:
            columns, held = held[: held.index("}")], held[held.index("}") + 1 :]
            if "|" in columns:
                continue
        if not any(one in {r"\hline", r"\cline"} for one in held):
            return _with_bare_rows(tokens[:start] + held + tokens[end + 1 :])
    return tokens


def _end_of_grid(tokens: list[str], start: int) -> int | None:
    """Return where the environment that begins at `start` ends."""
    depth = 0
    for place in range(start, len(tokens)):
        depth += tokens[place] == tokens[start]
        depth -= tokens[place] == _GRIDS[tokens[start]]
        if not depth:
            return place
    return None
