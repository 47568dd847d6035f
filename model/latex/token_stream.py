"""A cursor over the raw tokens of one formula, with errors that know where they are."""

from __future__ import annotations

from functools import cached_property

from model.latex.symbols import UNICODE
from model.latex.tokeniser import LatexError, token_spans, tokenise

END = ""


class TokenStream:
    """Reads tokens from left to right.

    Attributes:
        latex: The source.
        tokens: Its raw tokens and an empty one that marks the end.
        index: The token to be read next.
    """

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.tokens = [*tokenise(latex), END]
        if not latex.isascii():
            self.tokens = [UNICODE.get(token, token) for token in self.tokens]
        self.index = 0

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Start and end of each token in the source."""
        return [*token_spans(self.latex), (len(self.latex), len(self.latex))]

    @property
    def next(self) -> str:
        """The token to be read next; empty at the end."""
        return self.tokens[self.index]

    def accept(self, token: str) -> bool:
        """Steps over the next token if it is the one named."""
        if self.tokens[self.index] == token:
            self.index += 1
            return True
        return False

    def expect(self, token: str) -> None:
        """Steps over a token that must stand here."""
        if not self.accept(token):
            raise self.unexpected(f"'{token}'")

    def skip_group(self) -> None:
        """Steps over one token, or over a group whose content is no mathematics."""
        opening = self.index
        depth = 0
        while True:
            token = self.tokens[self.index]
            if token == END:
                raise self.error("an argument is missing or never closed", opening)
            self.index += 1
            depth += (token == "{") - (token == "}")
            if depth <= 0:
                return

    def error(self, cause: str, index: int | None = None) -> LatexError:
        """Makes the error for a token (the next one unless told)."""
        return LatexError(cause, self.spans[self.index if index is None else index][0])

    def unexpected(self, wanted: str = "") -> LatexError:
        """Makes the error for a token that stands where something else, or nothing, is needed."""
        found = f"'{self.next}'" if self.next else "the end"
        return self.error(f"{wanted} is missing before {found}" if wanted else f"unexpected {found}")
