r"""What part each token of a vocabulary can play in a formula: symbol, command with arguments, bracket, script.

The classes follow the printer of canonical form, so what it prints is made of them; a token that it never prints (and
every special token but `<eos>`) belongs to no class and is never decoded. Nor does a piece of several tokens: each of
them has its own. Words that no formula has, such as Chinese ones of labels cut by longest match, stand as symbols do.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, auto

from model.latex import LatexError, join_tokens, normalise
from model.latex.nodes import Font
from model.latex.prose import DOLLAR, PROSE_CHARACTERS, TAG, WORDS, is_foreign_word
from model.latex.symbols import DIGITS, FOREIGN_LETTERS, LETTERS, SYMBOLS
from model.latex.text import TEXT_ONLY
from model.vocabulary import EOS, PIECE_SPACE, SPECIAL_TOKENS


class TokenClass(IntEnum):
    """The part a token plays where a formula may go on freely."""

    NONE = auto()
    END_OF_FORMULA = auto()
    SYMBOL = auto()
    QUAD = auto()
    OPEN = auto()
    CLOSE = auto()
    SUBSCRIPT = auto()
    PRIME = auto()
    SUPERSCRIPT = auto()
    ONE_ARGUMENT = auto()
    TWO_ARGUMENTS = auto()
    SCRIPT_AND_ARGUMENT = auto()
    OPTION_AND_ARGUMENT = auto()
    FONT = auto()
    TEXT = auto()
    SUBSTACK = auto()
    BEGIN = auto()
    END = auto()
    CELL_END = auto()
    ROW_END = auto()
    RULE = auto()
    WORDS = auto()
    DOLLAR = auto()
    TAG = auto()
    LETTER_OF_WORDS = auto()


_CLASS_OF = {
    **dict.fromkeys(SYMBOLS[Font.PLAIN], TokenClass.SYMBOL),
    r"\not": TokenClass.SYMBOL,
    r"\quad": TokenClass.QUAD,
    "{": TokenClass.OPEN,
    "}": TokenClass.CLOSE,
    "_": TokenClass.SUBSCRIPT,
    "'": TokenClass.PRIME,
    "^": TokenClass.SUPERSCRIPT,
    # Without a script there would be nothing to set above or below, and canonical form drops the command.
    **dict.fromkeys((r"\overset", r"\underset"), TokenClass.SCRIPT_AND_ARGUMENT),
    **dict.fromkeys((font.value for font in Font if font is not Font.PLAIN), TokenClass.FONT),
    r"\text": TokenClass.TEXT,
    r"\substack": TokenClass.SUBSTACK,
    "&": TokenClass.CELL_END,
    r"\\": TokenClass.ROW_END,
    r"\hline": TokenClass.RULE,
    WORDS: TokenClass.WORDS,
    DOLLAR: TokenClass.DOLLAR,
    TAG: TokenClass.TAG,
    **dict.fromkeys(FOREIGN_LETTERS, TokenClass.LETTER_OF_WORDS),
}
_ENVIRONMENTS = frozenset("aligned array Bmatrix bmatrix cases gathered matrix pmatrix vmatrix Vmatrix".split())
_TEXT_CHARACTERS = LETTERS | DIGITS | TEXT_ONLY | FOREIGN_LETTERS | {"~"}
_TAG_CHARACTERS = LETTERS | DIGITS | FOREIGN_LETTERS | frozenset("-'*.,/")


class TokenClasses:
    r"""The classes of one vocabulary's tokens.

    Attributes:
        tokens: The vocabulary's tokens; a token's place is its id.
        classes: The class of each token.
        ends: For the id of each `\begin{..}` that of its `\end{..}`.
        of_font: For the id of each font command (and `\text`) the ids of the characters that are set in it.
        columns: The ids of column letters and lines of an array.
        of_words: The ids of characters of a line of words, the space aside.
        of_tag: The ids of characters of an equation number.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = tuple(tokens)
        ids = {token: token_id for token_id, token in enumerate(tokens)}
        self.ends = {
            ids[begin]: ids[end]
            for name in _ENVIRONMENTS
            if (begin := rf"\begin{{{name}}}") in ids and (end := rf"\end{{{name}}}") in ids
        }
        ending = set(self.ends.values())
        self.classes = [
            TokenClass.BEGIN if token_id in self.ends else TokenClass.END if token_id in ending else _class_of(token)
            for token_id, token in enumerate(self.tokens)
        ]
        self.classes[EOS] = TokenClass.END_OF_FORMULA
        self.of_font = {
            token_id: frozenset(ids[character] for character in characters if character in ids)
            for token_id, token in enumerate(self.tokens)
            if (characters := _characters_of(token))
        }
        self.columns = frozenset(ids[column] for column in "lcr|" if column in ids)
        self.of_words = frozenset(ids[character] for character in PROSE_CHARACTERS if character in ids)
        self.of_tag = frozenset(ids[character] for character in _TAG_CHARACTERS if character in ids)

    def ids(self, *classes: TokenClass) -> frozenset[int]:
        """Return the ids of all tokens of these classes."""
        return frozenset(token_id for token_id, its_class in enumerate(self.classes) if its_class in classes)

    def id_of(self, token: str) -> int:
        """Return the id of a token, -1 where the vocabulary has none."""
        return self.tokens.index(token) if token in self.tokens else -1


# What may follow a command; canonical form keeps the two together as they are if the command takes it.
_ARGUMENTS = {
    TokenClass.OPTION_AND_ARGUMENT: r"[ x ] { \frac { x } { y } }",
    TokenClass.TWO_ARGUMENTS: r"{ \frac { x } { y } } { x }",
    TokenClass.ONE_ARGUMENT: r"{ \frac { x } { y } }",
}


def _class_of(token: str) -> TokenClass:
    if token in _CLASS_OF:
        return _CLASS_OF[token]
    if token in SPECIAL_TOKENS or PIECE_SPACE in token:
        return TokenClass.NONE
    if is_foreign_word(token):
        return TokenClass.SYMBOL
    if not token.startswith("\\") or token.startswith((r"\begin", r"\end")):
        return TokenClass.NONE
    for its_class, arguments in _ARGUMENTS.items():
        if _is_canonical([token, *arguments.split(" ")]):
            return its_class
    return TokenClass.NONE


def _is_canonical(tokens: list[str]) -> bool:
    try:
        return normalise(join_tokens(tokens)) == tokens
    except LatexError:
        return False


def _characters_of(token: str) -> frozenset[str]:
    """Return the characters that stay in the font a command selects, none for any other command."""
    if token == r"\text":
        return _TEXT_CHARACTERS
    font = next((font for font in Font if font is not Font.PLAIN and font.value == token), None)
    if font is None:
        return frozenset()
    kept = {raw for raw, symbol in SYMBOLS[font].items() if symbol.font is font and symbol.token == raw}
    return frozenset(kept | DIGITS) if font is Font.UPRIGHT else frozenset(kept)
