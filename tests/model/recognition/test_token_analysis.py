"""What is known of each token: the alternatives, where it was read, and decoding anew from a chosen one."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from model.decoding.decoded_formula import DecodingOptions
from model.latex import join_tokens, normalise
from model.recognition.calibration import UNCALIBRATED, ConfidenceLevel
from model.recognition.image_file import read_image
from model.recognition.recogniser import Recogniser, RecogniserError

RESOURCES = Path(__file__).parents[3] / "resources"
SAMPLES = Path(__file__).parent / "samples"
IMAGES = [read_image(SAMPLES / f"{number:02}.png") for number in (3, 5, 9, 20, 61)]


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load(RESOURCES / "weights.safetensors", RESOURCES / "vocabulary.json", device="cpu")


def test_every_token_has_alternatives_that_differ(recogniser: Recogniser) -> None:
    for image in IMAGES:
        reading = recogniser.recognise(image)
        analysis = recogniser.analyse_tokens(image, reading.tokens)
        assert len(analysis.alternatives) == len(reading.tokens) == len(analysis.attention)
        assert "{" not in dict(analysis.alternatives[0])  # a brace round the first symbol cannot be seen
        for token, others in zip(reading.tokens, analysis.alternatives, strict=True):
            names = [name for name, _ in others]
            assert token not in names
            assert len(set(names)) == len(names)
            assert [share for _, share in others] == sorted((share for _, share in others), reverse=True)


def test_any_alternative_leads_to_a_formula(recogniser: Recogniser) -> None:
    # Whatever the user chooses, the text before it stays and the whole can be typeset.
    for image in IMAGES[:3]:
        reading = recogniser.recognise(image)
        analysis = recogniser.analyse_tokens(image, reading.tokens)
        for place in sorted({0, len(reading.tokens) // 2, *reading.unsure}):
            for name, _ in analysis.alternatives[place][:2]:
                other = recogniser.decode_with_prefix(image, [*reading.tokens[:place], name])
                assert normalise(other.latex) == list(other.tokens)
                assert normalise(join_tokens(other.tokens)) == list(other.tokens)
                assert other.tokens != reading.tokens


def test_going_on_without_a_change_gives_the_same_formula(recogniser: Recogniser) -> None:
    # Decoding with a prefix must see the same image and the same tokens as decoding at once.
    for image in IMAGES:
        reading = recogniser.recognise(image)
        for length in (0, 1, len(reading.tokens) // 2, len(reading.tokens)):
            assert recogniser.decode_with_prefix(image, reading.tokens[:length]).tokens == reading.tokens


def test_chosen_token_is_certain(recogniser: Recogniser) -> None:
    # A person said so; it must not be marked again.
    image = IMAGES[0]
    reading = recogniser.recognise(image)
    alternatives = recogniser.analyse_tokens(image, reading.tokens).alternatives
    place = int(np.argmax([others[0][1] if others else 0.0 for others in alternatives]))
    other, _ = alternatives[place][0]
    chosen = recogniser.decode_with_prefix(image, [*reading.tokens[:place], other])
    assert chosen.token_log_probabilities[place] == 0.0
    assert place not in chosen.unsure
    # Weights of eight bits are scaled by what is decoded together, so the beginning read at once differs by a hair.
    assert chosen.token_log_probabilities[:place] == pytest.approx(reading.token_log_probabilities[:place], abs=5e-3)


@pytest.mark.parametrize("tokens", [["}"], ["x", "^", "^"], [r"\frac", "a"], ["no such token"]])
def test_what_begins_no_formula_is_refused(recogniser: Recogniser, tokens: list[str]) -> None:
    with pytest.raises(RecogniserError, match=r"\.$"):
        recogniser.decode_with_prefix(IMAGES[0], tokens)
    with pytest.raises(RecogniserError, match=r"\.$"):
        recogniser.analyse_tokens(IMAGES[0], tokens)


def test_beam_search_keeps_to_the_beginning_as_well(recogniser: Recogniser) -> None:
    prefix = ("z", "+", r"\alpha")
    options = DecodingOptions(beam_size=3, prefix=tuple(recogniser.vocabulary.encode(prefix)))
    found = recogniser.recognise(IMAGES[0], options=options)
    assert {reading.tokens[:3] for reading in (found, *found.alternatives)} == {prefix}


def test_symbols_were_read_where_they_stand(recogniser: Recogniser) -> None:
    # "a b" far apart: what lights up for each letter is its own half of the image.
    image = Image.new("L", (600, 120), 255)
    letters = read_image(SAMPLES / "05.png").convert("L")
    image.paste(letters.resize((letters.width * 60 // letters.height, 60)).crop((0, 0, 300, 60)), (20, 30))
    reading = recogniser.recognise(image)
    analysis = recogniser.analyse_tokens(image, reading.tokens)
    left, top, right, bottom = analysis.extent()
    assert left < reading.placement.left + 1  # type: ignore[union-attr]
    assert right > reading.placement.right - 1  # type: ignore[union-attr]
    rows, columns = analysis.attention.shape[1:]
    places = []
    for token, share in zip(reading.tokens, analysis.attention, strict=True):
        if token not in {"{", "}", "^", "_"}:
            places.append(left + (right - left) * float(share.sum(axis=0) @ (np.arange(columns) + 0.5)) / columns)
    assert rows > 1
    assert bottom > top
    # A formula on one line is read from left to right.
    assert np.corrcoef(places, np.arange(len(places)))[0, 1] > 0.8


def test_text_height_follows_the_size_of_the_image(recogniser: Recogniser) -> None:
    # The window brings image and preview to one size by it.
    image = IMAGES[0]
    once = recogniser.recognise(image).placement
    twice = recogniser.recognise(image.resize((2 * image.width, 2 * image.height))).placement
    assert once is not None
    assert twice is not None
    assert twice.text_height == pytest.approx(2 * once.text_height, rel=0.15)
    assert once.to_source(*once.to_network(12.0, 7.0)) == pytest.approx((12.0, 7.0))


def test_calibration_beside_the_weights_is_used(
    recogniser_files: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    calibration = recogniser_files.weights.with_name("calibration.json")
    calibration.write_text('{"thresholds": {"sure": 0.0, "check": 0.0, "token": 1.0}}', encoding="utf-8")
    recogniser = Recogniser.load(recogniser_files.weights, recogniser_files.vocabulary, device="cpu")
    reading = recogniser.recognise_inputs([np.random.default_rng(1).random((40, 100), dtype=np.float32)])[0]
    assert reading.confidence_level is ConfidenceLevel.SURE
    assert reading.unsure == tuple(range(len(reading.tokens)))
    # A damaged one is said in the log, and formulas are read as before.
    calibration.write_text("{", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        recogniser = Recogniser.load(recogniser_files.weights, recogniser_files.vocabulary, device="cpu")
    assert recogniser.calibration is UNCALIBRATED
    assert "uncalibrated" in caplog.text
