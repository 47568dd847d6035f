"""Which images form which batch, as a pure function of seed and position, so that a killed run resumes exactly.

Images are drawn in chunks. A chunk is halved near the median of its width, height or count of tokens, whichever spreads
most, and so on until each part fits a budget of pixels and of tokens: the leaves of a k-d tree (Bentley 1975) are alike
in all three, so that little of a padded batch is padding. Noise on the sizes sees to it that the same images do not
always meet. Batches of like cost stand together, one for each process, and these groups are shuffled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

CHUNK = 16384
"""Images drawn and cut into batches at a time."""

_SOFTNESS = 0.04  # Standard deviation of the noise on the logarithm of a size.
_OUTLIERS = (5, 95)  # Percentiles between which a spread is taken.
_PIXELS_FOR_A_TOKEN = 400  # take as long, forward and back


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

    def of(self, images: np.ndarray) -> np.ndarray:
        """Return widths, heights and tokens with the end of the formula, (3, images)."""
        counts = self.token_counts[images] + 1
        return np.stack([self.widths[images], self.heights[images], counts]).astype(np.int64)


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
    chances = chances / chances.sum()
    # Without replacement those of a large weight would run out, and the others come in their stead.
    drawn = generator.choice(drawable, size=CHUNK, replace=CHUNK * chances.max() > 1, p=chances)
    drawn_sizes = sizes.of(drawn)
    noise = generator.normal(0.0, _SOFTNESS, size=(3, CHUNK))
    parts = list(_halved(np.arange(CHUNK), np.log(drawn_sizes) + noise, drawn_sizes, limits))
    parts.sort(key=lambda part: _cost(drawn_sizes[:, part]))
    batches = [drawn[part] for part in parts]
    whole = len(batches) - len(batches) % groups_of
    groups = [batches[start : start + groups_of] for start in range(0, whole, groups_of)]
    return [groups[index] for index in generator.permutation(len(groups))]


def cut_to_limits(sizes: ImageSizes, limits: BatchLimits) -> Iterator[np.ndarray]:
    """Cut all images into batches of like size, each once, in an order of its own."""
    everything = np.arange(len(sizes.widths))
    all_sizes = sizes.of(everything)
    yield from _halved(everything, np.log(all_sizes), all_sizes, limits)


def padding_share(batch: np.ndarray, sizes: ImageSizes) -> float:
    """Return the share of the padded batch's pixels that belong to no image."""
    widths, heights = sizes.widths[batch].astype(np.int64), sizes.heights[batch].astype(np.int64)
    return float(1.0 - (widths * heights).sum() / (widths.max() * heights.max() * len(batch)))


def _halved(part: np.ndarray, soft: np.ndarray, sizes: np.ndarray, limits: BatchLimits) -> Iterator[np.ndarray]:
    """Halve a part of a chunk until it holds the limits, and yield what comes out.

    Args:
        part: Numbers within the chunk.
        soft: (3, chunk), logarithms of widths, heights and token counts, with noise.
        sizes: (3, chunk), the sizes themselves.
        limits: Of one batch.
    """
    width, height, tokens = sizes[:, part].max(axis=1)
    count = len(part)
    fits = count <= limits.images and count * width * height <= limits.pixels and count * tokens <= limits.tokens
    if fits or count == 1:
        yield part
        return
    low, high = np.percentile(soft[:, part], _OUTLIERS, axis=1)
    ordered = part[np.argsort(soft[np.argmax(high - low), part], kind="stable")]
    # Where it is cut, each side makes whole batches if nothing but the number of images limits them.
    batches = max(2, -(-count // limits.images))
    cut = count * (batches // 2) // batches
    for half in (ordered[:cut], ordered[cut:]):
        yield from _halved(half, soft, sizes, limits)


def _cost(sizes: np.ndarray) -> int:
    """Return what a batch costs padded, in pixels, of (3, images)."""
    width, height, tokens = sizes.max(axis=1)
    return int(sizes.shape[1] * (width * height + tokens * _PIXELS_FOR_A_TOKEN))
