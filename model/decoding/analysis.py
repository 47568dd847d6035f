"""Shows the network a formula that it has read, all tokens at once: what else each could be, and where it looked.

The formula is known by then, so one step over all of its tokens is enough, and decoding stays free of the bookkeeping.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.dimensions import CELL_HEIGHT, CELL_WIDTH, MAXIMUM_TOKENS
from model.engines.graph_engine import GraphEngine
from model.engines.interface import FloatArray
from model.vocabulary import BOS, Vocabulary


def analyse(
    engine: GraphEngine, image: FloatArray, token_ids: Sequence[int], vocabulary: Vocabulary
) -> tuple[FloatArray, FloatArray]:
    """Show a formula to the network.

    Args:
        engine: Of the network.
        image: (height, width), ink in [0, 1].
        token_ids: Of the formula's tokens, without `<bos>` and `<eos>`.
        vocabulary: Of the network.

    Returns:
        The logits from which each token was chosen, (tokens, vocabulary); the tokens of a piece, which were chosen
        together, have no others. And for each where the last layer of the
        decoder looked, the mean over its heads: (tokens, rows, columns), each map summing to 1, of cells of 8 x 8
        pixels, whatever the network's own are.
    """
    pieces = vocabulary.joined(token_ids)
    count = min(len(pieces), MAXIMUM_TOKENS)
    encoded = engine.encode([image])
    state = engine.start(encoded)
    # What the network makes after a token is what chooses the next.
    shown = [BOS, *pieces][: max(count, 1)]
    output = engine.extend(np.array([shown]), state, attention=True)
    (rows, columns), places = encoded.grid(0)
    maps = np.zeros((count, rows * columns), np.float32)
    if output.attention is not None:
        maps[:, places] = output.attention[0, :count]
    height, width = (-(-side // cell) for side, cell in zip(image.shape, (CELL_HEIGHT, CELL_WIDTH), strict=True))
    maps = _in_cells(maps.reshape(count, rows, columns), height, width)
    if not vocabulary.has_pieces:
        return output.logits[0, :count], maps
    lengths = [len(vocabulary.parts[piece]) for piece in pieces[:count]]
    logits = np.repeat(output.logits[0, :count], lengths, axis=0)
    for row, token_id in enumerate(token_ids[: len(logits)]):
        if np.repeat(lengths, lengths)[row] > 1:
            logits[row] = -np.inf
            logits[row, token_id] = 0.0
    return logits, np.repeat(maps, lengths, axis=0)


def _in_cells(maps: FloatArray, height: int, width: int) -> FloatArray:
    """Share maps (tokens, rows, columns) out over a grid of another shape, which covers the same image."""
    _, rows, columns = maps.shape
    if (rows, columns) == (height, width):
        return maps
    down, across = np.arange(height) * rows // height, np.arange(width) * columns // width
    finer: FloatArray = maps[:, down][:, :, across]
    finer /= np.maximum(finer.sum(axis=(1, 2), keepdims=True), np.finfo(np.float32).tiny)
    return finer
