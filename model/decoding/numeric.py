"""A few functions of arrays that decoding needs and NumPy has not."""

from __future__ import annotations

import numpy as np

from model.engines.interface import FloatArray, IntArray


def log_softmax(logits: FloatArray) -> FloatArray:
    """Return log-probabilities for logits, over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    normalised: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return normalised


def largest(scores: FloatArray, count: int) -> tuple[FloatArray, IntArray]:
    """Return the largest scores of each row of (rows, columns), largest first, and their columns."""
    count = min(count, scores.shape[1])
    columns = np.argpartition(-scores, count - 1, axis=1)[:, :count]
    values = np.take_along_axis(scores, columns, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(values, order, axis=1), np.take_along_axis(columns, order, axis=1)
