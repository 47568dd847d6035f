"""A small set of packed images that needs no TeX: digits drawn by Pillow, with their places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from model.data_preparation.packed_images import PackedFormula, write_shard
from model.vocabulary import Vocabulary

COLUMN = 9  # Pixels from one digit to the next.


def _formulas(count: int, seed: int) -> Iterator[PackedFormula]:
    generator = np.random.default_rng(seed)
    font = ImageFont.load_default(size=13)
    for _ in range(count):
        digits = [str(digit) for digit in generator.integers(0, 10, size=generator.integers(1, 8))]
        image = Image.new("L", (8 + COLUMN * len(digits), 24), 0)
        for column, digit in enumerate(digits):
            ImageDraw.Draw(image).text((4 + COLUMN * column, 4), digit, fill=255, font=font)
        yield PackedFormula(
            image=np.asarray(image),
            glyphs=[(f"cmr:{48 + int(d)}", 8.0 + COLUMN * column, 12.0) for column, d in enumerate(digits)],
            details={
                "tokens": " ".join(digits),
                "source": "digits",
                "font": "pillow",
                "size_pt": 10,
                "dpi": 100,
                "style": "text",
                "hash": "".join(digits),
            },
        )


@pytest.fixture(scope="session")
def digits_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 1,500 packed pictures of digit strings, in two shards."""
    folder = tmp_path_factory.mktemp("digits")
    for shard in range(2):
        write_shard(folder, shard, _formulas(750, seed=shard), summary={})
    return folder


@pytest.fixture(scope="session")
def few_digits_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dozen pictures to validate on: an untrained network decodes up to the length limit, which takes its time."""
    folder = tmp_path_factory.mktemp("few-digits")
    write_shard(folder, 0, _formulas(12, seed=9), summary={})
    return folder


@pytest.fixture(scope="session")
def digits_vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The vocabulary of those pictures."""
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.json"
    Vocabulary.build([[str(digit)] for digit in range(10)]).save(path)
    return path
