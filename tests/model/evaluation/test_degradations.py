"""A degradation must change the image as its name says, and leave the formula in it."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from model.evaluation.degradations import DEGRADATIONS, coloured_paper, cut_neighbours, dark_mode
from model.image_transform import to_network_input


def drawn(text: str) -> Image.Image:
    image = Image.new("L", (24 + 9 * len(text), 36), 255)
    ImageDraw.Draw(image).text((12, 8), text, fill=0, font=ImageFont.load_default(size=16))
    return image


OTHERS = [drawn("987"), drawn("MMMMMMMM")]


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_result_is_another_image_and_the_same_each_time(name: str) -> None:
    clean = drawn("x + 1 = 2")
    first, second = (DEGRADATIONS[name](clean, random.Random(4), OTHERS).convert("RGB") for _ in range(2))
    assert first.tobytes() == second.tobytes()
    assert first.tobytes() != clean.convert("RGB").tobytes()


@pytest.mark.parametrize("degrade", [dark_mode, coloured_paper])
def test_colours_leave_the_shape_to_the_network(degrade: object) -> None:
    clean = drawn("x + 1 = 2")
    assert callable(degrade)
    before, after = to_network_input(clean), to_network_input(degrade(clean, random.Random(1), OTHERS))
    assert before.shape == after.shape
    assert np.abs(before - after).mean() < 0.02


def test_dark_mode_is_dark() -> None:
    assert np.asarray(dark_mode(drawn("12"), random.Random(0), OTHERS)).mean() < 100


@pytest.mark.parametrize("seed", range(6))
def test_neighbours_touch_two_edges_and_leave_the_formula_whole(seed: int) -> None:
    clean = drawn("x + 1 = 2")
    page = np.asarray(cut_neighbours(clean, random.Random(seed), OTHERS))
    edges = (page[:, 0], page[:, -1], page[0], page[-1])
    assert sum(bool(edge.min() < 128) for edge in edges) == 2
    ink = np.asarray(clean)[np.ix_(*(np.flatnonzero((np.asarray(clean) < 160).any(axis=axis)) for axis in (1, 0)))]
    inside = page[12:-12, 12:-12]
    inside = inside[np.ix_(*(np.flatnonzero((inside < 160).any(axis=axis)) for axis in (1, 0)))]
    assert inside.tobytes() == ink.tobytes()
