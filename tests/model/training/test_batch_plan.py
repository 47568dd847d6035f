"""The batch plan decides speed (padding) and whether a killed run can resume exactly (purity)."""

from __future__ import annotations

import numpy as np
import pytest

from model.training.batch_plan import CHUNK, BatchLimits, ImageSizes, curriculum_limit, padding_share, plan_chunk

LIMITS = BatchLimits(pixels=400_000, tokens=1_800, images=96)


def corpus(count: int = 20_000) -> ImageSizes:
    """Sizes spread as in the formula corpus: log-normal lengths, some tall formulas."""
    generator = np.random.default_rng(5)
    tokens = np.clip(np.exp(generator.normal(3.0, 0.9, count)), 1, 220).astype(np.int32)
    widths = (12 + 5.5 * tokens * np.exp(generator.normal(0, 0.2, count))).astype(np.int32)
    heights = np.clip(20 * np.exp(np.abs(generator.normal(0, 0.5, count))), 14, 400).astype(np.int32)
    return ImageSizes(widths, heights, tokens, np.ones(count))


def plan(sizes: ImageSizes, chunk: int = 0, most_tokens: int | None = None) -> list[list[np.ndarray]]:
    return plan_chunk(sizes, LIMITS, most_tokens=most_tokens, groups_of=2, seed=(1, chunk))


def test_a_quarter_at_most_is_padding() -> None:
    """More would be time spent on nothing, by the encoder or by the decoder."""
    sizes = corpus()
    batches = [batch for group in plan(sizes) for batch in group]
    assert np.mean([padding_share(batch, sizes) for batch in batches]) < 0.25
    real = sum(int(sizes.token_counts[batch].sum()) for batch in batches)
    padded = sum(int(sizes.token_counts[batch].max()) * len(batch) for batch in batches)
    assert 1 - real / padded < 0.25


def test_batches_keep_their_budgets() -> None:
    """One batch too large would run a small machine out of memory."""
    sizes = corpus()
    for group in plan(sizes):
        assert len(group) == 2
        for batch in group:
            pixels = len(batch) * int(sizes.widths[batch].max()) * int(sizes.heights[batch].max())
            tokens = len(batch) * (int(sizes.token_counts[batch].max()) + 1)
            assert len(batch) == 1 or (pixels <= LIMITS.pixels and tokens <= LIMITS.tokens)
            assert len(batch) <= LIMITS.images


def test_a_chunk_is_the_same_every_time_and_another_chunk_is_not() -> None:
    """Resuming plans the chunk again and must meet the same batches."""
    sizes = corpus()
    first, again, other = plan(sizes), plan(sizes), plan(sizes, chunk=1)
    assert all(np.array_equal(a, b) for x, y in zip(first, again, strict=True) for a, b in zip(x, y, strict=True))
    assert not np.array_equal(np.sort(np.concatenate(first[0])), np.sort(np.concatenate(other[0])))


def test_nearly_every_drawn_image_is_used_once() -> None:
    """Only what does not fill the last group is left out."""
    used = np.concatenate([batch for group in plan(corpus()) for batch in group])
    assert len(np.unique(used)) == len(used)
    assert len(used) > 0.97 * CHUNK


def test_short_formulas_come_first() -> None:
    """The curriculum: without it nothing was read after 54,000 images."""
    curriculum = ((10, 40_000), (20, 100_000))
    assert [curriculum_limit(curriculum, seen) for seen in (0, 39_999, 40_000, 100_000)] == [10, 10, 20, None]
    sizes = corpus()
    used = np.concatenate([batch for group in plan(sizes, most_tokens=10) for batch in group])
    assert sizes.token_counts[used].max() <= 10


def test_sources_are_drawn_by_weight() -> None:
    """Rare sources can be drawn more often than they occur."""
    sizes = corpus()
    heavy = np.arange(len(sizes.widths)) < 1_000
    weighted = ImageSizes(sizes.widths, sizes.heights, sizes.token_counts, np.where(heavy, 5.0, 1.0))
    used = np.concatenate([batch for group in plan(weighted) for batch in group])
    assert (used < 1_000).mean() > 2 * 1_000 / len(sizes.widths)


def test_no_image_short_enough_is_an_error() -> None:
    """Never an endless loop over an empty plan."""
    with pytest.raises(ValueError, match="at most 0 tokens"):
        plan(corpus(), most_tokens=0)
