"""Decides which formulas are fit to learn from, and says why the others are not.

A rejected formula carries its reason and, from the parser, the exact cause: nothing is dropped silently.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from model.latex import LatexError, normalise, tokenise

MAXIMUM_TOKENS = 220
# Longer source than this never comes down to MAXIMUM_TOKENS; it is not worth parsing.
_MAXIMUM_CHARACTERS = 10_000

# What labelling services answer instead of a formula, letters only.
_SERVICE_ERROR = re.compile(
    r"error(mathpix|code)?\d*|(no)?(content|math|text|formula|equation)(was)?(not)?found(inimage)?|imagetoo(small|large)"
    r"|(image|request)(timeout|notsupported|failed)|serviceunavailable"
)
# What a table leaves where a label is missing; `\mathrm{null}` and `Nan` can be formulas.
_MISSING_LABELS = frozenset({"nan", "NaN", "null", "None", "NULL"})
_TEXT_COMMANDS = re.compile(
    r"\\(?:text(?:rm|bf|it|normal)?|math(?:rm|bf|it|sf|tt)|mbox|hbox|operatorname|rm|quad)(?![A-Za-z])"
)
_NOT_A_LETTER_OR_DIGIT = re.compile(r"[\s{}\\~,:;.!_-]+")
# Scripts a formula may use; letters of any other (Cyrillic, Han, Kana, Arabic, ...) cannot be in the vocabulary.
_KNOWN_SCRIPTS = ("LATIN", "GREEK", "MATHEMATICAL", "MODIFIER LETTER", "MICRO SIGN", "DOUBLE-STRUCK", "BLACK-LETTER")
_LETTERLIKE_SYMBOLS = range(0x2100, 0x2150)


class DropReason(StrEnum):
    """Why a formula is left out."""

    EMPTY = "empty"
    UNBALANCED = "unbalanced"
    UNKNOWN_COMMAND = "unknown command"
    FOREIGN_SCRIPT = "text in another script"
    SERVICE_ERROR = "error label of a labelling service"
    OVER_LONG = "over-long"
    UNPARSABLE = "unparsable"
    DUPLICATE = "duplicate"
    HELD_OUT = "in a validation-only file"
    RARE_TOKEN = "rare token"


@dataclass(frozen=True)
class Rejection:
    """A formula that is left out: why, and what the parser said."""

    reason: DropReason
    cause: str = ""


def check(latex: str, *, maximum_tokens: int = MAXIMUM_TOKENS) -> list[str] | Rejection:
    """Returns the canonical tokens of a formula, or why it is left out."""
    if not latex.strip():
        return Rejection(DropReason.EMPTY)
    if (letter := _foreign_letter(latex)) is not None:
        return Rejection(DropReason.FOREIGN_SCRIPT, f"'{letter}'")
    if is_service_error(latex):
        return Rejection(DropReason.SERVICE_ERROR)
    if len(latex) > _MAXIMUM_CHARACTERS:
        return Rejection(DropReason.OVER_LONG, f"{len(latex)} characters")
    try:
        tokens = normalise(latex)
    except LatexError as error:
        return Rejection(_reason_of(error, latex), str(error))
    if not any(token not in _INVISIBLE for token in tokens):
        return Rejection(DropReason.EMPTY, "nothing visible")
    if len(tokens) > maximum_tokens:
        return Rejection(DropReason.OVER_LONG, f"{len(tokens)} tokens")
    return tokens


def is_service_error(latex: str) -> bool:
    """Tells whether a label is the error message of the service that was to write it."""
    if latex.strip() in _MISSING_LABELS:
        return True
    letters = _NOT_A_LETTER_OR_DIGIT.sub("", _TEXT_COMMANDS.sub("", latex)).lower()
    return _SERVICE_ERROR.fullmatch(letters) is not None


def is_balanced(latex: str) -> bool:
    r"""Tells whether braces, environments and `\left` `\right` pair up and nest."""
    open_ends: list[str] = []
    for token in tokenise(latex):
        if token == "{":
            open_ends.append("}")
        elif token.startswith(r"\begin{"):
            open_ends.append(rf"\end{token.removeprefix(chr(92) + 'begin')}")
        elif token == r"\left":
            open_ends.append(r"\right")
        elif (token in {"}", r"\right"} or token.startswith(r"\end{")) and (not open_ends or open_ends.pop() != token):
            return False
    return not open_ends


_INVISIBLE = frozenset({"{", "}", "_", "^", "~", "&", r"\\", r"\quad"})


def _reason_of(error: LatexError, latex: str) -> DropReason:
    if not is_balanced(latex):
        return DropReason.UNBALANCED
    if error.cause.startswith("unknown"):
        return DropReason.UNKNOWN_COMMAND
    return DropReason.UNPARSABLE


def _foreign_letter(latex: str) -> str | None:
    if latex.isascii():
        return None
    return next((character for character in latex if _is_foreign(character)), None)


@lru_cache(maxsize=4096)
def _is_foreign(character: str) -> bool:
    if character.isascii() or ord(character) in _LETTERLIKE_SYMBOLS:
        return False
    name = unicodedata.name(character, "")
    if name.startswith(("IDEOGRAPHIC", "FULLWIDTH", "CJK")):
        return True
    return character.isalpha() and not name.startswith(_KNOWN_SCRIPTS)
