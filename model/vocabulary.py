"""The table between tokens and ids, made from the training split alone and stored as JSON.

An entry may also be a piece: several tokens that often stand together, with spaces between them, learned by byte-pair
encoding (Sennrich et al. 2016) over whole tokens. A network of such a table writes pieces; all around it is of tokens.
The hash names the exact table; weights carry it, so that weights and vocabulary of different runs are never mixed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

PAD, BOS, EOS, UNKNOWN = range(4)
SPECIAL_TOKENS = ("<pad>", "<bos>", "<eos>", "<unk>")

PIECE_SPACE = " "
"""Between the tokens of a piece; no token holds one."""


class VocabularyError(ValueError):
    """A vocabulary file that cannot be used."""


class Vocabulary:
    """An ordered list of tokens; a token's place in it is its id.

    Attributes:
        tokens: All entries, the four special ones first, and pieces behind the tokens that they are made of.
        parts: For each entry the ids of its tokens; of a token that is its own.
        hash: A digest of the tokens and their order.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = tuple(tokens)
        if not all(isinstance(token, str) for token in self.tokens):
            raise VocabularyError("A token of the vocabulary is no text.")
        self._ids = {token: token_id for token_id, token in enumerate(self.tokens)}
        if self.tokens[: len(SPECIAL_TOKENS)] != SPECIAL_TOKENS:
            raise VocabularyError(f"A vocabulary begins with {' '.join(SPECIAL_TOKENS)}.")
        if len(self._ids) != len(self.tokens):
            repeated, _ = Counter(self.tokens).most_common(1)[0]
            raise VocabularyError(f"The token {repeated!r} stands in the vocabulary twice.")
        self.parts = self._parts()
        self.has_pieces = any(len(part) > 1 for part in self.parts)
        self.hash = hashlib.sha256("\n".join(self.tokens).encode()).hexdigest()[:16]

    def __len__(self) -> int:
        return len(self.tokens)

    def _parts(self) -> tuple[tuple[int, ...], ...]:
        parts = []
        for token_id, token in enumerate(self.tokens):
            names = token.split(PIECE_SPACE) if PIECE_SPACE in token else [token]
            ids = tuple(self._ids.get(name, token_id) for name in names)
            if ids != (token_id,) and max(ids) >= token_id:
                raise VocabularyError(f"The piece {token!r} stands in the vocabulary before its tokens.")
            parts.append(ids)
        return tuple(parts)

    @property
    def kind(self) -> str:
        """How text is cut: `tokens`, or `pieces` of one or several tokens."""
        return "pieces" if self.has_pieces else "tokens"

    @classmethod
    def build(cls, token_lists: Iterable[Sequence[str]], minimum_count: int = 1) -> Vocabulary:
        """Makes the vocabulary of formulas: every token seen `minimum_count` times, the most frequent first."""
        counts: Counter[str] = Counter()
        for tokens in token_lists:
            counts.update(tokens)
        kept = [token for token, count in counts.items() if count >= minimum_count]
        return cls([*SPECIAL_TOKENS, *sorted(kept, key=lambda token: (-counts[token], token))])

    @classmethod
    def load(cls, path: Path | str) -> Vocabulary:
        """Reads a vocabulary that `save` wrote.

        Raises:
            VocabularyError: The file is no vocabulary, or was changed since it was written.
        """
        try:
            stored = json.loads(Path(path).read_text(encoding="utf-8"))
            tokens, digest = list(stored["tokens"]), stored["hash"]
            vocabulary = cls(tokens)
        except VocabularyError:
            raise
        except (ValueError, KeyError, TypeError, RecursionError, OSError) as error:
            raise VocabularyError(f"{path} is no vocabulary.") from error
        if vocabulary.hash != digest:
            raise VocabularyError(f"{path} was changed: its tokens do not match its hash.")
        return vocabulary

    def save(self, path: Path | str) -> None:
        """Writes the vocabulary as JSON."""
        stored = {"hash": self.hash, "tokens": self.tokens}
        Path(path).write_text(json.dumps(stored, ensure_ascii=False, indent=0) + "\n", encoding="utf-8", newline="\n")

    def ids(self, tokens: Iterable[str]) -> list[int]:
        """Returns the ids of tokens, one for each, `<unk>` for those it does not know."""
        return [self._ids.get(token, UNKNOWN) for token in tokens]

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """Returns what the network is taught to write for tokens: their ids, joined to pieces where there are any."""
        return self.joined(self.ids(tokens))

    def joined(self, token_ids: Sequence[int]) -> list[int]:
        """Returns ids of tokens as ids of pieces: of two neighbours those that were learned first join first."""
        pieces = list(token_ids)
        while self.has_pieces and len(pieces) > 1:
            names = (f"{self.tokens[one]}{PIECE_SPACE}{self.tokens[other]}" for one, other in pairwise(pieces))
            piece, place = min((self._ids.get(name, len(self)), place) for place, name in enumerate(names))
            if piece == len(self):
                break
            pieces[place : place + 2] = [piece]
        return pieces

    def parted(self, pieces: Iterable[int]) -> list[int]:
        """Returns ids of pieces as ids of their tokens."""
        return [token_id for piece in pieces for token_id in self.parts[piece]]

    def decode(self, token_ids: Iterable[int]) -> list[str]:
        """Returns the tokens of ids up to the first `<eos>`, without `<pad>` and `<bos>`."""
        tokens = []
        for token_id in token_ids:
            if token_id == EOS:
                break
            if token_id not in {PAD, BOS}:
                tokens += [self.tokens[part] for part in self.parts[token_id]]
        return tokens
