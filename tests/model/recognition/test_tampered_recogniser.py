"""Weights, vocabularies, calibrations and layouts from anywhere: each loads, or is refused in one sentence."""

from __future__ import annotations

import json
import random
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import save

from model.checkpoint import load_network
from model.layout.layout_finder import LAYOUT_NAME, LayoutError, LayoutFinder
from model.recognition.calibration import CALIBRATION_NAME, CalibrationError, load_calibration
from model.recognition.recogniser import Recogniser, RecogniserError
from model.vocabulary import Vocabulary, VocabularyError
from model.weights_file import CheckpointError, read_arrays
from tests.hostile.tampered_weights import GRAPHS, NAMES, tamper
from tests.model.conftest import RecogniserFiles

RESOURCES = Path(__file__).parents[3] / "resources"
REFUSALS = (RecogniserError, CheckpointError, VocabularyError, CalibrationError, LayoutError)


@pytest.fixture
def folder(recogniser_files: RecogniserFiles) -> Path:
    """A small recogniser with the calibration and the layout that ship."""
    for name in (CALIBRATION_NAME, LAYOUT_NAME):
        shutil.copyfile(RESOURCES / name, recogniser_files.weights.with_name(name))
    return recogniser_files.weights.parent


def load(folder: Path) -> None:
    """Load all parts, those whose faults the recogniser only logs among them."""
    load_calibration(folder / CALIBRATION_NAME)
    LayoutFinder.load(folder / LAYOUT_NAME)
    Recogniser.load(folder / NAMES[0], folder / NAMES[1], device="cpu")


@pytest.mark.parametrize("name", NAMES)
def test_tampered_files_are_refused_in_one_sentence(name: str, folder: Path) -> None:
    # Whoever loads weights of their own gets a sentence about a damaged download, whatever is wrong with it.
    whole = (folder / name).read_bytes()
    generator = random.Random(name)
    refusals = []
    for _ in range(25):
        how = tamper(folder, name, generator)
        try:
            load(folder)
        except REFUSALS as error:
            refusals.append((how, str(error)))
        (folder / name).write_bytes(whole)
    load(folder)
    assert refusals
    assert not [refusal for refusal in refusals if not refusal[1].endswith(".")]


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"encoder_attention_layers": 10**9}, "encoder_attention_layers is no whole number from 0 to 64"),
        ({"vocabulary_size": -1}, "vocabulary_size is no whole number"),
        ({"width": 256.0}, "width is no whole number"),
        ({"blocks": [2, 2]}, "three stages"),
        ({"heads": 7}, "7 heads do not share"),
        ({"decoder_layers": 40, "feed_forward_width": 32_000}, "not those that its header speaks of"),
    ],
)
def test_dimensions_have_bounds(entries: dict[str, Any], words: str, recogniser_files: RecogniserFiles) -> None:
    # A network of a billion layers was built for a minute and a half before its memory ran out.
    arrays, header = read_arrays(recogniser_files.weights)
    header["config"] |= entries
    recogniser_files.weights.write_bytes(save(arrays, metadata={"snaptex": json.dumps(header)}))
    with pytest.raises(CheckpointError, match=words):
        load_network(recogniser_files.weights)
    with pytest.raises(RecogniserError, match=r"\.$"):
        Recogniser.load(recogniser_files.weights, recogniser_files.vocabulary, device="cpu")


def test_weights_of_another_vocabulary_size_are_refused(recogniser_files: RecogniserFiles) -> None:
    # Its hash alone stands in the header; a token beyond the table would end the reading of a formula.
    table = Vocabulary.load(recogniser_files.vocabulary)
    larger = Vocabulary([*table.tokens, "another"])
    larger.save(recogniser_files.vocabulary)
    arrays, header = read_arrays(recogniser_files.weights)
    header["vocabulary_hash"] = larger.hash
    recogniser_files.weights.write_bytes(save(arrays, metadata={"snaptex": json.dumps(header)}))
    with pytest.raises(RecogniserError, match="are damaged: they are not of"):
        Recogniser.load(recogniser_files.weights, recogniser_files.vocabulary, device="cpu")


def test_graphs_beyond_all_measure_are_refused(recogniser_files: RecogniserFiles) -> None:
    # A few kilobytes of archive may hold gigabytes of zeros.
    with zipfile.ZipFile(recogniser_files.weights.with_name(GRAPHS), "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(70_000_000))
    with pytest.raises(RecogniserError, match="too large"):
        Recogniser.load(recogniser_files.weights, recogniser_files.vocabulary, device="cpu")
