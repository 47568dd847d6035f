"""What screens, readers, scanners and cameras do to a crop: paper, dark mode, marks of a reader, scans, photographs."""

from __future__ import annotations

import io
import math
import random
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Grey = NDArray[np.uint8]
"""(height, width), black on white unless said otherwise."""

KINDS: Final[dict[str, float]] = {
    "clean": 40, "dark": 8, "paper": 9, "highlight": 5, "annotation": 4, "watermark": 2, "scan": 15, "photo": 9,
    "jpeg": 5, "blur": 3,
}  # fmt: skip
"""Shares of the degradations."""


_LEAST_SCANNED: Final = 11.0
_ARROW: Final = ((0, 0), (0, 16), (4, 12), (6.5, 18), (9, 17), (6.5, 11), (12, 11))
_INK: Final = 160
_PLACES: Final = 4
_LEAST_IN_SCANNER: Final = 20.0
"""Height of a digit of 10 points in pixels, at 220 dots an inch."""
_LEAST_MOST_SPREAD: Final = (0.01, 0.05)
"""Of the ink of metal type beyond its edges, in heights of a digit."""
_COPIES_OF_COPIES: Final = 0.15
"""Share of scans with heavy grain."""


def degrade(image: Grey, kind: str, generator: random.Random, *, digit_height: float = 16.0) -> Grey:
    """Return a crop as it comes from a screen, a reader, a scanner or a camera.

    Args:
        image: Black on white.
        kind: A key of `KINDS`.
        generator: Source of every random number.
        digit_height: Of the text, in pixels: how far ink spreads on paper goes by it.
    """
    if kind == "scan":
        return _scan(image, generator, digit_height)
    return _DEGRADATIONS[kind](image, generator)


def draw_kind(generator: random.Random, digit_height: float) -> str:
    """Draw a kind by its share; nobody scans or photographs text of `digit_height` pixels that is too small to read."""
    kind = generator.choices(list(KINDS), list(KINDS.values()))[0]
    return "clean" if kind in {"scan", "photo", "blur"} and not is_scanned(digit_height) else kind


def is_scanned(digit_height: float) -> bool:
    """Say whether text whose digits are so many pixels high is large enough to be scanned or photographed."""
    return digit_height >= _LEAST_SCANNED


def _clean(image: Grey, _generator: random.Random) -> Grey:
    return image


def _dark(image: Grey, generator: random.Random) -> Grey:
    paper, ink = generator.randint(0, 60), generator.randint(170, 255)
    return _between(image, paper, ink)


def _paper(image: Grey, generator: random.Random) -> Grey:
    return _between(image, generator.randint(190, 252), generator.randint(0, 90))


def _between(image: Grey, paper: int, ink: int) -> Grey:
    share = image.astype(np.float32) / 255.0
    result: Grey = np.rint(ink + (paper - ink) * share).astype(np.uint8)
    return result


def _highlight(image: Grey, generator: random.Random) -> Grey:
    """Lay a highlighter's bar, or a selection's rectangle, over a part."""
    height, width = image.shape
    result = image.astype(np.float32)
    left = generator.randint(0, max(1, width // 2))
    right = generator.randint(left + 1, width)
    top = generator.randint(0, height // 4)
    bottom = generator.randint(height * 3 // 4, height)
    result[top:bottom, left:right] *= generator.uniform(0.72, 0.93)
    return result.astype(np.uint8)


def _annotation(image: Grey, generator: random.Random) -> Grey:
    """Draw what is on a screen beside the page: a line below, the wave of a spell checker, a pointer, a text cursor."""
    drawn = Image.fromarray(image)
    mark = generator.choice((_underline, _wave, _wave, _pointer, _text_cursor))
    mark(ImageDraw.Draw(drawn), image, generator)
    return np.asarray(drawn)


def _underline(draw: ImageDraw.ImageDraw, image: Grey, generator: random.Random) -> None:
    left, right, bottom = _place_below(image, generator)
    ends = [(left, bottom), (right, bottom + generator.randint(-1, 1))]
    draw.line(ends, fill=generator.randint(110, 170), width=generator.randint(1, 2))


def _wave(draw: ImageDraw.ImageDraw, image: Grey, generator: random.Random) -> None:
    left, right, bottom = _place_below(image, generator)
    points = [(x, bottom + (1 if (x // 2) % 2 else -1)) for x in range(left, right, 2)]
    if len(points) > 1:
        draw.line(points, fill=generator.randint(110, 170), width=1)


def _place_below(image: Grey, generator: random.Random) -> tuple[int, int, int]:
    height, width = image.shape
    left, right = sorted(generator.sample(range(width), 2)) if width > 2 else (0, width)
    return left, right, height - generator.randint(1, max(1, min(4, height // 8)))


def _pointer(draw: ImageDraw.ImageDraw, image: Grey, generator: random.Random) -> None:
    """Draw the arrow of a mouse, black in white or white in black."""
    size = generator.choice((16, 19, 24, 32)) / 19.0
    left, top = _free_place(image, round(12 * size), round(19 * size), generator)
    fill, outline = generator.choice(((0, 255), (255, 0)))
    draw.polygon([(left + x * size, top + y * size) for x, y in _ARROW], fill=fill, outline=outline)


def _text_cursor(draw: ImageDraw.ImageDraw, image: Grey, generator: random.Random) -> None:
    """Draw the I with serifs that a pointer becomes over text."""
    high = generator.choice((14, 16, 18, 22))
    wide = high // 3
    left, top = _free_place(image, wide, high, generator)
    middle, grey = left + wide // 2, generator.randint(0, 90)
    draw.line([(middle, top), (middle, top + high)], fill=grey, width=1)
    for y in (top, top + high):
        draw.line([(left, y), (middle - 1, y)], fill=grey, width=1)
        draw.line([(middle + 1, y), (left + wide, y)], fill=grey, width=1)


def _free_place(image: Grey, width: int, height: int, generator: random.Random) -> tuple[int, int]:
    """Return where, of some places, a mark covers the least ink: what it covers can't be read."""

    def ink(place: tuple[int, int]) -> int:
        left, top = place
        return int((image[max(top, 0) : top + height, max(left, 0) : left + width] < _INK).sum())

    places = [
        (generator.randint(-width // 2, image.shape[1]), generator.randint(-height // 2, image.shape[0]))
        for _ in range(_PLACES)
    ]
    return min(places, key=ink)


def _watermark(image: Grey, generator: random.Random) -> Grey:
    height, width = image.shape
    layer = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(layer)
    grey = generator.randint(215, 242)
    for offset in range(-height, width, generator.randint(40, 160)):
        draw.line([(offset, height), (offset + height, 0)], fill=grey, width=generator.randint(4, 20))
    marked: Grey = np.minimum(image, np.asarray(layer))
    return marked


def _scan(image: Grey, generator: random.Random, digit_height: float) -> Grey:
    """Turn by up to a degree and a half, spread the ink of metal type, then copy in black and white or in grey.

    Scans of real books hold hardly any grain: they are black or white at two to four times the pixels that a screen
    shows, and what is seen is their mean, some of their strokes broken and others run together (experiment 123).
    """
    page = _turned(Image.fromarray(image), generator.uniform(-1.5, 1.5) * generator.random())
    is_binary = generator.random() < 0.7
    fineness = generator.choice((1, 2, 2, 3)) if is_binary else generator.choice((1, 2))
    fineness = max(fineness, math.ceil(_LEAST_IN_SCANNER / digit_height))
    page = page.resize((page.width * fineness, page.height * fineness), Image.Resampling.BICUBIC)
    if generator.random() < 0.3:
        spread = round(digit_height * fineness * generator.uniform(*_LEAST_MOST_SPREAD))
        if spread and min(page.size) > 2 * spread + 1:
            page = page.filter(ImageFilter.MinFilter(2 * spread + 1))
    page = page.filter(ImageFilter.GaussianBlur(generator.uniform(0.3, 0.9)))
    grey: NDArray[np.float32] = np.asarray(page, dtype=np.float32)
    ink, paper = generator.uniform(0, 70), generator.uniform(200, 252)
    grey = ink + (paper - ink) * grey / 255.0
    grain = _grain(grey.shape, generator)
    if is_binary:
        # Scanners choose the threshold by the page: some of its strokes break and others run, but they are there.
        strokes = float(np.percentile(grey[grey <= 0.5 * (grey.min() + paper)], 50))
        threshold = strokes + generator.uniform(0.25, 0.8) * (paper - strokes)
        grey = np.where(grey + grain < threshold, 0.0, 255.0)
    else:
        grey = np.clip(grey + grain, 0, 255)
    shown = np.asarray(
        Image.fromarray(grey.astype(np.uint8)).resize((image.shape[1], image.shape[0]), Image.Resampling.BOX)
    )
    return shown if is_binary or generator.random() < 0.5 else _jpeg(shown, generator)


def _grain(shape: tuple[int, ...], generator: random.Random) -> NDArray[np.float64]:
    """Return what a scanner's sensor and the paper add: a little, but for the copy of a copy."""
    numbers = np.random.default_rng(generator.getrandbits(32))
    is_copy = generator.random() < _COPIES_OF_COPIES
    grain = numbers.normal(0.0, generator.uniform(8, 22) if is_copy else generator.uniform(1, 8), size=shape)
    if generator.random() < 0.5:
        deviation = generator.uniform(8, 25) if is_copy else generator.uniform(1, 8)
        coarse = numbers.normal(0.0, deviation, size=(shape[0] // 3 + 2, shape[1] // 3 + 2))
        grain += np.kron(coarse, np.ones((3, 3)))[: shape[0], : shape[1]]
    return grain


def _photo(image: Grey, generator: random.Random) -> Grey:
    """See the page at a small angle under uneven light, through a lens."""
    height, width = image.shape
    page = Image.fromarray(image)

    def tilt(length: int) -> float:
        return generator.uniform(-0.02, 0.02) * length

    corners = [(tilt(width), tilt(height)), (tilt(width), height + tilt(height)),
               (width + tilt(width), height + tilt(height)), (width + tilt(width), tilt(height))]  # fmt: skip
    flat = [value for corner in corners for value in corner]
    page = page.transform(page.size, Image.Transform.QUAD, flat, Image.Resampling.BICUBIC, fillcolor=255)
    page = _turned(page, generator.uniform(-1.2, 1.2))
    page = page.filter(ImageFilter.GaussianBlur(generator.uniform(0.4, 1.3)))
    grey = np.asarray(page, dtype=np.float32)
    y, x = np.mgrid[0:height, 0:width]
    angle = generator.uniform(0, 2 * math.pi)
    light = (np.cos(angle) * x / max(width, 1) + np.sin(angle) * y / max(height, 1)) * generator.uniform(0, 60)
    ink, paper = generator.uniform(20, 90), generator.uniform(150, 235)
    grey = ink + (paper - ink) * grey / 255.0 - light
    if generator.random() < 0.4:  # a photographed screen
        period = generator.uniform(2.2, 6.0)
        grey += generator.uniform(2, 9) * np.sin(2 * math.pi * (x * math.cos(angle) + y * math.sin(angle)) / period)
    numbers = np.random.default_rng(generator.getrandbits(32))
    grey += numbers.normal(0.0, generator.uniform(1, 9), size=grey.shape)
    return _jpeg(np.clip(grey, 0, 255).astype(np.uint8), generator)


def _turned(page: Image.Image, degrees: float) -> Image.Image:
    return page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)


def _jpeg(image: Grey, generator: random.Random) -> Grey:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=generator.randint(30, 88))
    return np.asarray(Image.open(buffer))


def _blur(image: Grey, generator: random.Random) -> Grey:
    return np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(generator.uniform(0.5, 1.2))))


_DEGRADATIONS: Final = {
    "clean": _clean, "dark": _dark, "paper": _paper, "highlight": _highlight, "annotation": _annotation,
    "watermark": _watermark, "photo": _photo, "jpeg": _jpeg, "blur": _blur,
}  # fmt: skip
