"""Masks over pieces of several tokens: a piece may come next if its tokens may, one after the other.

What a piece closes was opened before it, so its mask depends on all that is open, where a token's depends on the
innermost frame alone. Each state that is met has its mask made by walking through all pieces, those that begin alike at
once; the masks used last are kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from model.engines.interface import FloatArray

if TYPE_CHECKING:
    from model.decoding.grammar import Grammar
    from model.decoding.grammar_state import GrammarState

_KEPT = 2_048
"""Masks kept: a byte for each piece, and many more than are in use at once."""

_PIECE = -1
"""The key of a piece's own id among the tokens that may follow in longer ones."""

_Node = dict[int, Any]


class PieceMasks:
    """The masks of one vocabulary with pieces.

    Args:
        grammar: Of its tokens.
        parts: For each entry of the vocabulary the ids of its tokens.
    """

    def __init__(self, grammar: Grammar, parts: Sequence[tuple[int, ...]]) -> None:
        self._grammar, self._size = grammar, len(parts)
        self._root: _Node = {}
        for piece, tokens in enumerate(parts):
            node = self._root
            for token in tokens:
                node = node.setdefault(token, {})
            node[_PIECE] = piece
        self._rows: OrderedDict[Hashable, int] = OrderedDict()
        self._masks: dict[int, np.ndarray] = {}
        self._made = 0
        self._adding = threading.Lock()

    def row_of(self, state: GrammarState) -> int:
        """Return the number of a state's mask; it holds until some thousand others were asked for."""
        key = state.key()
        with self._adding:  # Groups of images are read side by side.
            if key in self._rows:
                self._rows.move_to_end(key)
                return self._rows[key]
            mask = np.zeros(self._size, dtype=bool)
            self._walk(self._root, state, mask)
            row = self._made
            self._made += 1
            self._rows[key], self._masks[row] = row, mask
            if len(self._rows) > _KEPT:
                del self._masks[self._rows.popitem(last=False)[1]]
            return row

    def bias(self, rows: Sequence[int]) -> FloatArray:
        """Return (rows, vocabulary): zero for pieces that may come next, minus infinity for the others."""
        masks = np.stack([self._masks[row] for row in rows])
        return np.where(masks, np.float32(0), np.float32(-np.inf))

    def allows(self, row: int, piece: int) -> bool:
        """Say whether a piece may come next."""
        return bool(self._masks[row][piece])

    def _walk(self, node: _Node, state: GrammarState, mask: np.ndarray) -> None:
        """Allow the pieces that go on from a node of the tree, `state` being what its tokens have led to."""
        situation = state.situation()
        for token, longer in node.items():
            if token == _PIECE or not self._grammar.allows_token(situation, token):
                continue
            if _PIECE in longer:
                mask[longer[_PIECE]] = True
            if len(longer) > (_PIECE in longer):
                ahead = state.copy()
                ahead.advance(token)
                self._walk(longer, ahead, mask)
