"""Shows the network a formula that it has read, all tokens at once: what else each could be, and where it looked.

The formula is known by then, so one step over all of its tokens is enough, and decoding stays free of the bookkeeping.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.dimensions import MAXIMUM_TOKENS
from model.engines.interface import Engine, FloatArray
from model.vocabulary import BOS


def analyse(engine: Engine, image: FloatArray, token_ids: Sequence[int]) -> tuple[FloatArray, FloatArray]:
    """Show a formula to the network.

    Args:
        engine: Of the network.
        image: (height, width), ink in [0, 1].
        token_ids: Of the formula, without `<bos>` and `<eos>`.

    Returns:
        The logits from which each token was chosen, (tokens, vocabulary), and for each where the last layer of the
        decoder looked, the mean over its heads: (tokens, rows, columns), each map summing to 1.
    """
    count = min(len(token_ids), MAXIMUM_TOKENS)
    encoded = engine.encode([image])
    state = engine.start(encoded)
    # What the network makes after a token is what chooses the next.
    shown = [BOS, *token_ids][: max(count, 1)]
    output = engine.extend(np.array([shown]), state, attention=True)
    (rows, columns), places = encoded.grid(0)
    maps = np.zeros((count, rows * columns), np.float32)
    if output.attention is not None:
        maps[:, places] = output.attention[0, :count]
    return output.logits[0, :count], maps.reshape(count, rows, columns)
