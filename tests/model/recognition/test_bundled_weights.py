"""The recogniser that ships, reading real images: sizes within their limits, formulas read, and in few steps."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.checkpoint import load_network, parameter_count
from model.data_preparation.pages.degradations import degrade
from model.decoding.decoded_formula import DecodingOptions
from model.latex import normalise
from model.metrics import edit_similarity, exact_match
from model.recognition.image_file import read_image
from model.recognition.recogniser import Recogniser, prepare
from tests.benchmarks.samples import Sample, read_samples
from tests.model.decoding.same_formulas import count_steps

RESOURCES = Path(__file__).parents[3] / "resources"
WEIGHTS, VOCABULARY = RESOURCES / "weights.safetensors", RESOURCES / "vocabulary.json"
SAMPLES = read_samples()


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load(WEIGHTS, VOCABULARY, device="cpu")


def read(recogniser: Recogniser, samples: list[Sample]) -> list[list[str]]:
    recognitions = recogniser.recognise_batch([read_image(sample.path) for sample in samples])
    return [list(recognition.tokens) for recognition in recognitions]


def test_weights_and_vocabulary_keep_their_limits(recogniser: Recogniser) -> None:
    # They are downloaded with the program and held in memory while it runs.
    assert WEIGHTS.stat().st_size <= 16_000_000
    assert parameter_count(load_network(WEIGHTS)[0]) <= 10_000_000
    assert 300 <= len(recogniser.vocabulary) <= 700


def test_unseen_formulas_are_read(recogniser: Recogniser) -> None:
    # What the bundled weights reach, less some room: better weights raise these, worse ones do not pass.
    samples = [sample for sample in SAMPLES if sample.kind == "im2latex_val"]
    references, predictions = [sample.tokens for sample in samples], read(recogniser, samples)
    assert exact_match(references, predictions) >= 0.67
    assert edit_similarity(references, predictions) >= 0.97


@pytest.mark.parametrize("change", ["twice the size", "dark", "grey on grey", "transparent", "colour"])
def test_looks_of_a_screen_do_not_matter(recogniser: Recogniser, change: str) -> None:
    # What is read of a plain image must be read of the same formula in dark mode or on a dense screen.
    samples = [sample for sample in SAMPLES if sample.kind == "im2latex_val" and len(sample.tokens) <= 40]
    plain = read(recogniser, samples)
    changed = [_change(read_image(sample.path).convert("L"), change) for sample in samples]
    tokens = [list(recognition.tokens) for recognition in recogniser.recognise_batch(changed)]
    assert edit_similarity(plain, tokens) >= 0.9


def _change(image: Image.Image, change: str) -> Image.Image:
    grey = np.asarray(image, dtype=np.float32)
    ink = 1.0 - grey / 255.0 if grey[0, 0] > 127 else grey / 255.0
    if change == "twice the size":
        return image.resize((2 * image.width, 2 * image.height), Image.Resampling.BICUBIC)
    if change == "transparent":
        alpha = Image.fromarray((255 * ink).astype(np.uint8))
        return Image.merge("LA", (Image.new("L", image.size, 0), alpha))
    paper, pen = {
        "dark": ((30, 30, 30), (230, 230, 230)),
        "grey on grey": ((190, 190, 190), (90, 90, 90)),
        "colour": ((255, 250, 220), (20, 40, 140)),
    }[change]
    colours = np.asarray(paper) + ink[:, :, None] * (np.asarray(pen) - np.asarray(paper))
    return Image.fromarray(colours.astype(np.uint8))


def test_latex_is_what_was_read(recogniser: Recogniser) -> None:
    # What goes to the clipboard must mean the same as the tokens that are measured.
    for recognition in recogniser.recognise_batch([read_image(sample.path) for sample in SAMPLES]):
        assert normalise(recognition.latex) == list(recognition.tokens)


def test_guesses_of_the_bundled_heads_are_worth_having(recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each guess that proves right saves a step; heads of other weights would guess nothing.
    steps = count_steps(monkeypatch)
    images = [read_image(sample.path) for sample in SAMPLES if 36 <= len(sample.tokens) <= 44]
    tokens = sum(len(recogniser.recognise(image, options=DecodingOptions()).tokens) + 1 for image in images)
    assert len(steps) <= 0.75 * tokens


def test_samples_are_whole() -> None:
    # They stand for the formulas of the benchmark: about 40 tokens, and the lengths of im2latex's validation set.
    assert sum(36 <= len(sample.tokens) <= 44 for sample in SAMPLES) >= 20
    assert sum(sample.kind == "im2latex_val" for sample in SAMPLES) == 40
    for sample in SAMPLES:
        height, width = prepare(read_image(sample.path)).shape
        assert 10 < height < 400
        assert 10 < width < 2048


@pytest.mark.parametrize("kind", ["scan", "photo"])
def test_pages_of_paper_are_read_as_those_of_screens(recogniser: Recogniser, kind: str) -> None:
    # Grain, uneven light and a slight turn; where ink was the distance from one colour, most of these were nonsense.
    samples = [sample for sample in SAMPLES if sample.kind == "im2latex_val" and len(sample.tokens) <= 40]
    plain = read(recogniser, samples)
    degraded = [
        degrade(np.pad(np.asarray(read_image(sample.path).convert("L")), 8, mode="edge"), kind, random.Random(number))
        for number, sample in enumerate(samples)
    ]
    tokens = [list(recognition.tokens) for recognition in recogniser.recognise_batch(degraded)]
    assert edit_similarity(plain, tokens) >= 0.7
