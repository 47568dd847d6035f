"""Write what ships of a run: the averaged network as float16, its vocabulary, the graphs that run it, and checksums.

    python -m model.training.export_weights RUN_FOLDER/best.safetensors --vocabulary FILE --out resources/

With `--mean-with`, what ships lies between the weights that a short run started from and those it ended with, halfway
or by `--share` of the way (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"): docs/experiments.md (034)
says why. The weights it started from may have a smaller vocabulary, which the run's begins with.

With `--images`, what comes out of the encoder's convolutions is measured on packed images, so that they multiply
integers of 8 bits on processors that have an instruction for it.
"""

from __future__ import annotations

import argparse
import logging
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from model.architectures.interface import Architecture
from model.checkpoint import load_network, parameter_count, save_network
from model.checksums import record_checksums
from model.training.activation_ranges import images_of, measure_ranges
from model.training.export_graphs import export_graphs
from model.training.vocabulary_growth import VocabularyGrowthError, grow
from model.vocabulary import Vocabulary
from model.weights_file import CheckpointError

logger = logging.getLogger(__name__)

WEIGHTS_NAME = "weights.safetensors"
VOCABULARY_NAME = "vocabulary.json"


_OF_TOKENS = frozenset({"decoder.embedding.weight", "decoder.output_bias"})
_DRAFT_HEADS = "decoder.draft_heads."  # They only guess, so the newest are the best.


def export_weights(
    best: Path,
    vocabulary: Path,
    folder: Path,
    *,
    mean_with: Path | None = None,
    share: float = 0.5,
    images: Sequence[Path] = (),
) -> Path:
    """Write weights, graphs, vocabulary and their checksums into `folder`; return the weights' path.

    Args:
        best: The averaged network of a run.
        vocabulary: The table that it was trained with.
        folder: Where the two files go.
        mean_with: Weights of the same network: a mean of both is written, only the draft heads and what belongs to
            tokens that it lacks are the run's.
        share: Of the run's weights in that mean.
        images: Folders of packed images on which the ranges of the encoder's numbers are measured; none leaves its
            convolutions as they are.

    Raises:
        CheckpointError: A file holds no network, or one trained with another vocabulary, or the two networks differ.
    """
    network, header = load_network(best)
    table = Vocabulary.load(vocabulary)
    vocabulary_hash = table.hash
    if header["vocabulary_hash"] != vocabulary_hash:
        raise CheckpointError(f"{best} was trained with another vocabulary than {vocabulary}.")
    if mean_with is not None:
        other, other_header = load_network(mean_with)
        try:
            others = other.state_dict()
            if other_header["vocabulary_hash"] != vocabulary_hash:
                others = grow(others, other_header["vocabulary_hash"], table)
        except VocabularyGrowthError as error:
            raise CheckpointError(f"{mean_with} is not of the same network as {best}.") from error
        if replace(other.config, vocabulary_size=network.config.vocabulary_size) != network.config:
            raise CheckpointError(f"{mean_with} is not of the same network as {best}.")
        _move_towards(network, others, 1.0 - share, known=other.config.vocabulary_size)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / WEIGHTS_NAME
    # The graphs come first: weights without fitting graphs would not load.
    graphs = export_graphs(network, folder)
    metadata = {"progress": header.get("progress", {})}
    if images:
        metadata["ranges"] = measure_ranges(network, images_of(images))
    save_network(path, network, vocabulary_hash=vocabulary_hash, metadata=metadata, half=True, tokeniser=table.kind)
    if vocabulary.resolve() != (folder / VOCABULARY_NAME).resolve():
        shutil.copyfile(vocabulary, folder / VOCABULARY_NAME)
    record_checksums(path, folder / VOCABULARY_NAME, graphs)
    logger.info("%s: %.2f M parameters, %.1f MB", path, parameter_count(network) / 1e6, path.stat().st_size / 1e6)
    return path


def _move_towards(network: Architecture, others: dict[str, Tensor], share: float, *, known: int) -> None:
    """Bring a network some share of the way to another one, in place; tokens from `known` on stay as they are."""
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if not tensor.is_floating_point() or name.startswith(_DRAFT_HEADS):
                continue
            moved = tensor[:known] if name in _OF_TOKENS else tensor
            moved.lerp_(others[name][:known] if name in _OF_TOKENS else others[name], share)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments and export."""
    parser = argparse.ArgumentParser(prog="python -m model.training.export_weights", description=export_weights.__doc__)
    parser.add_argument("best", type=Path, help="the run's best.safetensors")
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder for weights and vocabulary")
    parser.add_argument("--mean-with", type=Path, metavar="WEIGHTS", help="weights that the run started from")
    parser.add_argument("--share", type=float, default=0.5, help="of the run's weights in the mean (%(default)s)")
    parser.add_argument("--images", type=Path, nargs="+", default=[], metavar="FOLDER", help="packed, to measure with")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    export_weights(
        options.best,
        options.vocabulary,
        options.out,
        mean_with=options.mean_with,
        share=options.share,
        images=options.images,
    )


if __name__ == "__main__":
    main()
