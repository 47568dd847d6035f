"""What is drawn more often, by source and font; and faults of JPEG, which must not move or wipe out the ink."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.training.dataset import FormulaImages, through_jpeg
from model.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("factors", "weight"),
    [({}, 1.0), ({"hepth": 3.0}, 1.0), ({"digits": 1.5}, 1.5), ({"digits": 1.5, "pillow": 2.0}, 3.0)],
)
def test_images_are_weighted_by_source_and_font(
    digits_folder: Path, digits_vocabulary: Path, factors: dict[str, float], weight: float
) -> None:
    data = FormulaImages([digits_folder], Vocabulary.load(digits_vocabulary), source_weights=factors)
    assert set(data.sizes.weights) == {weight}


def test_jpeg_leaves_the_ink_where_it_was(digits_folder: Path, digits_vocabulary: Path) -> None:
    """Labels and places of glyphs still hold: size and ink stay, nothing is as clean as before."""
    data = FormulaImages([digits_folder], Vocabulary.load(digits_vocabulary))
    for number in range(20):
        ink = data.packs[0].image(number)
        saved = through_jpeg(ink, np.random.default_rng(number))
        assert saved.shape == ink.shape
        assert (saved != ink).any()
        likeness = [np.corrcoef(saved.ravel(), np.roll(ink, x, axis=1).ravel())[0, 1] for x in (-1, 0, 1)]
        assert likeness[1] == max(likeness) > 0.5
