"""What all systems of a comparison share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Bench:
    """What all systems share.

    Attributes:
        data: Images and vocabulary.
        out: Where each system has a folder.
        seconds: Of processor time for each.
        device: For training; with `cuda` sizes are the full ones.
        test_images: How many are read in the end.
        validation_images: Of each validation.
        validate_every: Steps between two.
    """

    data: Path
    out: Path
    seconds: float
    device: str = "cpu"
    test_images: int = 500
    validation_images: int = 120
    validate_every: int = 200

    @property
    def vocabulary(self) -> Path:
        """The tokens that all systems write."""
        return self.data / "dataset" / "vocabulary.json"

    def images(self, split: str) -> Path:
        """Return the images of a split."""
        return self.data / "images" / split
