r"""Lines that were read, joined to what people write: displays of rows, and paragraphs of words with `$…$`.

The one hard fact: a line that holds only a formula may be a display or the end of a paragraph; where it begins and how
far it is from the line above tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from model.latex import format_latex
from model.latex.prose import DOLLAR, GAP, WORDS, format_prose, is_prose, split_number
from model.latex.symbols import BINARY_OPERATORS, PUNCTUATION, RELATIONS
from model.layout.layout import LineKind, PixelBox
from model.layout.rows import Row, join_rows

_DIGIT = 0.64  # height of a digit in em
_SAME_EDGE = 0.6  # em by which the beginnings of a paragraph's lines differ
_LINE_SPACING = 1.15  # of the usual distance between lines: within a paragraph
_INDENTED = (0.7, 3.5)  # em by which a paragraph's first line is indented
_END_OF_ROW = 2.0  # em from the end of the longest row: there a number stands
_SAME_PLACE = 0.3  # em by which the beginnings or the middles of a display's rows differ
_BRACKETS = {"(": ")", "[": "]"}
_PLAIN_NUMBER = re.compile(r"(?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,3}){0,2}[a-z]?'?")


@dataclass(frozen=True)
class ReadLine:
    r"""A line and what was read in it.

    Attributes:
        kind: By the layout.
        tokens: Canonical; those of words begin with `\words`.
        box: In pixels of the image.
        baseline: Middle of its core in pixels of the image.
    """

    kind: LineKind
    tokens: tuple[str, ...]
    box: PixelBox
    baseline: float


@dataclass(frozen=True)
class Paragraph:
    """Words with formulas among them.

    Attributes:
        tokens: As of one line of words.
        lines: Indices of the lines it is from.
    """

    tokens: tuple[str, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Display:
    """A displayed formula.

    Attributes:
        tokens: Canonical, without the equation number.
        lines: Indices of the lines it is from, those of numbers left out.
        numbers: Of each of these lines its equation number without brackets; empty where it has none.
    """

    tokens: tuple[str, ...]
    lines: tuple[int, ...]
    numbers: tuple[str, ...]

    @property
    def number(self) -> str:
        """Its equation numbers in order, with commas between them; empty where there is none."""
        return ", ".join(number for number in self.numbers if number)


@dataclass(frozen=True)
class JoinedText:
    """All that was read, in order."""

    parts: tuple[Paragraph | Display, ...]

    @property
    def formula(self) -> Display | None:
        """The display, where there is nothing else."""
        only = self.parts[0] if len(self.parts) == 1 else None
        return only if isinstance(only, Display) else None

    @property
    def tokens(self) -> tuple[str, ...]:
        """All of it as one formula, or as one line of words with its formulas."""
        if self.formula is not None:
            return self.formula.tokens
        tokens: list[str] = [WORDS]
        for part in self.parts:
            words = list(part.tokens[1:]) if isinstance(part, Paragraph) else [DOLLAR, *part.tokens, DOLLAR]
            tokens += ["~", *words] if len(tokens) > 1 else words
        return tuple(tokens)

    @property
    def number(self) -> str:
        """The equation numbers in order, with commas between them; empty where there is none."""
        return ", ".join(part.number for part in self.parts if isinstance(part, Display) and part.number)

    def to_latex(self) -> str:
        r"""Write words as plain text with `$…$` and displays in `\[…\]`; a formula alone is written bare."""
        if self.formula is not None:
            return format_latex(self.formula.tokens)
        return "\n\n".join(
            format_prose(part.tokens) if isinstance(part, Paragraph) else rf"\[{format_latex(part.tokens)}\]"
            for part in self.parts
        )


def join_lines(lines: Sequence[ReadLine], text_height: float) -> JoinedText:
    """Join lines in reading order.

    Args:
        lines: All lines of an image that hold something.
        text_height: Height of a digit in pixels.
    """
    return JoinedText(tuple(_Joiner(lines, text_height / _DIGIT).parts()))


class _Joiner:
    def __init__(self, lines: Sequence[ReadLine], em: float) -> None:
        self.em = em
        self.lines = list(lines)
        self.numbers: dict[int, str] = {}
        for index, line in enumerate(self.lines):
            tokens, number = split_number(line.tokens)
            if number:
                self.lines[index] = replace(line, tokens=tuple(tokens))
                self.numbers[index] = number
            elif self._is_number_below(line):
                self.lines[index] = replace(line, kind=LineKind.NUMBER)
        self._take_for_row()

    def _take_for_row(self) -> None:
        """Take the only line of words for a row where it is a formula with its condition.

        It is one where it stands in line with other rows, or alone with an equation number.
        """
        words = [index for index, line in enumerate(self.lines) if is_prose(line.tokens)]
        rows = [line for line in self.lines if line.kind is not LineKind.NUMBER and not is_prose(line.tokens)]
        if len(words) != 1 or (not rows and len(self.lines) == 1):
            return
        line = self.lines[words[0]]
        row = _as_row(line.tokens)
        from_left = max((abs(one.box.left - line.box.left) for one in rows), default=0.0)
        middle = (line.box.left + line.box.right) / 2
        from_middle = max((abs((one.box.left + one.box.right) / 2 - middle) for one in rows), default=0.0)
        if row and min(from_left, from_middle) <= _SAME_PLACE * self.em:
            self.lines[words[0]] = replace(line, tokens=tuple(row))

    def _is_number_below(self, line: ReadLine) -> bool:
        """Say whether a row is an equation number: TeX sets it below a formula that leaves no room beside it."""
        others = [one for one in self.lines if one is not line and one.kind is LineKind.FORMULA]
        if line.kind is not LineKind.FORMULA or not others or not _is_plain_number(line.tokens):
            return False
        left, right = min(one.box.left for one in others), max(one.box.right for one in others)
        near, middle = _END_OF_ROW * self.em, (left + right) / 2
        is_at_right = line.box.left > middle and line.box.right >= right - near
        is_at_left = line.box.right < middle and line.box.left <= left + near
        return is_at_right or is_at_left

    def parts(self) -> Iterator[Paragraph | Display]:
        """Yield paragraphs and displays in order."""
        members = [index for index, line in enumerate(self.lines) if line.kind is not LineKind.NUMBER]
        if not members:
            yield from self._displays([index for index, line in enumerate(self.lines) if line.tokens])
            return
        displayed = [index for index in members if not is_prose(self.lines[index].tokens)] or members
        for line in self.lines:
            if line.kind is LineKind.NUMBER:
                beside = min(displayed, key=lambda one: abs(self.lines[one].baseline - line.baseline))
                self.numbers.setdefault(beside, number_text(line.tokens))
        group: list[int] = []
        for index in members:
            if group and self._is_words(group[-1], members) != self._is_words(index, members):
                yield from self._group(group, members)
                group = []
            group.append(index)
        yield from self._group(group, members)

    def _group(self, group: list[int], members: list[int]) -> Iterator[Paragraph | Display]:
        if self._is_words(group[0], members):
            yield from self._paragraphs(group)
        else:
            yield from self._displays(group)

    def _displays(self, group: list[int]) -> Iterator[Display]:
        rows = [
            Row(self.lines[index].tokens, self.lines[index].box.left, self.lines[index].box.right) for index in group
        ]
        if rows:
            tokens = tuple(join_rows(rows, self.em))
            yield Display(tokens, tuple(group), tuple(self.numbers.get(index, "") for index in group))

    def _is_words(self, index: int, members: list[int]) -> bool:
        """Say whether a line is of a paragraph: it holds words, or it ends or goes on with those above."""
        line = self.lines[index]
        if is_prose(line.tokens):
            return True
        place = members.index(index)
        words = [self.lines[one] for one in members if is_prose(self.lines[one].tokens)]
        above = self.lines[members[place - 1]] if place else None
        if above is None or not is_prose(above.tokens) or index in self.numbers or len(words) < 2:
            return False
        edge = min(one.box.left for one in words)
        steps = [below.baseline - one.baseline for one, below in pairwise(words) if below.baseline > one.baseline]
        usual = min(steps, default=0.0)
        is_close = line.baseline - above.baseline <= _LINE_SPACING * usual
        return abs(line.box.left - edge) <= _SAME_EDGE * self.em and is_close

    def _paragraphs(self, group: list[int]) -> Iterator[Paragraph]:
        tokens: list[str] = [WORDS]
        members: list[int] = []
        edge = min(self.lines[index].box.left for index in group)
        for place, index in enumerate(group):
            line = self.lines[index]
            indent = (line.box.left - edge) / self.em
            follows = group[place + 1] if place + 1 < len(group) else None
            is_indented = _INDENTED[0] <= indent <= _INDENTED[1] and (
                follows is None or line.box.left - self.lines[follows].box.left >= _INDENTED[0] * self.em
            )
            if members and is_indented and tokens[-1] in {".", "!", "?", ":"}:
                yield Paragraph(tuple(tokens), tuple(members))
                tokens, members = [WORDS], []
            words = list(line.tokens) if is_prose(line.tokens) else _as_words(line.tokens)
            _append(tokens, words[1:])
            members.append(index)
        yield Paragraph(tuple(tokens), tuple(members))


def _append(tokens: list[str], words: list[str]) -> None:
    """Add a line to the tokens of those before it."""
    if len(tokens) == 1 or not words:
        tokens += words
    elif tokens[-1] == GAP == words[0]:
        tokens += words[1:]
    elif tokens[-1] == "-" and len(tokens) > 2 and tokens[-2].isalpha() and words[0].isalpha() and words[0].islower():
        tokens[-1:] = words
    elif tokens[-1] == DOLLAR == words[0] and _goes_on(tokens[-2], words[1]):
        tokens[-1:] = words[1:]
    elif tokens[-1] == DOLLAR and _goes_on(tokens[-2], "") and words[0].isdigit():
        # Digits look the same in words, so the rest of the formula is taken for words.
        digits = next((place for place, token in enumerate(words) if not token.isdigit()), len(words))
        tokens[-1:] = [*words[:digits], DOLLAR, *words[digits:]]
    else:
        tokens += ["~", *words] if tokens[-1] != "~" and words[0] != "~" else words


def _goes_on(last: str, first: str) -> bool:
    """Say whether a formula was broken between these tokens: TeX does so at relations and operators only."""
    return bool({last, first} & (RELATIONS | BINARY_OPERATORS))


def _as_words(tokens: Sequence[str]) -> list[str]:
    """Return a formula as a line of words, what ends the sentence outside of it."""
    end = len(tokens)
    while end > 1 and tokens[end - 1] in PUNCTUATION:
        end -= 1
    return [WORDS, DOLLAR, *tokens[:end], DOLLAR, *tokens[end:]]


def _as_row(tokens: Sequence[str]) -> list[str]:
    """Return a line of words as a formula; nothing where it does not begin with a relation."""
    parts = [list(part) for _, part in groupby(tokens[1:], lambda token: token == DOLLAR)]
    if GAP in tokens or len(parts) < 4 or parts[0] != [DOLLAR] or not RELATIONS.intersection(parts[1]):
        return []
    row: list[str] = []
    is_formula = False
    for part in parts:
        if part == [DOLLAR]:
            is_formula = not is_formula
        elif is_formula:
            row += part
        else:
            is_first = r"\quad" not in row
            text = part[1:] if is_first and part[0] == "~" else part
            row += [*([r"\quad"] if is_first else []), r"\text", "{", *text, "}"]
    return row


def is_number(tokens: Sequence[str]) -> bool:
    """Say whether what was read is an equation number: it stands in brackets."""
    signs = [token for token in tokens if token not in {"{", "}", "~", WORDS, DOLLAR}]
    return len(signs) > 2 and _BRACKETS.get(signs[0]) == signs[-1]


def _is_plain_number(tokens: Sequence[str]) -> bool:
    """Say whether a line is an equation number of digits, beside at most a letter: no formula is written like that."""
    return is_number(tokens) and _PLAIN_NUMBER.fullmatch(number_text(tokens)) is not None


def number_text(tokens: Sequence[str]) -> str:
    """Return an equation number as it is typed, without the brackets round it."""
    signs = [
        token
        for token in tokens
        if token not in {"{", "}", "~", WORDS, DOLLAR} and not token.startswith((r"\math", r"\text"))
    ]
    text = "".join("'" if token == r"\prime" else token for token in signs if token != "^")
    for opening, closing in _BRACKETS.items():
        if text.startswith(opening) and text.endswith(closing):
            return text[1:-1]
    return text
