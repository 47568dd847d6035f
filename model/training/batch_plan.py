"""Which images form which batch, as a pure function of seed and position, so that a killed run resumes exactly.

Images are drawn in chunks. A chunk is sorted by width, then height, with noise on both ("soft edges", so that the same
images do not always meet), and cut into batches that hold a budget of pixels and of tokens. Batches of like cost stand
together, one for each process, and these groups are shuffled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

CHUNK = 6144
"""Images drawn, sorted and cut into batches at a time."""

_WIDTH_STEP = math.log(1.12)  # Images within a step of width are sorted by height.
_SOFTNESS = 0.04  # Standard deviation of the noise on log width and height.


@dataclass(frozen=True)
class ImageSizes:
    """Sizes of all packed images of a data set, one row for each image.

    Attributes:
        widths, heights: In pixels.
        token_counts: Canonical tokens.
        weights: Relative chance to be drawn.
    """

    widths: np.ndarray
    heights: np.ndarray
    token_counts: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True)
class BatchLimits:
    """Pixels, tokens and images one padded batch may hold."""

    pixels: int
    tokens: int
    images: int


def curriculum_limit(curriculum: tuple[tuple[int, int], ...], images_seen: int) -> int | None:
    """Return the longest formula drawn after `images_seen` images, None when all are drawn."""
    for most_tokens, until in curriculum:
        if images_seen < until:
            return most_tokens
    return None


def plan_chunk(
    sizes: ImageSizes, limits: BatchLimits, *, most_tokens: int | None, groups_of: int, seed: tuple[int, int]
) -> list[list[np.ndarray]]:
    """Draw one chunk and cut it into batches.

    Args:
        sizes: Of every image that may be drawn.
        limits: Of one batch.
        most_tokens: Longest formula drawn, None for any.
        groups_of: Batches that run side by side, one for each process.
        seed: Run's seed and the chunk's number.

    Returns:
        Groups of `groups_of` batches, each an array of image indices.

    Raises:
        ValueError: No image may be drawn.
    """
    generator = np.random.default_rng(seed)
    drawable = np.arange(len(sizes.widths))
    if most_tokens is not None:
        drawable = drawable[sizes.token_counts <= most_tokens]
    if len(drawable) == 0:
        raise ValueError(f"No image has at most {most_tokens} tokens.")
    chances = sizes.weights[drawable]
    drawn = generator.choice(drawable, size=CHUNK, replace=len(drawable) < CHUNK, p=chances / chances.sum())
    noise = generator.normal(0.0, _SOFTNESS, size=(2, CHUNK))
    width_class = np.floor((np.log(sizes.widths[drawn]) + noise[0]) / _WIDTH_STEP)
    soft_height = np.log(sizes.heights[drawn]) + noise[1]
    # Every other class of width runs from tall to low, so that heights stay alike across the border.
    soft_height = np.where(width_class % 2 == 0, soft_height, -soft_height)
    batches = _cut(drawn[np.lexsort((soft_height, width_class))], sizes, limits)
    whole = len(batches) - len(batches) % groups_of
    groups = [batches[start : start + groups_of] for start in range(0, whole, groups_of)]
    return [groups[index] for index in generator.permutation(len(groups))]


def padding_share(batch: np.ndarray, sizes: ImageSizes) -> float:
    """Return the share of the padded batch's pixels that belong to no image."""
    widths, heights = sizes.widths[batch].astype(np.int64), sizes.heights[batch].astype(np.int64)
    return float(1.0 - (widths * heights).sum() / (widths.max() * heights.max() * len(batch)))


def _cut(ordered: np.ndarray, sizes: ImageSizes, limits: BatchLimits) -> list[np.ndarray]:
    """Cut a sorted sequence of images where the next one would break a limit."""
    batches: list[np.ndarray] = []
    start, width, height, tokens = 0, 0, 0, 0
    for end, image in enumerate(ordered):
        width = max(width, int(sizes.widths[image]))
        height = max(height, int(sizes.heights[image]))
        tokens = max(tokens, int(sizes.token_counts[image]) + 1)
        count = end - start + 1
        full = count > limits.images or count * width * height > limits.pixels or count * tokens > limits.tokens
        if full and count > 1:
            batches.append(ordered[start:end])
            start = end
            width, height = int(sizes.widths[image]), int(sizes.heights[image])
            tokens = int(sizes.token_counts[image]) + 1
    batches.append(ordered[start:])
    return batches
