"""What can be reached without looking at an image: a figure that says how much of the others is reading."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from model import metrics
from model.data_preparation.packed_images import PackedImages

_CANDIDATES = 500


class BlindReading(NamedTuple):
    """The same formula for each image.

    Attributes:
        tokens: Of the formula.
        edit_similarity: To the formulas of the images.
    """

    tokens: list[str]
    edit_similarity: float


def best_blind_reading(training: Path, images: Path, shown: list[int]) -> BlindReading:
    """Return of some formulas of training the one that is most like those of the test images.

    Args:
        training: Packed images that were trained on.
        images: Packed images that were read.
        shown: Numbers of those that were.
    """
    pack, test = PackedImages(training), PackedImages(images)
    references = [test.tokens(number) for number in shown]
    readings = (pack.tokens(number) for number in range(min(len(pack), _CANDIDATES)))
    blind = (BlindReading(one, metrics.edit_similarity(references, [one] * len(references))) for one in readings)
    return max(blind, key=lambda one: one.edit_similarity)
