r"""Lines of words with formulas in them: their tokens, and the text that people type for them.

A line of words is one token sequence that begins with `\words`: letters, digits and punctuation as they stand, `~` for
a space, and each formula in canonical form between two `$`. The looks of words (bold, italic, small capitals) are not
kept. A formula that only holds some words is no line of words; it keeps them in `\text`.

Words in a script that has no tokens (Chinese, Japanese, Korean and others) are a gap, one token for all that stand side
by side: the formulas beside them are read, and no letter is invented.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from model.latex import LatexError, format_latex, join_tokens, normalise
from model.latex.symbols import FOREIGN_LETTERS

WORDS: Final = r"\words"
"""The first token of a line of words; it stands nowhere else."""

DOLLAR: Final = "$"
"""Begins and ends a formula within a line of words."""

TAG: Final = r"\tag"
"""Before an equation number, the last thing beside a formula."""

GAP: Final = "[\u2026]"
"""What stands for words in a script that is not read, as a token and in the text."""

_ESCAPED: Final = frozenset({r"\%", r"\&", r"\#", r"\_", r"\$", r"\{", r"\}", r"\S", r"\P"})
PROSE_CHARACTERS: Final = (
    frozenset(string.ascii_letters + string.digits + ".,;:!?()[]-'`\"/*+=<>@|") | FOREIGN_LETTERS | _ESCAPED | {GAP}
)
"""What may stand in a line of words outside its formulas, beside `~`."""

_ACCENTS: Final = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "r": "\u030a", "k": "\u0328",
}  # fmt: skip
_LETTER = r"(?:\{\s*(\\?[a-zA-Z])\s*\}|(\\?[a-zA-Z]))"
_ACCENTED: Final = re.compile(rf"\\(?:(['`^\"~=.])\s*|([cvuHrk])(?:\s+|(?=\{{))){_LETTER}")
_SPECIAL_LETTERS: Final = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å", "AA": "Å",
}  # fmt: skip
_SPECIAL: Final = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L)(?![a-zA-Z])\s*(?:\{\})?")
_TYPED: Final = {
    "\u00a7": r"\S", "\u00b6": r"\P",
    "\u2013": "--", "\u2014": "---", "\u2018": "`", "\u2019": "'", "\u201c": "``", "\u201d": "''", "\u2026": "...",
    "\u3001": ", ", "\u3002": ". ", "\uff0c": ", ", "\uff1b": "; ", "\uff1a": ": ", "\uff1f": "? ", "\uff01": "! ",
    "\u00a0": " ", "\u2011": "-", "\u2010": "-", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_", "{": "", "}": "",
}  # fmt: skip
_PRINTED: Final = {"~": " ", r"\S": "\u00a7", r"\P": "\u00b6"}
_PIECE: Final = re.compile(r"\[\u2026\]|\\[%&#_${}]|\\[SP](?![a-zA-Z])|\s+|~|.", re.DOTALL)
_IN_FORMULA: Final = re.compile(r"\$((?:[^$\\]|\\.)+)\$", re.DOTALL)
_OTHER_SCRIPTS: Final = re.compile(r"[\u0590-\u1cff\u2e80-\ud7ff\uf900-\ufdff\ufe30-\uffef]")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_LOOKALIKES: Final = dict(
    zip(
        "ABCEHKMOPTXYaceopxykrnu",
        "\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425\u0423\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u043a\u0433\u043f\u0438",
        strict=True,
    )
)
"""Latin letters and the Cyrillic ones that look the same, upright or in italics."""
_WITHIN_GAP: Final = frozenset("~.,;:?!")
_CLOSING: Final = frozenset(".,;:?!)]")
_NUMBER: Final = r"(?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,3}){0,2}[a-z]?'?"
_NUMBER_IN_BRACKETS: Final = re.compile(rf"\({_NUMBER}\)|\[{_NUMBER}\]")
_PLAIN_FORMULA: Final = frozenset(string.digits + ".,;:!?()[]")


def is_prose(tokens: Sequence[str]) -> bool:
    r"""Say whether tokens are a line of words."""
    return bool(tokens) and tokens[0] == WORDS


def split_number(tokens: Sequence[str]) -> tuple[list[str], str | None]:
    r"""Take the equation number, `\tag { 3 . 1 4 }` at the end, from a formula's tokens.

    Returns:
        The formula's own tokens, and the number as it is written; None where there is none.
    """
    if TAG not in tokens:
        return list(tokens), None
    start = tokens.index(TAG)
    return list(tokens[:start]), "".join(token for token in tokens[start + 1 :] if token not in {"{", "}"}) or None


def prose_tokens(text: str) -> list[str]:
    r"""Return the tokens of a line of words.

    Args:
        text: Plain text with its formulas between two `$`; accents as characters or in TeX's spelling.

    Raises:
        LatexError: A formula is malformed, or a character has no token.
    """
    tokens = [WORDS]
    end = 0
    for match in _IN_FORMULA.finditer(text):
        if text[: match.start()].endswith("\\"):
            continue
        _add_words(text[end : match.start()], tokens, end)
        _add_formula(normalise(match[1]), tokens)
        end = match.end()
    _add_words(text[end:], tokens, end)
    while tokens[-1] == "~":
        tokens.pop()
    return tokens


def format_prose(tokens: Sequence[str]) -> str:
    """Return what people type for a line of words: plain text with `$…$`, accents as characters."""
    pieces: list[str] = []
    formula: list[str] | None = None
    for token in tokens[1:]:
        if token == DOLLAR:
            if formula is not None:
                pieces.append(f"${format_latex(formula)}$")
            formula = [] if formula is None else None
        elif formula is not None:
            formula.append(token)
        else:
            pieces.append(_PRINTED.get(token, token))
    if formula:
        pieces.append(f"${format_latex(formula)}$")
    return "".join(pieces).rstrip(" ")  # a line that was cut short may end with a blank


def is_foreign_word(token: str) -> bool:
    """Say whether a token has characters that neither formulas nor lines of words have."""
    return not token.isascii() and token != GAP and token not in FOREIGN_LETTERS


def canonical(tokens: Sequence[str]) -> list[str]:
    r"""Return what a network wrote in canonical form: a formula, one with its number, or a line of words.

    Raises:
        LatexError: A formula of it is malformed.
    """
    if is_of_another_script(tokens):
        return list(tokens)
    if is_prose(tokens):
        return _canonical_prose(tokens)
    own, number = split_number(tokens)
    written = normalise(join_tokens(own))
    return [*written, *tokens[len(own) :]] if number is not None else _with_tag(written)


def is_of_another_script(tokens: Sequence[str]) -> bool:
    """Say whether there are words that no formula has, such as Chinese ones: labels cut by longest match are no LaTeX.

    Such a reading stays as it was written, and is copied as text.
    """
    return any(is_foreign_word(token) for token in tokens)


def _with_tag(formula: list[str]) -> list[str]:
    """Take a number in brackets at either end, a wide gap between, for the number of the equation."""
    if r"\quad" not in formula:
        return formula
    first, last = formula.index(r"\quad"), len(formula) - 1 - formula[::-1].index(r"\quad")
    for number, own in ((formula[last + 1 :], formula[:last]), (formula[:first], formula[first + 1 :])):
        upright = [token for token in number if token not in {r"\mathrm", "{", "}"}]
        if own and _NUMBER_IN_BRACKETS.fullmatch("".join(upright)):
            return [*own, TAG, "{", *upright[1:-1], "}"]
    return formula


def format_reading(tokens: Sequence[str]) -> str:
    """Return what people type for canonical tokens of any kind; an equation number is left out."""
    if is_of_another_script(tokens):
        return join_tokens(tokens)
    return format_prose(tokens) if is_prose(tokens) else format_latex(split_number(tokens)[0])


def _canonical_prose(tokens: Sequence[str]) -> list[str]:
    """Bring each formula of a line of words into canonical form, and close one that was cut short."""
    result: list[str] = []
    formula: list[str] | None = None
    for token in [*tokens, DOLLAR] if tokens.count(DOLLAR) % 2 else tokens:
        if token == DOLLAR and formula is not None:
            _add_formula(normalise(join_tokens(formula)), result)
            formula = None
        elif token == DOLLAR:
            formula = []
        else:
            (result if formula is None else formula).append(token)
    return _in_one_script(result)


def _in_one_script(tokens: list[str]) -> list[str]:
    """Write Cyrillic letters for the Latin ones that look like them, in words that have both.

    The first letters of a line tell little of its script, and the network takes them for Latin ones now and then.
    """
    result: list[str] = []
    is_formula = False
    for is_word, part in groupby(tokens, lambda token: len(token) == 1 and token.isalpha()):
        letters = list(part)
        if is_word and not is_formula and any(_CYRILLIC.match(letter) for letter in letters):
            alike = [_LOOKALIKES.get(letter, letter) for letter in letters]
            letters = alike if all(_CYRILLIC.match(letter) for letter in alike) else letters
        result += letters
        is_formula ^= letters.count(DOLLAR) % 2 == 1
    return result


def _add_formula(formula: list[str], tokens: list[str]) -> None:
    """Add a formula between dollars; digits and punctuation look the same in words, so they stay among them."""
    if not formula:
        return
    _stand_apart_from_gap(formula[0], tokens)
    if _PLAIN_FORMULA.issuperset(formula):
        tokens += formula
    else:
        tokens += [DOLLAR, *formula, DOLLAR]


def _add_words(text: str, tokens: list[str], offset: int) -> None:
    plain = _SPECIAL.sub(lambda match: _SPECIAL_LETTERS[match[1]], text)
    plain = unicodedata.normalize("NFC", _ACCENTED.sub(_composed, plain))
    for match in _PIECE.finditer(plain):
        piece = match[0]
        if piece.isspace() or piece == "~":
            if tokens[-1] not in {"~", WORDS}:
                tokens.append("~")
        elif piece == GAP or (_OTHER_SCRIPTS.match(piece) and piece not in _TYPED):
            _add_gap(tokens)
        elif piece in PROSE_CHARACTERS:
            _stand_apart_from_gap(piece, tokens)
            tokens.append(piece)
        elif piece in _TYPED:
            _add_words(_TYPED[piece], tokens, offset) if piece != "\u00a0" else _add_words(" ", tokens, offset)
        else:
            raise LatexError(f"'{piece}' has no token in a line of words", offset + match.start())


def _add_gap(tokens: list[str]) -> None:
    """Add a gap, or let one before go on, over blanks and the punctuation between."""
    last = len(tokens) - 1
    while tokens[last] in _WITHIN_GAP:
        last -= 1
    if tokens[last] == GAP:
        del tokens[last + 1 :]
        return
    if tokens[-1] not in {"~", WORDS, "(", "["}:
        tokens.append("~")
    tokens.append(GAP)


def _stand_apart_from_gap(following: str, tokens: list[str]) -> None:
    if tokens[-1] == GAP and following not in _CLOSING:
        tokens.append("~")


def _composed(match: re.Match[str]) -> str:
    accent, letter = match[1] or match[2], (match[3] or match[4]).removeprefix("\\")
    return letter + _ACCENTS[accent]
