"""What screens and documents do to a formula: dark mode, coloured paper, JPEG, blur, neighbours cut at the edge.

Each takes a clean image, black on white, its digits 12 pixels high, and gives back what the user would have
snipped instead.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from model.image_transform import locate, to_grey_ink

_DARK = (((30, 30, 30), (212, 212, 212)), ((13, 17, 23), (230, 237, 243)), ((0, 43, 54), (147, 161, 161)))
_COLOURED = (((250, 240, 210), (60, 40, 20)), ((222, 235, 250), (20, 40, 110)), ((200, 230, 200), (110, 20, 30)))
_JPEG_QUALITY = 40
_BLUR_RADIUS = 1.0  # Pixels, the standard deviation: a scaled image or a soft photograph.
_EDGE_GAP, _EDGE_SLICE = 11, 4  # Pixels: from the ink to the neighbour, and what is seen of it.

Degradation = Callable[[Image.Image, random.Random, Sequence[Image.Image]], Image.Image]
"""From a clean grey image, random numbers of its own, and other images of the same text height."""


def dark_mode(image: Image.Image, generator: random.Random, _: Sequence[Image.Image]) -> Image.Image:
    """Light ink on dark paper, in the colours of editors and pages."""
    return _coloured(image, *generator.choice(_DARK))


def coloured_paper(image: Image.Image, generator: random.Random, _: Sequence[Image.Image]) -> Image.Image:
    """Coloured ink on coloured paper."""
    return _coloured(image, *generator.choice(_COLOURED))


def jpeg(image: Image.Image, _: random.Random, __: Sequence[Image.Image]) -> Image.Image:
    """What JPEG of quality 40 leaves."""
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return Image.open(io.BytesIO(buffer.getvalue())).copy()


def blur(image: Image.Image, _: random.Random, __: Sequence[Image.Image]) -> Image.Image:
    """A blurred image."""
    return image.filter(ImageFilter.GaussianBlur(_BLUR_RADIUS))


def cut_neighbours(image: Image.Image, generator: random.Random, others: Sequence[Image.Image]) -> Image.Image:
    """Slices of other formulas at two of the edges, as a rectangle dragged too far holds them."""
    formula = _ink_of(image)
    border, seen = _EDGE_GAP + _EDGE_SLICE, _EDGE_SLICE
    page = Image.new("L", (formula.width + 2 * border, formula.height + 2 * border), 255)
    page.paste(formula, (border, border))
    for edge in generator.sample(("left", "right", "above", "below"), 2):
        neighbour = _ink_of(generator.choice(others))
        middle_x, middle_y = (page.width - neighbour.width) // 2, (page.height - neighbour.height) // 2
        corner = {
            "left": (seen - neighbour.width, middle_y),
            "right": (page.width - seen, middle_y),
            "above": (middle_x, seen - neighbour.height),
            "below": (middle_x, page.height - seen),
        }[edge]
        page.paste(neighbour, corner)
    return page


DEGRADATIONS: Final[dict[str, Degradation]] = {
    "dark": dark_mode,
    "coloured": coloured_paper,
    "jpeg": jpeg,
    "blur": blur,
    "neighbours": cut_neighbours,
}


def _coloured(image: Image.Image, paper: tuple[int, int, int], ink: tuple[int, int, int]) -> Image.Image:
    share = (255.0 - np.asarray(image.convert("L"), dtype=np.float32)[:, :, None]) / 255.0
    colours = np.array(paper) * (1.0 - share) + np.array(ink) * share
    return Image.fromarray(np.rint(colours).astype(np.uint8))


def _ink_of(image: Image.Image) -> Image.Image:
    """Crop an image to its ink: the gap is counted from there, and a slice of a neighbour holds some."""
    placement = locate(to_grey_ink(image))
    return image.convert("L").crop((placement.left, placement.top, placement.right, placement.bottom))
