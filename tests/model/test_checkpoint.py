"""The header of weights says all that has to fit: a network, the graphs, the vocabulary and the transform of images."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
import torch

from model.architectures.resnet_transformer import ResNetTransformer
from model.checkpoint import load_network, load_tensors, save_network, save_tensors
from model.recognition.recogniser import Recogniser, RecogniserError
from model.vocabulary import Vocabulary
from model.weights_file import CheckpointError, read_arrays
from tests.model.conftest import RecogniserFiles


def test_a_network_comes_back_as_it_was(network: ResNetTransformer, tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    save_network(path, network, vocabulary_hash="0123", metadata={"progress": {"step": 3}}, half=False)
    loaded, header = load_network(path)
    assert loaded.config == network.config
    assert all(torch.equal(one, loaded.state_dict()[name]) for name, one in network.state_dict().items())
    assert (header["vocabulary_hash"], header["progress"]) == ("0123", {"step": 3})
    # Without PyTorch the same values are found.
    arrays, same_header = read_arrays(path)
    assert same_header == json.loads(json.dumps(header))
    assert arrays.keys() == network.state_dict().keys()


def changed(files: RecogniserFiles, **entries: object) -> None:
    """Write other entries into the header of the weights; None takes one out."""
    tensors, header = load_tensors(files.weights)
    header = {name: value for name, value in {**header, **entries}.items() if value is not None}
    save_tensors(files.weights, tensors, header)


def test_weights_from_before_there_was_a_choice_are_read(recogniser_files: RecogniserFiles) -> None:
    # Their header names dimensions alone.
    _, header = load_tensors(recogniser_files.weights)
    changed(recogniser_files, architecture=None, config=None, transform=None, dimensions=header["config"])
    assert load_network(recogniser_files.weights)[1]["architecture"] == "resnet_transformer"
    assert Recogniser.load(recogniser_files.weights, recogniser_files.vocabulary, device="cpu").device == "cpu"


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"architecture": "lstm"}, "no architecture called 'lstm'"),
        ({"config": {"vocabulary_size": 9, "depth": 3}}, "nothing called depth"),
        ({"config": {}}, "cannot be built"),
    ],
    ids=["another architecture", "an unknown entry", "an entry too few"],
)
def test_what_cannot_be_built_is_named(
    recogniser_files: RecogniserFiles, entries: dict[str, object], words: str
) -> None:
    # An unknown dimension was passed over before, and another network was built without a word.
    changed(recogniser_files, **copy.deepcopy(entries))
    with pytest.raises(CheckpointError, match=words):
        load_network(recogniser_files.weights)


def test_another_text_height_is_refused(recogniser_files: RecogniserFiles, vocabulary: Vocabulary) -> None:
    # The network would see every formula in another size than it was trained on, and read worse without a word.
    changed(recogniser_files, transform={"text_height": 12.0, "margin": 4})
    with pytest.raises(RecogniserError, match=r"12\.0 pixels high"):
        Recogniser.load(recogniser_files.weights, recogniser_files.vocabulary, device="cpu")
