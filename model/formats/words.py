r"""Words with formulas between dollars, displays in `\[…\]`: told from a formula, and written in forms without these.

Such a text is copied as it stands in every form that is LaTeX; Markdown gets its own displays and signs; MathML, Typst,
Unicode text and drawings get the formula that looks like it, its words in `\text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# No pattern looks at a place more than a few times: a text has no greatest length here, and none may stop the program.
_FORMULA = re.compile(
    r"(?<!\\)(?:\$(?P<inline>(?:[^$\\]|\\.)+)\$"
    r"|(?:(?:(?<!\s)|(?<=\\\s))\s++)?\\\[(?P<display>(?:[^\\]|\\[^\[\]])*)\\\]\s*)",
    re.DOTALL,
)
_ESCAPED_IN_LATEX = re.compile(r"\\([%&#_])")
_MARKDOWN_SIGN = re.compile(r"[*_`]")
_TEXT_ARGUMENT = re.compile(r"\\(?:text|mbox|textrm|textnormal)\s*\{[^{}]*\}")
# Two words of letters with a blank between them, in what holds nothing of mathematics.
_TWO_WORDS = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}+[,;:.)]?\s++\(?[^\W\d_]{2}")
_MATHEMATICS = re.compile(r"\\[a-zA-Z]+|[_^&{}]")

_ROW = 66  # letters, as in the lines of a book
_COMMAND = re.compile(r"\\[A-Za-z]+|\\.")
_UNSEEN = str.maketrans("", "", "{}^_$")


def holds_words(latex: str) -> bool:
    r"""Say whether LaTeX is a line of words, which is text, and no formula.

    A formula has no dollar outside of `\text`, and no two words without a command beside one another.
    """
    bare = _TEXT_ARGUMENT.sub("", latex)
    if _FORMULA.search(bare):
        return True
    return _TWO_WORDS.search(bare) is not None and _MATHEMATICS.search(bare) is None


def words_as_formula(text: str) -> str:
    r"""Write a line of words as a formula, with `\text` round the words.

    Args:
        text: Plain text with its formulas between two dollars.
    """
    pieces = []
    for words, formula in _pieces(text):
        pieces.append(_in_text(words))
        if formula is not None:
            pieces.append(formula["inline"] or formula["display"])
    return "".join(piece for piece in pieces if piece)


def words_as_rows(text: str) -> str:
    r"""Write words as a formula of rows as long as those of a book, each display on a row of its own.

    Args:
        text: Plain text with its formulas between two dollars, displays in `\[…\]`.
    """
    rows = [words_as_formula(row) for row in _rows(text)]
    return rows[0] if len(rows) == 1 else r"\begin{array}{l}" + r" \\ ".join(rows) + r"\end{array}"


def words_as_markdown(text: str) -> str:
    """Write words with formulas as Markdown: `$…$`, displays between `$$` on lines of their own.

    Args:
        text: LaTeX text, as `holds_words` tells it.
    """
    pieces = []
    for words, formula in _pieces(text):
        plain = _ESCAPED_IN_LATEX.sub(r"\1", words)
        pieces.append(_MARKDOWN_SIGN.sub(r"\\\g<0>", plain))
        if formula is not None and formula["display"] is not None:
            before = "\n\n" if pieces[-1] or len(pieces) > 1 else ""
            after = "\n\n" if formula.end() < len(text) else "\n"
            pieces.append(f"{before}$$\n{formula['display'].strip()}\n$${after}")
        elif formula is not None:
            pieces.append(f"${formula['inline'].strip()}$")
    return "".join(pieces)


def words_with_tag(text: str, number: str) -> str:
    r"""Write an equation number as `\tag` into the display among the words, where there is one and no other."""
    displays = [formula for _, formula in _pieces(text) if formula is not None and formula["display"] is not None]
    if len(displays) != 1:
        return text
    end = displays[0].end("display")
    return rf"{text[:end].rstrip()} \tag{{{number}}}{text[end:]}"


def _pieces(text: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Yield the words before each formula with its match, and the words behind the last."""
    end = 0
    for match in _FORMULA.finditer(text):
        yield text[end : match.start()], match
        end = match.end()
    yield text[end:], None


def _rows(text: str) -> list[str]:
    """Return the text in rows, broken at blanks alone."""
    rows = [""]
    width = 0
    for part, is_display in _unbroken(text):
        added = len(_COMMAND.sub("x", part).translate(_UNSEEN))
        if width and (is_display or width + 1 + added > _ROW):
            rows.append("")
            width = 0
        rows[-1] += f" {part}" if width else part
        width = _ROW if is_display else width + 1 + added
    return rows


def _unbroken(text: str) -> Iterator[tuple[str, bool]]:
    """Yield what stands between blanks, a formula with what touches it, and whether it is a display."""
    part = ""
    for words, formula in _pieces(text):
        first, *others = re.split(r"\s+", words)
        part += first
        for other in others:
            if part:
                yield part, False
            part = other
        if formula is not None and formula["display"] is not None:
            if part:
                yield part, False
            part = ""
            yield formula[0], True
        elif formula is not None:
            part += formula[0]
    if part:
        yield part, False


def _in_text(words: str) -> str:
    return rf"\text{{{words}}}" if words else ""
