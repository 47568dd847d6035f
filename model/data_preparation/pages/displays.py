r"""Displays cut into rows and cells, so that each can be set, found on the page and labelled on its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from model.latex import LatexError, normalise

_ROW_ENVIRONMENTS: Final = {
    "align": "align*", "align*": "align*", "aligned": "align*", "split": "align*", "eqnarray": "align*",
    "eqnarray*": "align*", "gather": "gather*", "gather*": "gather*", "gathered": "gather*", "multline": "multline*",
    "multline*": "multline*", "alignat": "", "alignat*": "",
}  # fmt: skip
CANONICAL_ENVIRONMENTS: Final = {"align*": "aligned", "gather*": "gathered", "multline*": "multline"}
_WHOLE: Final = re.compile(r"\s*\\begin\{(\w+\*?)\}(.*)\\end\{\1\}\s*([.,;]?)\s*", re.DOTALL)
_TOKEN: Final = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}|\\[a-zA-Z]+\*?|\\.|[{}&]|[^\\{}&]", re.DOTALL)
_NUMBERING: Final = re.compile(r"\\(?:nonumber|notag)(?![a-zA-Z])|\\tag\*?\s*\{[^{}]*\}|\\label\s*\{[^{}]*\}")
_BLOCK: Final = re.compile(r"\\begin\{")
_MOST_ROWS: Final = 15


@dataclass(frozen=True)
class DisplayRow:
    """A row: the source of its cells, and its canonical tokens without the cells' marks."""

    cells: tuple[str, ...]
    tokens: tuple[str, ...]
    is_block: bool


@dataclass(frozen=True)
class Display:
    """A display.

    Attributes:
        environment: "align*", "gather*", "multline*", or "" for a single row without one.
        rows: In order.
        tokens: Canonical tokens of the whole.
    """

    environment: str
    rows: tuple[DisplayRow, ...]
    tokens: tuple[str, ...]


def split_display(latex: str) -> Display | None:
    """Cut a display into rows and cells; None where it is not understood, or one of them cannot stand alone."""
    latex = _NUMBERING.sub("", latex)
    if "%" in latex.replace(r"\%", "") or r"\intertext" in latex:
        return None
    environment, body = "", latex
    whole = _WHOLE.fullmatch(latex)
    if whole and whole[1] in _ROW_ENVIRONMENTS and rf"\begin{{{whole[1]}}}" not in whole[2]:
        environment, body = _ROW_ENVIRONMENTS[whole[1]], whole[2] + whole[3]
        if not environment:
            return None
    try:
        rows = [_row(cells) for cells in _cut(body, bool(environment))]
        rows = [row for row in rows if row.tokens]
        if not rows or len(rows) > _MOST_ROWS:
            return None
        tokens = rows[0].tokens if len(rows) == 1 else tuple(normalise(latex))
    except LatexError:
        return None
    if len(rows) == 1:
        environment = "" if len(rows[0].cells) == 1 else environment
    if environment == "gather*" and any(len(row.cells) > 1 for row in rows):
        return None
    return Display(environment, tuple(rows), tokens)


def _row(cells: list[str]) -> DisplayRow:
    joined = " ".join(cells)
    return DisplayRow(
        tuple(cell.strip() for cell in cells), tuple(normalise(joined)), _BLOCK.search(joined) is not None
    )


def _cut(body: str, in_environment: bool) -> list[list[str]]:
    """Cut at `&` and line ends outside of braces and inner environments."""
    if not in_environment:
        return [[body]]
    rows: list[list[str]] = [[""]]
    depth = 0
    after_break = False
    for match in _TOKEN.finditer(body):
        token = match[0]
        if token == "{" or token.startswith(r"\begin"):
            depth += 1
        elif token == "}" or token.startswith(r"\end"):
            depth -= 1
        if depth == 0 and token in {r"\\", r"\cr"}:
            rows.append([""])
            after_break = True
            continue
        if depth == 0 and token == "&":
            rows[-1].append("")
            after_break = False
            continue
        if after_break and token == "*" and not rows[-1][0]:
            continue
        rows[-1][-1] += token
    for row in rows:
        row[0] = re.sub(r"^\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|\\jot)\s*\]", "", row[0])
    return rows
