"""Views of an image for test-time augmentation: a little larger or smaller, moved on the encoder's grid."""

from __future__ import annotations

import numpy as np

from model.decoding.decoded_formula import View
from model.engines.interface import FloatArray, IntArray


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
