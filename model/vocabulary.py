"""The table between tokens and ids, made from the training split alone and stored as JSON.

The hash names the exact table; weights carry it, so that weights and vocabulary of different runs are never mixed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

PAD, BOS, EOS, UNKNOWN = range(4)
SPECIAL_TOKENS = ("<pad>", "<bos>", "<eos>", "<unk>")


class VocabularyError(ValueError):
    """A vocabulary file that cannot be used."""


class Vocabulary:
    """An ordered list of tokens; a token's place in it is its id.

    Attributes:
        tokens: All tokens, the four special ones first.
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
        self.hash = hashlib.sha256("\n".join(self.tokens).encode()).hexdigest()[:16]

    def __len__(self) -> int:
        return len(self.tokens)

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

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """Returns the ids of tokens, `<unk>` for those it does not know."""
        return [self._ids.get(token, UNKNOWN) for token in tokens]

    def decode(self, token_ids: Iterable[int]) -> list[str]:
        """Returns the tokens of ids up to the first `<eos>`, without `<pad>` and `<bos>`."""
        tokens = []
        for token_id in token_ids:
            if token_id == EOS:
                break
            if token_id not in {PAD, BOS}:
                tokens.append(self.tokens[token_id])
        return tokens
