"""Images that hold nothing to read, of every kind that people cut out by mistake; none of them is from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image, ImageFilter

from tests.hostile.nonsense_drawings import DRAWINGS
from tests.hostile.nonsense_paper import Numbers
from tests.hostile.nonsense_textures import TEXTURES

MAKERS = (*TEXTURES, *DRAWINGS)


def nonsense_images(count: int, seed: int) -> Iterator[tuple[str, Image.Image]]:
    """Yield a kind and an image of it, the kinds in turn; the same for the same seed."""
    for number in range(count):
        maker = MAKERS[number % len(MAKERS)]
        numbers = np.random.default_rng((seed, number))
        yield f"{maker.__name__.strip('_')} {number}", _as_seen(maker(numbers), numbers)


def _as_seen(image: Image.Image, numbers: Numbers) -> Image.Image:
    """Give some of them dark paper, the marks of a JPEG, or a soft focus."""
    chance = numbers.random()
    if chance < 0.1:
        return Image.fromarray(255 - np.asarray(image.convert("RGB")))
    if chance < 0.25:
        buffer = BytesIO()
        image.convert("RGB").save(buffer, "JPEG", quality=int(numbers.integers(20, 80)))
        return Image.open(buffer)
    if chance < 0.3:
        return image.filter(ImageFilter.GaussianBlur(float(numbers.uniform(0.5, 1.5))))
    return image
