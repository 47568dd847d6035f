"""Views of an image for test-time augmentation: a little larger or smaller, moved on the encoder's grid.

Encoding them takes longest. Where there is a core to spare it begins as soon as the first reading comes upon a token
that it is unsure of, and is mostly done when that reading is.
"""

from __future__ import annotations

import math
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from model.decoding.decoded_formula import DecodedFormula, DecodingOptions, View
from model.engines.graph_engine import EncodedImages, GraphEngine
from model.engines.interface import FloatArray, IntArray

# Of all views together: more than one further view helps small images, and costs much only where they are large.
_PIXELS_OF_VIEWS = 100_000


class FurtherViews:
    """The further views of one image, encoded when they are wanted."""

    def __init__(self, engine: GraphEngine, image: FloatArray, options: DecodingOptions) -> None:
        self._engine, self._image = engine, image
        self._views = options.views[: max(1, _PIXELS_OF_VIEWS // image.size - 1)] if options.beam_size == 1 else ()
        is_large = image.size > _PIXELS_OF_VIEWS // 2
        self._retry_below = options.retry_large_below if is_large else options.retry_below
        self._encoding: Future[list[EncodedImages]] | None = None

    def are_wanted(self, first: DecodedFormula) -> bool:
        """Say whether a first reading is so unsure that the image is to be read again."""
        return bool(self._views) and first.least_probability < self._retry_below

    def watch(self, log_probability: float) -> None:
        """Begin to encode the views if a token of this log-probability, of the first reading, makes them wanted."""
        is_unsure = bool(self._views) and math.exp(log_probability) < self._retry_below
        if is_unsure and self._encoding is None and self._engine.reads_side_by_side > 1:
            with_one_thread = ThreadPoolExecutor(1)
            self._encoding = with_one_thread.submit(self._encode)
            with_one_thread.shutdown(wait=False)

    def joined_with(self, encoded: EncodedImages) -> EncodedImages:
        """Return the image, encoded already, and its views."""
        return encoded.joined(self._encode() if self._encoding is None else self._encoding.result())

    def _encode(self) -> list[EncodedImages]:
        return [self._engine.encode([view_of(self._image, view) for view in self._views])]


def view_of(image: FloatArray, view: View) -> FloatArray:
    """Return the image (height, width) in a view."""
    if view.scale != 1.0:
        image = np.clip(_resized(_resized(image, view.scale).T, view.scale).T, 0.0, 1.0)
    return np.ascontiguousarray(np.pad(image, ((view.shift, 0), (view.shift, 0))))


def _resized(image: FloatArray, scale: float) -> FloatArray:
    """Scale the height of an image by cubic convolution (Keys 1981), without aliasing."""
    columns, weights = _taps(len(image), scale)
    resized: FloatArray = np.einsum("rt,rtw->rw", weights, image[columns], optimize=True)
    return resized


def _taps(length: int, scale: float) -> tuple[IntArray, FloatArray]:
    """Return for each pixel of a scaled row the pixels that it is made of, and how much of each: (pixels, taps)."""
    sharpness = -0.75 if scale > 1 else -0.5
    wideness = max(1.0, 1.0 / scale)  # a smaller image is made with a wider kernel
    centres = (np.arange(int(length * scale)) + 0.5) / scale - 0.5
    reach = int(np.ceil(2.0 * wideness))
    taps = np.floor(centres).astype(np.int64)[:, None] + np.arange(1 - reach, reach + 1)
    weights = _cubic(np.abs(taps - centres[:, None]) / wideness, sharpness)
    if scale < 1:
        weights = np.where((taps >= 0) & (taps < length), weights, 0.0)
        weights /= weights.sum(axis=1, keepdims=True)
    return np.clip(taps, 0, length - 1), weights.astype(np.float32)


def _cubic(distances: np.ndarray, sharpness: float) -> np.ndarray:
    """Return the cubic kernel at distances from its centre."""
    near = ((sharpness + 2) * distances - (sharpness + 3)) * distances * distances + 1
    far = ((distances - 5) * distances + 8) * distances * sharpness - 4 * sharpness
    return np.where(distances <= 1, near, np.where(distances < 2, far, 0.0))
