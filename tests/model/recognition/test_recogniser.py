"""From any image to a formula: files that fit together, images of every kind, batches like single images."""

from __future__ import annotations

import math
import socket
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from model.decoding.decoded_formula import DecodedFormula, DecodingOptions, StopReason
from model.decoding.grammar import _grammar_of
from model.engines.graph_engine import GraphEngine
from model.image_transform import ImageError
from model.latex import normalise
from model.recognition.batching import group_by_size
from model.recognition.recogniser import Recogniser, RecogniserError, prepare
from model.recognition.result import recognition_of
from model.vocabulary import Vocabulary
from model.weights_file import CheckpointError


def draw_text(text: str = "a+b=7", *, size: int = 30) -> Image.Image:
    """Black text on white."""
    image = Image.new("RGB", (size * len(text), 2 * size), "white")
    ImageDraw.Draw(image).text((size // 2, size // 3), text, fill="black", font=ImageFont.load_default(size=size))
    return image


@pytest.fixture
def recogniser(recogniser_files: SimpleNamespace) -> Recogniser:
    return Recogniser.load(recogniser_files.weights, recogniser_files.vocabulary, device="cpu")


def test_what_is_known_by_heart_is_read_after_loading(
    recogniser: Recogniser, images_by_heart: list[np.ndarray], formulas: list[list[str]]
) -> None:
    # Half precision on disk, folded norms, groups by size: none of them may change what is read.
    recognitions = recogniser.recognise_inputs(images_by_heart, options=DecodingOptions())
    assert [list(recognition.tokens) for recognition in recognitions] == formulas
    for recognition in recognitions:
        assert normalise(recognition.latex) == list(recognition.tokens)
        assert 0.2 < recognition.confidence <= 1.0
        assert len(recognition.token_log_probabilities) == len(recognition.tokens)
        assert recognition.seconds > 0


def test_batch_reads_like_single_images(engine: GraphEngine, vocabulary: Vocabulary) -> None:
    # Many files go as batches; company must not change what is read.
    recogniser = Recogniser(engine, vocabulary)
    images = [
        draw_text(text, size=size) for text in ("x", "12+3", "f(x)=y", "a long line of text") for size in (18, 30)
    ]
    together = recogniser.recognise_batch(images)
    alone = [recogniser.recognise(image) for image in images]
    assert [recognition.tokens for recognition in together] == [recognition.tokens for recognition in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.token_log_probabilities == pytest.approx(other.token_log_probabilities, abs=1e-3)


def test_groups_side_by_side_read_like_one_after_the_other(recogniser: Recogniser) -> None:
    # Each core reads a group of its own; they share the network and the grammar's masks, which grow meanwhile.
    inputs = [prepare(draw_text(text, size=30)) for text in ("x", "12+3", "f(x)=y+z", "a long line of text") * 3]
    assert len(group_by_size(inputs)) >= 3
    recogniser.engine.reads_side_by_side = 1
    alone = recogniser.recognise_inputs(inputs)
    _grammar_of.cache_clear()
    recogniser.engine.reads_side_by_side = 3
    together = recogniser.recognise_inputs(inputs)
    assert [recognition.tokens for recognition in together] == [recognition.tokens for recognition in alone]


def test_fault_in_one_group_is_raised(recogniser: Recogniser) -> None:
    # A thread's error must not pass for an empty result.
    inputs = [prepare(draw_text(text, size=30)) for text in ("x", "12+3", "f(x)=y+z", "a long line of text")]
    inputs[2] = np.full((3, 0), 0.5, dtype=np.float32)
    recogniser.engine.reads_side_by_side = 3
    with pytest.raises(Exception, match="0"):
        recogniser.recognise_inputs(inputs)


def test_groups_hold_every_image_once_and_little_padding() -> None:
    # An image lost or doubled in grouping would shift all formulas after it.
    generator = np.random.default_rng(0)
    images = [np.ones((int(h), int(w)), np.float32) for h, w in generator.integers(10, 300, size=(100, 2))]
    groups = group_by_size(images)
    assert sorted(index for group in groups for index in group) == list(range(100))
    for group in groups:
        shapes = np.array([images[index].shape for index in group])
        assert shapes.max(axis=0).prod() * len(group) <= 1.3 * shapes.prod(axis=1).sum()


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA", "LA", "CMYK", "YCbCr", "HSV", "I;16", "I", "F"])
def test_every_mode_is_read_alike(recogniser: Recogniser, mode: str) -> None:
    # A screen gives RGBA, a scanner one bit, a scientific plot floats: it is the same formula.
    # Black and white alone, so that no mode loses any of it.
    source = draw_text().convert("1", dither=Image.Dither.NONE).convert("RGB")
    expected = recogniser.recognise(source).tokens
    image = source.convert("L") if mode in {"I;16", "I", "F", "LA"} else source
    assert recogniser.recognise(image.convert(mode)).tokens == expected


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.bool_])
def test_arrays_are_read_like_images(recogniser: Recogniser, dtype: type[np.generic]) -> None:
    # The windows hand over arrays.
    expected = recogniser.recognise(draw_text()).tokens
    levels = {np.uint8: 255, np.uint16: 65535, np.float32: 1.0, np.bool_: True}[dtype]
    array = (np.asarray(draw_text().convert("L")) > 127).astype(dtype) * dtype(levels)
    assert recogniser.recognise(array.astype(dtype)).tokens
    assert recogniser.recognise(np.asarray(draw_text())).tokens == expected


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((0, 10), np.uint8),
        np.zeros((10, 10, 2), np.uint8),
        np.zeros((2, 10, 10, 3), np.uint8),
        np.zeros(10, np.uint8),
        np.zeros((10, 10), np.complex64),
        np.zeros((10, 10, 3), np.float64),
        np.full((40, 40), np.nan, np.float32),
        np.full((40, 40), np.inf, np.float32),
    ],
    ids=["empty", "two channels", "video", "a row", "complex", "float colours", "not a number", "infinite"],
)
def test_arrays_that_are_no_image_are_refused(recogniser: Recogniser, array: np.ndarray) -> None:
    with pytest.raises(ImageError):
        recogniser.recognise(array)


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (1, 1)),
        Image.new("L", (300, 100), 255),
        Image.new("RGBA", (300, 100), (0, 0, 0, 0)),
        Image.new("1", (20_000, 20_000)),
        Image.new("L", (0, 0)),
        Image.new("L", (1, 500)),
    ],
    ids=["one pixel", "blank", "transparent", "huge", "empty", "a line of pixels"],
)
def test_hopeless_images_get_one_sentence(recogniser: Recogniser, image: Image.Image) -> None:
    # What the user selects by mistake must end in words, not in a made-up formula.
    with pytest.raises(ImageError) as caught:
        recogniser.recognise(image)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("shape", [(100, 150), (3, 4000), (4000, 3), (20, 600)])
def test_noise_ends_in_a_formula_that_parses(recogniser: Recogniser, shape: tuple[int, int]) -> None:
    # A photograph, a torn edge, a bar code: nothing crashes or hangs.
    noise = np.random.default_rng(0).integers(0, 256, size=shape, dtype=np.uint8)
    recognition = recogniser.recognise(noise)
    assert normalise(recognition.latex) == list(recognition.tokens)
    assert recognition.latex


def test_rotation_noted_by_a_camera_is_followed() -> None:
    # A phone stores the image as the sensor saw it and a note which side is up.
    upright = draw_text("f(x)=y")
    turned = upright.rotate(90, expand=True)
    turned.getexif()[274] = 6
    np.testing.assert_allclose(prepare(turned), prepare(upright), atol=0.02)


def test_weights_of_another_vocabulary_are_refused(recogniser_files: SimpleNamespace, tmp_path: Path) -> None:
    # With another table every token would be a wrong one, silently.
    other = tmp_path / "other.json"
    Vocabulary.build([["x", "y"]]).save(other)
    with pytest.raises(RecogniserError, match="another vocabulary"):
        Recogniser.load(recogniser_files.weights, other)


def test_missing_and_damaged_files_are_named(recogniser_files: SimpleNamespace, tmp_path: Path) -> None:
    missing, damaged = tmp_path / "missing", tmp_path / "damaged"
    damaged.write_bytes(recogniser_files.weights.read_bytes()[:1000])
    with pytest.raises(RecogniserError, match="missing"):
        Recogniser.load(recogniser_files.weights, missing)
    with pytest.raises(CheckpointError, match="missing"):
        Recogniser.load(missing, recogniser_files.vocabulary)
    with pytest.raises(CheckpointError, match="damaged"):
        Recogniser.load(damaged, recogniser_files.vocabulary)


@pytest.mark.parametrize("device", ["tpu", "cuda:99", ""])
def test_unknown_devices_are_refused(recogniser_files: SimpleNamespace, device: str) -> None:
    with pytest.raises(RecogniserError, match="device"):
        Recogniser.load(recogniser_files.weights, recogniser_files.vocabulary, device=device)


def test_nothing_is_sent_anywhere(recogniser_files: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    # The promise of the product: what is recognised stays on this computer.
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a network connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    recogniser = Recogniser.load(recogniser_files.weights, recogniser_files.vocabulary)
    assert recogniser.recognise(draw_text()).latex


def decoded(text: str, *, end: float = 0.0, stop_reason: StopReason = StopReason.COMPLETE) -> DecodedFormula:
    """A formula whose tokens have the log-probabilities -1, -2, -3, ..."""
    tokens = text.split()
    return DecodedFormula(
        token_ids=[0] * len(tokens),
        tokens=tokens,
        token_log_probabilities=[-1.0 - index for index in range(len(tokens))],
        end_log_probability=end,
        stop_reason=stop_reason,
    )


def test_confidence_is_the_geometric_mean_of_all_probabilities() -> None:
    assert recognition_of(decoded("x y", end=-3.0), seconds=0.0).confidence == pytest.approx(math.exp(-2.0))


@pytest.mark.parametrize("stop_reason", [StopReason.TOO_LONG, StopReason.REPETITION])
def test_what_was_cut_short_has_no_confidence(stop_reason: StopReason) -> None:
    # A loop is written with great certainty.
    assert recognition_of(decoded("x x x", stop_reason=stop_reason), seconds=0.0).confidence == 0.0


def test_tokens_are_canonical_and_keep_their_log_probabilities() -> None:
    # The network may spell a formula in a way that canonical form does not.
    recognition = recognition_of(decoded(r"\mathrm { s i n } x"), seconds=0.0)
    assert recognition.tokens == (r"\sin", "x")
    assert recognition.token_log_probabilities == (-6.0, -7.0)


def test_beam_search_is_reached_through_the_options(recogniser: Recogniser) -> None:
    greedy, beam = (recogniser.recognise(draw_text(), options=DecodingOptions(beam_size=size)) for size in (1, 4))
    assert beam.tokens
    assert greedy.tokens
