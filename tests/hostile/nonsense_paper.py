"""What all images of nothing are drawn with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Numbers = np.random.Generator
Maker = Callable[[Numbers], Image.Image]

_DARK = ("black", "navy", "darkred", "dimgray", "darkgreen")
_COLOURS = (*_DARK, "teal", "orange", "royalblue", "crimson", "seagreen", "gold", "silver")


def draw_size(numbers: Numbers) -> tuple[int, int]:
    """Width and height, as people drag them."""
    return int(numbers.integers(50, 620)), int(numbers.integers(30, 320))


def draw_paper(numbers: Numbers) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """White paper, and what draws on it."""
    image = Image.new("RGB", draw_size(numbers), "white")
    return image, ImageDraw.Draw(image)


def draw_colour(numbers: Numbers) -> str:
    """One of a dozen names."""
    return str(numbers.choice(_COLOURS))


def draw_point(image: Image.Image, numbers: Numbers) -> tuple[float, float]:
    """A place in the image."""
    return float(numbers.uniform(0, image.width)), float(numbers.uniform(0, image.height))


def of_shades(shades: NDArray[np.floating | np.integer]) -> Image.Image:
    """An image of shades, (height, width) or with three colours, from 0 to 255."""
    return Image.fromarray(np.clip(shades, 0, 255).astype(np.uint8))
