"""Groups images of like size, which are decoded together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_PIXELS_A_BATCH = 400_000
"""With more, what the decoder sees of the images no longer fits into a processor's cache: a tenth slower."""
_IMAGES_A_BATCH = 8
"""More are no quicker on a processor: they differ more in size, and those that are left wait for the longest."""
_PADDING = 1.3
"""A padded batch has at most this many times the pixels of its images."""


def group_by_size(images: Sequence[np.ndarray]) -> list[list[int]]:
    """Return the indices of the images in groups that fit together into one batch."""
    order = sorted(range(len(images)), key=lambda index: (images[index].shape[1] // 32, images[index].shape[0]))
    groups: list[list[int]] = []
    for index in order:
        if groups and _fits([images[member].shape for member in (*groups[-1], index)]):
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _fits(shapes: Sequence[tuple[int, ...]]) -> bool:
    height, width = max(shape[0] for shape in shapes), max(shape[1] for shape in shapes)
    padded = height * width * len(shapes)
    return (
        len(shapes) <= _IMAGES_A_BATCH
        and padded <= _PIXELS_A_BATCH
        and padded <= _PADDING * sum(shape[0] * shape[1] for shape in shapes)
    )
