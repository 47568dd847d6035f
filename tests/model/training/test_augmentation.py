"""Augmentation must degrade images and leave labels true: glyph places follow the ink, sizes stay within the canvas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from model.training.augmentation import augment
from model.training.dataset import FormulaImages, codes_and_fonts
from model.vocabulary import Vocabulary


def test_augmented_batches_stay_valid(digits_folder: Path, digits_vocabulary: Path) -> None:
    """Ink stays in [0, 1], sizes within the canvas, and glyph centres on ink, for many random draws."""
    data = FormulaImages([digits_folder], Vocabulary.load(digits_vocabulary))
    on_ink = []
    for seed in range(60):
        batch = data.batch(np.arange(12), np.random.default_rng(seed))
        changed = augment(batch, torch.Generator().manual_seed(seed), 10**6)
        height, width = changed.images.shape[2:]
        assert 0.0 <= float(changed.images.min()) <= float(changed.images.max()) <= 1.0
        assert int(changed.sizes[:, 0].max()) <= height + 1
        assert int(changed.sizes[:, 1].max()) <= width + 1
        around = torch.nn.functional.max_pool2d(changed.images, 5, stride=1, padding=2)
        x = changed.glyph_x.round().long().clamp(0, width - 1)
        y = changed.glyph_y.round().long().clamp(0, height - 1)
        on_ink.append(float((around[changed.glyph_images, 0, y, x] > 0.25).float().mean()))
    assert np.mean(on_ink) > 0.97


def test_the_same_seed_gives_the_same_batch(digits_folder: Path, digits_vocabulary: Path) -> None:
    """Exact resumption rests on this."""
    data = FormulaImages([digits_folder], Vocabulary.load(digits_vocabulary))
    first, again = (
        augment(data.batch(np.arange(8), np.random.default_rng(3)), torch.Generator().manual_seed(4), 10**6)
        for _ in range(2)
    )
    assert torch.equal(first.images, again.images)


def test_a_glyph_keeps_its_code_over_fonts() -> None:
    """What fonts share is the code; a rule has one of its own."""
    table = codes_and_fonts(["cmmi:97", "txmia:97", "rule"])
    assert table[0, 0] == table[1, 0] == 97
    assert table[0, 1] != table[1, 1]
    assert table[2, 0] == 256
