"""What is drawn more often: an image counts by its source and by its font."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.training.dataset import FormulaImages
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
