"""What a new run starts from instead of random weights: a whole network, parts of one, or an encoder of ImageNet."""

from __future__ import annotations

import logging
from pathlib import Path

from torch import Tensor

from model.architectures.interface import Architecture
from model.checkpoint import load_network, load_tensors
from model.training.imagenet import load_imagenet
from model.training.training_arguments import RunPaths
from model.training.vocabulary_growth import grow
from model.vocabulary import Vocabulary
from model.weights_file import CheckpointError

logger = logging.getLogger(__name__)


def start_from(network: Architecture, paths: RunPaths, vocabulary: Vocabulary) -> None:
    """Take over the weights that the command line names, in place.

    Raises:
        CheckpointError: A file is missing, damaged, or not of this network.
        VocabularyGrowthError: The weights' vocabulary is not the beginning of this one.
    """
    if paths.initial_weights is not None:
        _take_network(network, paths.initial_weights, vocabulary)
    for part in paths.initial_parts:
        _take_part(network, part, vocabulary)
    if paths.imagenet:
        load_imagenet(network, paths.imagenet)


def _take_network(network: Architecture, weights: Path, vocabulary: Vocabulary) -> None:
    """Take over another network, which may lack draft heads and know the first of the vocabulary's tokens only."""
    other, header = load_network(weights)
    state = other.state_dict()
    if header["vocabulary_hash"] != vocabulary.hash:
        if "decoder.output_bias" not in state:
            raise CheckpointError(f"{weights} was trained with another vocabulary.")
        state = grow(state, header["vocabulary_hash"], vocabulary)
    _load(network, state, weights)


def _take_part(network: Architecture, path: Path, vocabulary: Vocabulary) -> None:
    """Take over some tensors, by their names; only an encoder knows nothing of tokens."""
    tensors, header = load_tensors(path)
    if header.get("pretrained") != "encoder" and header.get("vocabulary_hash") != vocabulary.hash:
        raise CheckpointError(f"{path} was trained with another vocabulary.")
    _load(network, tensors, path)
    logger.info("%d tensors are from %s (%s).", len(tensors), path, header.get("pretrained", "unknown"))


def _load(network: Architecture, tensors: dict[str, Tensor], path: Path) -> None:
    own = network.state_dict()
    for name, tensor in tensors.items():
        if name not in own or own[name].shape != tensor.shape:
            raise CheckpointError(f"{path} is not of this network: {name} does not fit.")
    network.load_state_dict(own | tensors)
