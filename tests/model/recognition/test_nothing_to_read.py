"""What holds nothing to read gets a sentence instead of an invented formula, and no formula gets it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from desktop_app.snips.snip import LEAST_LEGIBLE_COPIED
from model.image_transform import Placement, ReducedInk
from model.latex.prose import prose_tokens
from model.layout.layout import Layout, Line, LineKind, PixelBox
from model.layout.line_inputs import ImageLines, LineInput
from model.recognition.calibration import ConfidenceLevel
from model.recognition.image_file import read_image
from model.recognition.nothing_to_read import holds_something, is_hopeless, judged, legibility_of, sample_of_lines
from model.recognition.recogniser import Recogniser
from model.recognition.result import Recognition
from tests.benchmarks.samples import read_samples
from tests.hostile.nonsense_images import MAKERS, nonsense_images

RESOURCES = Path(__file__).parents[3] / "resources"


def image_of(
    share: float = 0.1,
    *,
    marks: int = 6,
    shade: float = 0.7,
    digit: float = 12.0,
    pixels: tuple[int, int] = (40, 300),
    line_confidence: float = 0.5,
) -> ImageLines:
    """An image of one line of upright marks, ink of one shade, that the network reads in so many pixels."""
    ink = np.zeros((60, 300), dtype=np.float32)
    for mark in range(marks):
        left = mark * 300 // marks
        ink[3:57, left : left + round(300 * share / 0.9 / marks)] = shade
    line = Line(LineKind.FORMULA, PixelBox(0, 0, 300, 60), ink, 30.0, False, line_confidence)
    whole = LineInput(line, np.zeros(pixels, dtype=np.float32), Placement(0, 0, 300, 60, 1.5))
    return ImageLines(Layout((line,), (), digit), (whole,), ReducedInk(ink, 0, 0, 1.0))


def reading(*log_probabilities: float, confidence: float) -> Recognition:
    return Recognition("abc", ("a",) * len(log_probabilities), log_probabilities, confidence, 0.1)


@pytest.mark.parametrize(
    ("image", "recognition"),
    [
        (image_of(), reading(*[-2.0] * 12, confidence=0.02)),
        (image_of(), reading(*[-0.1, -3.0] * 20, confidence=0.0)),  # every other letter is a guess
        (image_of(0.5, shade=1.0), reading(*[-0.3] * 12, confidence=0.3)),  # stripes
        (image_of(0.4, marks=1, digit=300.0), reading(-1.4, confidence=0.4)),  # a photograph as one letter
        (image_of(0.9, marks=1, line_confidence=0.0), reading(-0.1, confidence=0.97)),  # a bar, surely a minus sign
        (image_of(), reading(confidence=0.0)),
    ],
)
def test_nonsense_is_told(image: ImageLines, recognition: Recognition) -> None:
    judged = replace(recognition, legibility=legibility_of(image, recognition))
    assert not holds_something(judged)


@pytest.mark.parametrize(
    ("image", "recognition"),
    [
        (image_of(), reading(*[-0.1] * 20, *[-2.0] * 4, confidence=0.0)),  # read wrong, and yet a formula
        (image_of(0.4, marks=1), reading(-0.1, confidence=0.97)),  # one bold letter, cut to its ink
        (image_of(digit=200.0), reading(*[-0.1] * 6, confidence=0.9)),  # a slide
        (image_of(marks=1, digit=62.0), reading(-3.4, -0.1, -1.1, -0.1, confidence=0.02)),  # an integral of f
        (image_of(marks=1, pixels=(24, 27)), reading(-0.7, confidence=0.5)),  # any of several letters
    ],
)
def test_what_is_read_badly_is_still_read(image: ImageLines, recognition: Recognition) -> None:
    judged = replace(recognition, legibility=legibility_of(image, recognition))
    assert holds_something(judged)
    assert not is_hopeless(image, recognition)


@pytest.mark.parametrize(("text", "is_something"), [("设函数，满足", False), ("设$x>0$，", True)])
def test_a_script_that_is_not_read_is_nothing_but_for_its_formulas(text: str, is_something: bool) -> None:
    tokens = prose_tokens(text)
    recognition = replace(
        reading(confidence=0.95), tokens=tuple(tokens), token_log_probabilities=(-0.01,) * len(tokens)
    )
    judged = replace(recognition, legibility=legibility_of(image_of(), recognition))
    assert holds_something(judged) is is_something


def test_a_symbol_of_another_script_is_shown_and_not_copied() -> None:
    # The network may be wrong about the script, so the image is no nothing; but a gap is nothing to copy.
    image = image_of(marks=1)
    dot = replace(image, ink=ReducedInk(image.ink.ink[:, :50], 0, 0, 1.0))
    gap = replace(reading(-0.01, -0.01, confidence=0.95), tokens=(r"\words", "[…]"))
    judged = replace(gap, legibility=legibility_of(dot, gap))
    assert holds_something(judged)
    assert judged.legibility < LEAST_LEGIBLE_COPIED


def test_what_may_be_nothing_is_never_sure() -> None:
    # Two bars of a drawing are read as an equals sign, and the network has no doubt of it.
    sure = replace(reading(-0.01, -0.01, confidence=0.99), confidence_level=ConfidenceLevel.SURE)
    assert judged(image_of(), sure).confidence_level is ConfidenceLevel.SURE
    unlikely = judged(image_of(0.6, shade=1.0), sure)
    assert unlikely.legibility < LEAST_LEGIBLE_COPIED
    assert unlikely.confidence_level is ConfidenceLevel.CHECK


def test_of_many_large_lines_a_few_are_read_first() -> None:
    # Forty rows of a weave took 15 s; three of them tell. A paragraph of common size is read at once.
    line = image_of(pixels=(200, 300)).inputs[0]
    for count, pixels, sampled in ((40, (100, 300), 3), (40, (20, 300), None), (4, (400, 300), None)):
        small = replace(line, network_input=np.zeros(pixels, dtype=np.float32))
        lines = (small,) * count
        image = replace(image_of(), inputs=lines, layout=Layout(tuple(one.line for one in lines), (), 12.0))
        sample = sample_of_lines(image)
        assert (None if sample is None else len(sample.inputs)) == sampled


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load(RESOURCES / "weights.safetensors", RESOURCES / "vocabulary.json", device="cpu")


def test_noise_photographs_charts_and_unknown_scripts_hold_nothing(recogniser: Recogniser) -> None:
    # Each kind of nonsense once; `make hostile` reads more of each.
    images = [image for _, image in nonsense_images(len(MAKERS), seed=5)]
    read = [recogniser.recognise(image) for image in images]
    assert sum(one.is_empty for one in read) >= 0.9 * len(read), [one.latex for one in read]
    assert not [one.latex for one in read if one.confidence_level is ConfidenceLevel.SURE]


@pytest.mark.parametrize("latex", ["7", "=", r"\int f", r"\Sigma", "a_1"])
@pytest.mark.parametrize("dpi", [100, 200])
def test_a_symbol_or_two_are_something(recogniser: Recogniser, latex: str, dpi: int) -> None:
    # They are cut out often, and so small that the network is sure of little.
    figure = Figure(figsize=(1, 1), dpi=dpi)
    figure.text(0.4, 0.4, f"${latex}$", fontsize=10, math_fontfamily="cm")
    written = BytesIO()
    figure.savefig(written)
    page = np.asarray(Image.open(written).convert("L"))
    rows, columns = np.nonzero(page < 200)
    assert not recogniser.recognise(page[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]).is_empty


def test_formulas_hold_something(recogniser: Recogniser) -> None:
    short = sorted(read_samples(), key=lambda sample: len(sample.tokens))[:24]
    assert not any(one.is_empty for one in recogniser.recognise_batch([read_image(one.path) for one in short]))


def test_without_a_layout_every_image_is_read(recogniser: Recogniser) -> None:
    # The rule is measured on what the layout finds.
    bare = Recogniser(recogniser.engine, recogniser.vocabulary)
    numbers = np.random.default_rng(3)
    noise = Image.fromarray(numbers.integers(0, 256, size=(40, 80), dtype=np.uint8))
    assert not bare.recognise(noise).is_empty


def test_specks_are_not_read_one_by_one(recogniser: Recogniser) -> None:
    # Each would be enlarged to the size of a letter: minutes of reading for some dust. Others of the batch are read.
    paper = np.full((115, 497), 255, np.uint8)
    paper[np.random.default_rng(5).random(paper.shape) < 0.002] = 0
    formula = read_image(read_samples()[0].path)
    dust, read = recogniser.prepare(Image.fromarray(paper)), recogniser.prepare(formula)
    results = recogniser.recognise_prepared([dust, read, dust])
    assert [one.is_empty for one in results] == [True, False, True]
    assert results[1].tokens == recogniser.recognise(formula).tokens


@pytest.mark.parametrize(("thick", "gap", "is_upright"), [(12, 30, False), (40, 60, False), (20, 25, True)])
def test_stripes_are_no_equals_sign(recogniser: Recogniser, thick: int, gap: int, is_upright: bool) -> None:
    # They were, and surely; the clipboard lost what it held.
    paper = np.full((160, 220), 255, np.uint8)
    for start in range(10, 150, thick + gap):
        paper[start : start + thick] = 0
    image = Image.fromarray(paper.T if is_upright else paper)
    assert recogniser.recognise(image).is_empty


def test_an_equals_sign_is_one(recogniser: Recogniser) -> None:
    paper = np.full((60, 60), 255, np.uint8)
    paper[[24, 25, 34, 35], 15:45] = 0
    assert recogniser.recognise(Image.fromarray(paper)).tokens == ("=",)
