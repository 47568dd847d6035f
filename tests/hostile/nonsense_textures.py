"""Images of nothing that fill their rectangle: noise, what stands for photographs, patterns.

What stands for photographs has their spectrum, edges and shades.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from tests.hostile.nonsense_paper import Maker, Numbers, draw_colour, draw_paper, draw_point, draw_size, of_shades

# Noise


def _white_noise(numbers: Numbers) -> Image.Image:
    width, height = draw_size(numbers)
    return of_shades(numbers.integers(0, 256, size=(height, width, 3) if numbers.random() < 0.5 else (height, width)))


def _grain(numbers: Numbers) -> Image.Image:
    width, height = draw_size(numbers)
    return of_shades(numbers.uniform(60, 240) + numbers.normal(0, numbers.uniform(5, 50), (height, width)))


def _specks(numbers: Numbers) -> Image.Image:
    width, height = draw_size(numbers)
    is_dark = numbers.random((height, width)) < 10 ** numbers.uniform(-3.3, -0.6)
    return of_shades(np.where(is_dark, 0, 255))


def _soft_noise(numbers: Numbers) -> Image.Image:
    image = _white_noise(numbers).filter(ImageFilter.GaussianBlur(float(numbers.uniform(0.8, 6))))
    shades = np.asarray(image.convert("L"), dtype=np.float64)
    return of_shades((shades - shades.min()) * 255 / max(float(np.ptp(shades)), 1.0))


def _blotches(numbers: Numbers) -> Image.Image:
    shades = np.asarray(_soft_noise(numbers).convert("L"))
    return of_shades(np.where(shades < np.quantile(shades, numbers.uniform(0.03, 0.6)), 0, 255))


# Photographs


def _clouds(numbers: Numbers, slope: float) -> NDArray[np.float64]:
    """Noise with the spectrum of photographs, in [0, 1]."""
    width, height = draw_size(numbers)
    frequencies = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    frequencies[0, 0] = 1.0
    phases = np.exp(2j * np.pi * numbers.random(frequencies.shape)) / frequencies**slope
    shades = np.fft.irfft2(phases, s=(height, width))
    return np.asarray((shades - shades.min()) / max(float(np.ptp(shades)), 1e-9))


def _landscape(numbers: Numbers) -> Image.Image:
    clouds = _clouds(numbers, numbers.uniform(0.8, 2.0))
    tints = numbers.uniform(80, 255, size=(2, 3))
    image = of_shades(tints[0] * clouds[..., None] + tints[1] * (1 - clouds[..., None]) * numbers.uniform(0, 1))
    draw = ImageDraw.Draw(image)
    for _ in range(int(numbers.integers(2, 8))):  # things that stand before it; a bar alone would be a minus sign
        x, y = draw_point(image, numbers)
        radius = float(numbers.uniform(5, 90))
        shape = draw.ellipse if numbers.random() < 0.5 else draw.rectangle
        shape((x - radius, y - radius, x + radius, y + radius * numbers.uniform(0, 1)), fill=draw_colour(numbers))
    return image.filter(ImageFilter.GaussianBlur(float(numbers.uniform(0, 1.5))))


def _blobs(numbers: Numbers) -> Image.Image:
    coarse = numbers.integers(0, 256, size=(*numbers.integers(2, 12, size=2), 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(draw_size(numbers), Image.Resampling.BICUBIC)


def _gradient(numbers: Numbers) -> Image.Image:
    width, height = draw_size(numbers)
    angle = numbers.uniform(0, 2 * math.pi)
    along = np.cos(angle) * np.arange(width)[None] + np.sin(angle) * np.arange(height)[:, None]
    if numbers.random() < 0.5:
        along = np.hypot(np.arange(width)[None] - numbers.uniform(0, width), np.arange(height)[:, None] - height / 2)
    return of_shades((along - along.min()) * numbers.uniform(60, 255) / max(float(np.ptp(along)), 1.0))


def _leaves(numbers: Numbers) -> Image.Image:
    image = Image.new("RGB", draw_size(numbers), draw_colour(numbers))
    draw = ImageDraw.Draw(image)
    for _ in range(int(numbers.integers(30, 300))):
        x, y = draw_point(image, numbers)
        a, b = numbers.uniform(2, 25, size=2)
        draw.ellipse((x - a, y - b, x + a, y + b), fill=tuple(numbers.integers(0, 256, size=3).tolist()))
    return image


def _skyline(numbers: Numbers) -> Image.Image:
    image = Image.new("RGB", draw_size(numbers), tuple(numbers.integers(150, 256, size=3).tolist()))
    draw = ImageDraw.Draw(image)
    left = 0
    while left < image.width:
        width, top = int(numbers.integers(15, 70)), int(numbers.uniform(0.1, 0.8) * image.height)
        draw.rectangle((left, top, left + width, image.height), fill=tuple(numbers.integers(0, 160, size=3).tolist()))
        for y in range(top + 4, image.height - 6, 10):
            for x in range(left + 4, left + width - 6, 9):
                if numbers.random() < 0.6:
                    draw.rectangle((x, y, x + 4, y + 5), fill="khaki")
        left += width + int(numbers.integers(0, 10))
    return image


# Patterns


def _stripes(numbers: Numbers) -> Image.Image:
    image, draw = draw_paper(numbers)
    step, lean = int(numbers.integers(4, 60)), float(numbers.choice([0.0, 0.0, 1.0, -0.5, 3.0]))
    thick = max(int(step * numbers.uniform(0.05, 0.7)), 1)
    colour = draw_colour(numbers)
    for place in range(-4 * image.height, image.width + 4 * image.height, step):
        draw.line([(place, 0), (place + lean * image.height, image.height)], fill=colour, width=thick)
    return image.transpose(Image.Transpose.ROTATE_90) if numbers.random() < 0.5 else image


def _few_bars(numbers: Numbers) -> Image.Image:
    image, draw = draw_paper(numbers)
    for number in range(int(numbers.integers(4, 7))):  # two are an equals sign
        top = image.height * (number + 0.5) / 7
        draw.rectangle(
            (numbers.uniform(0, 30), top, image.width - numbers.uniform(0, 30), top + numbers.uniform(2, 25)),
            fill=draw_colour(numbers),
        )
    return image.transpose(Image.Transpose.ROTATE_90) if numbers.random() < 0.3 else image


def _chequers(numbers: Numbers) -> Image.Image:
    width, height = draw_size(numbers)
    step = int(numbers.integers(3, 50))
    is_dark = (np.arange(height)[:, None] // step + np.arange(width)[None] // step) % 2 == 0
    return of_shades(np.where(is_dark, numbers.uniform(0, 120), 255))


def _squared_paper(numbers: Numbers) -> Image.Image:
    image, draw = draw_paper(numbers)
    step, colour = int(numbers.integers(6, 40)), draw_colour(numbers)
    for x in range(step // 2, image.width, step):
        draw.line([(x, 0), (x, image.height)], fill=colour, width=int(numbers.integers(1, 3)))
    for y in range(step // 2, image.height, step):
        draw.line([(0, y), (image.width, y)], fill=colour)
    return image


def _waves(numbers: Numbers) -> Image.Image:
    width, height = draw_size(numbers)
    x, y = np.arange(width)[None], np.arange(height)[:, None]
    bent = y + numbers.uniform(0, 30) * np.sin(x / numbers.uniform(5, 60))
    shades = 128 + 127 * np.sin(bent * 2 * np.pi / numbers.uniform(5, 60))
    return of_shades(shades if numbers.random() < 0.5 else np.where(shades < 60, 0, 255))


def _bricks(numbers: Numbers) -> Image.Image:
    image = Image.new("RGB", draw_size(numbers), "lightgray")
    draw = ImageDraw.Draw(image)
    width, height = int(numbers.integers(12, 70)), int(numbers.integers(6, 30))
    for row, top in enumerate(range(0, image.height, height)):
        for left in range(-(row % 2) * width // 2, image.width, width):
            shade = int(numbers.integers(80, 200))
            draw.rectangle((left, top, left + width - 3, top + height - 3), fill=(shade, shade // 2, shade // 3))
    return image


def _dots_in_rows(numbers: Numbers) -> Image.Image:
    image, draw = draw_paper(numbers)
    step = int(numbers.integers(6, 50))
    radius, colour = step * float(numbers.uniform(0.08, 0.48)), draw_colour(numbers)
    for row, y in enumerate(range(step // 2, image.height, step)):
        for x in range(step // 2 + (row % 2) * step // 2 * int(step % 3 == 0), image.width, step):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    return image


def _weave(numbers: Numbers) -> Image.Image:
    width, height = draw_size(numbers)
    x, y = np.arange(width)[None], np.arange(height)[:, None]
    period = numbers.uniform(3, 30)
    shades = np.sin(x * 2 * np.pi / period) * np.sin(y * 2 * np.pi / period * numbers.uniform(0.5, 2))
    return of_shades(150 + 90 * shades + numbers.normal(0, 12, (height, width)))


def _wood(numbers: Numbers) -> Image.Image:
    clouds = _clouds(numbers, 2.2)
    return of_shades(150 + 80 * np.sin(clouds * numbers.uniform(20, 120)))


def _polygons(numbers: Numbers) -> Image.Image:
    image, draw = draw_paper(numbers)
    for _ in range(int(numbers.integers(3, 40))):
        corners = [draw_point(image, numbers) for _ in range(3)]
        draw.polygon(corners, fill=draw_colour(numbers), outline=draw_colour(numbers))
    return image


TEXTURES: tuple[Maker, ...] = (
    _white_noise,
    _grain,
    _specks,
    _soft_noise,
    _blotches,
    _landscape,
    _blobs,
    _gradient,
    _leaves,
    _skyline,
    _stripes,
    _few_bars,
    _chequers,
    _squared_paper,
    _waves,
    _bricks,
    _dots_in_rows,
    _weave,
    _wood,
    _polygons,
)
