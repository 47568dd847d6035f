r"""Reads the formulas of LaTeX documents: `$..$`, `$$..$$`, `\(..\)`, `\[..\]` and the display environments.

Macros are expanded first, over the whole document and the files it inputs, since a macro may open or close a formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from model.data_preparation.formula import Formula, Losses, SourceError, read_bytes
from model.data_preparation.tex_lexer import PARAGRAPH, lex, unlex
from model.data_preparation.tex_macros import MacroExpander
from model.latex import LatexError, join_tokens, normalise

_CLOSERS = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}
_TRANSPARENT = frozenset({"equation", "equation*", "displaymath", "math"})
_WITH_ROWS = frozenset(
    """align align* eqnarray eqnarray* gather gather* multline multline* flalign flalign* alignat alignat*
    IEEEeqnarray IEEEeqnarray*""".split()
)
_NUMBERED = frozenset({r"\label", r"\tag"})
_UNNUMBERED = frozenset({r"\nonumber", r"\notag"})
NEVER_CLOSED = "formula never closed"


def is_document(path: Path) -> bool:
    """Tells whether a `.tex` file is a whole document, not the label of an image."""
    try:
        content = read_bytes(path)
    except SourceError:
        return False
    return b"\\documentclass" in content or b"\\documentstyle" in content


def read_tex_files(paths: Sequence[Path], folder: Path, source: str, losses: Losses) -> Iterator[Formula]:
    """Yields the formulas of documents, each with the files it inputs; a file that another one inputs is no document.

    Args:
        paths: The `.tex` files.
        folder: Files outside it are not input.
        source: Name of the collection.
        losses: Counts what is passed over.
    """
    included: set[Path] = set()
    # Whole documents first: their parts are known when the rest is looked at.
    for path in sorted(paths, key=lambda path: not is_document(path)):
        if path.resolve() in included:
            continue
        document = _Document(path, folder, losses)
        try:
            tokens = document.expand()
        except SourceError:
            losses["document that is not text"] += 1
            continue
        for latex in extract_formulas(tokens, losses):
            yield Formula(latex, source)
        included |= document.included


class _Document:
    """A file and those it inputs, as one stretch of expanded tokens."""

    def __init__(self, path: Path, folder: Path, losses: Losses) -> None:
        self.included: set[Path] = set()
        self._path = path
        self._folder = folder.resolve()
        self._losses = losses

    def expand(self) -> list[str]:
        expander = MacroExpander(self._read_included)
        self.included.add(self._path.resolve())
        tokens = expander.expand(lex(_read(self._path)))
        if expander.is_exhausted:
            self._losses["document with macros that do not end"] += 1
        return tokens

    def _read_included(self, name: str) -> list[str]:
        for root in (self._path.parent, self._folder):
            for candidate in (root / f"{name}.tex", root / name):
                path = candidate.resolve()
                if path.is_file() and path.is_relative_to(self._folder) and path not in self.included:
                    self.included.add(path)
                    return lex(_read(path))
        self._losses["input file not found"] += 1
        return []


def _read(path: Path) -> str:
    content = read_bytes(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Old documents; only their text is concerned, formulas are ASCII.
        return content.decode("latin-1")


def extract_formulas(tokens: Sequence[str], losses: Losses) -> Iterator[str]:
    """Yields the formulas in expanded tokens of a document, each fit to be typeset on its own."""
    index = 0
    while index < len(tokens):
        opening, start = _opening(tokens, index)
        if not opening:
            index += 1
            continue
        end, index = _find_end(tokens, start, opening)
        if end is None:
            losses[NEVER_CLOSED] += 1
        else:
            yield _formula(tokens[start:end], opening)


def _opening(tokens: Sequence[str], index: int) -> tuple[str, int]:
    """Returns what opens a formula at a token (nothing, if none does) and where its content starts."""
    token = tokens[index]
    following = tokens[index + 1] if index + 1 < len(tokens) else ""
    if token == "$" and following == "$":
        return "$$", index + 2
    if token in _CLOSERS:
        return token, index + 1
    if token == r"\ensuremath" and following == "{":
        return token, index + 2
    if token == r"\begin":
        name, after = _environment_name(tokens, index)
        if name in _TRANSPARENT or name in _WITH_ROWS:
            return name, after
    return "", index


def _environment_name(tokens: Sequence[str], index: int) -> tuple[str, int]:
    end = index + 2
    while end < len(tokens) and tokens[end] != "}":
        end += 1
    return "".join(tokens[index + 2 : end]), end + 1


def _find_end(tokens: Sequence[str], start: int, opening: str) -> tuple[int | None, int]:
    """Returns where the content of a formula ends, if it does, and where to go on.

    A dollar inside braces belongs to text in the formula; a paragraph's end breaks a formula off, so that one dollar
    too many spoils a paragraph and not the rest of the document.
    """
    depth = 0
    index = start
    while index < len(tokens) and tokens[index] != PARAGRAPH:
        token = tokens[index]
        if depth == 0 and (length := _closer_length(tokens, index, opening)):
            return index, index + length
        depth += (token == "{") - (token == "}")
        if depth < 0:
            return None, index + 1
        index += 1
    return None, index


def _closer_length(tokens: Sequence[str], index: int, opening: str) -> int:
    """Returns how many tokens close the formula here: 0 if it goes on."""
    token = tokens[index]
    if opening == "$$":
        return 2 if tokens[index : index + 2] == ["$", "$"] else 0
    if opening in _CLOSERS:
        return int(token == _CLOSERS[opening])
    if opening == r"\ensuremath":
        return int(token == "}")
    if token != r"\end":
        return 0
    name, after = _environment_name(tokens, index)
    return after - index if name == opening else 0


def _formula(tokens: Sequence[str], opening: str) -> str:
    latex = unlex(_without_invisible(tokens))
    if opening not in _WITH_ROWS:
        return latex
    latex = f"\\begin{{{opening}}}{latex}\\end{{{opening}}}"
    try:
        # A display with rows cannot stand inside another formula; canonical form has what can.
        return join_tokens(normalise(latex))
    except LatexError:
        return latex


def _without_invisible(tokens: Sequence[str]) -> Iterator[str]:
    """Yields tokens without labels, tags and the like, which cannot stand everywhere and print nothing in a formula."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token in _NUMBERED:
            index += 2 if tokens[index + 1 : index + 2] == ["*"] else 1
            depth = 0
            while index < len(tokens):
                depth += (tokens[index] == "{") - (tokens[index] == "}")
                index += 1
                if depth <= 0:
                    break
            continue
        if token not in _UNNUMBERED:
            yield token
        index += 1
