"""Scans and photographs of a page give the ink of the page; a screen is left as it is, and so is what is no page."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from model.data_preparation.pages.degradations import Grey, degrade
from model.image_transform import to_grey_ink
from model.recognition.image_file import read_image
from model.uneven_paper import FloatArray, ink_on_paper, is_uneven, text_slope
from tests.benchmarks.samples import read_samples

WIDTH, HEIGHT = 320, 80
ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)


def page(*, turned: float = 0.0) -> Grey:
    """Draw black text on white, and turn it by degrees."""
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    ImageDraw.Draw(image).text((30, 20), "f(x) = 2x - 16", fill=0, font=ImageFont.load_default(size=36))
    return np.asarray(image.rotate(turned, Image.Resampling.BICUBIC, fillcolor=255))


def photographed(image: Grey, *, grain: float) -> FloatArray:
    """Let light fall off from one corner to the other by more than a letter differs from its paper, and add grain."""
    light = 0.35 + 0.65 * (ROWS / HEIGHT + COLUMNS / WIDTH) / 2
    numbers = np.random.default_rng(7)
    lit = (60 + 180 * image.astype(np.float32) / 255) * light + numbers.normal(0.0, grain, image.shape)
    seen: FloatArray = np.clip(lit, 0, 255).astype(np.float32)
    return seen


def as_grey(image: FloatArray) -> Image.Image:
    return Image.fromarray(image.astype(np.uint8))


def similarity(first: FloatArray, second: FloatArray) -> float:
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


@pytest.mark.parametrize("grain", [2.0, 6.0])
@pytest.mark.parametrize("dark", [False, True])
def test_light_and_grain_are_no_ink(grain: float, dark: bool) -> None:
    expected = to_grey_ink(Image.fromarray(page()))
    seen = photographed(page(), grain=grain)
    ink = to_grey_ink(as_grey(255 - seen if dark else seen))
    assert similarity(ink, expected) > 0.9
    assert ink[:12].max() < 0.2  # above the text there is paper; ink begins at 0.35


def test_letters_in_a_frame_are_no_specks() -> None:
    """The frame is what has most ink; beside it each letter is small."""
    framed = page().copy()
    framed[[2, 3, -4, -3], 2:-2] = framed[2:-2, [2, 3, -4, -3]] = 0
    ink = to_grey_ink(as_grey(photographed(framed, grain=3.0)))
    assert similarity(ink[10:-10, 10:-10], to_grey_ink(Image.fromarray(page()))[10:-10, 10:-10]) > 0.9


@pytest.mark.parametrize("degrees", [-1.4, -1.1, 1.2, 1.5])
def test_lines_are_levelled(degrees: float) -> None:
    """Turned counter-clockwise, text rises to the right."""
    ink = 255 - page(turned=degrees).astype(np.float32)
    assert np.degrees(np.arctan(text_slope(ink))) == pytest.approx(-degrees, abs=0.25)
    levelled = to_grey_ink(as_grey(photographed(page(turned=degrees), grain=3.0)))
    assert abs(np.degrees(np.arctan(text_slope(levelled)))) < 0.25


def test_level_text_is_left_level() -> None:
    assert text_slope(255 - page().astype(np.float32)) == 0.0


def test_screens_are_not_uneven() -> None:
    """What is sharp on one colour goes the way it always went, a marker's bar, a dark page or a JPEG of it, too."""
    for sample in read_samples():
        grey = np.asarray(read_image(sample.path).convert("L"))
        for kind in ("clean", "dark", "paper", "annotation"):
            seen = degrade(np.pad(grey, 4, mode="edge"), kind, random.Random(sample.path.name)).astype(np.float32)
            assert not is_uneven(np.abs(seen - seen[0, 0])), (sample.path.name, kind)


@pytest.mark.parametrize("seed", range(6))
def test_noise_and_pictures_are_no_pages(seed: int) -> None:
    numbers = np.random.default_rng(seed)
    noise = numbers.integers(0, 256, (120, 200)).astype(np.float32)
    coarse = numbers.integers(0, 256, (5, 7), dtype=np.uint8)
    blobs = np.asarray(Image.fromarray(coarse).resize((300, 200), Image.Resampling.BICUBIC), dtype=np.float32)
    assert ink_on_paper(noise) is None
    assert ink_on_paper(blobs) is None
