"""Write the weights that ship: the averaged network of a run, as float16, without anything only training needs.

python -m model.training.export_weights RUN_FOLDER/best.safetensors --vocabulary FILE --out resources/
"""

from __future__ import annotations

import argparse
import logging
import shutil
from pathlib import Path

from model.checkpoint import CheckpointError, load_network, parameter_count, save_network
from model.vocabulary import Vocabulary

logger = logging.getLogger(__name__)

WEIGHTS_NAME = "weights.safetensors"
VOCABULARY_NAME = "vocabulary.json"


def export_weights(best: Path, vocabulary: Path, folder: Path) -> Path:
    """Write weights and vocabulary into `folder`; return the weights' path.

    Raises:
        CheckpointError: The file holds no network, or one trained with another vocabulary.
    """
    network, header = load_network(best)
    if header["vocabulary_hash"] != Vocabulary.load(vocabulary).hash:
        raise CheckpointError(f"{best} was trained with another vocabulary than {vocabulary}.")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / WEIGHTS_NAME
    metadata = {"progress": header.get("progress", {})}
    save_network(path, network, vocabulary_hash=header["vocabulary_hash"], metadata=metadata, half=True)
    if vocabulary.resolve() != (folder / VOCABULARY_NAME).resolve():
        shutil.copyfile(vocabulary, folder / VOCABULARY_NAME)
    logger.info("%s: %.2f M parameters, %.1f MB", path, parameter_count(network) / 1e6, path.stat().st_size / 1e6)
    return path


def main() -> None:
    """Read the arguments and export."""
    parser = argparse.ArgumentParser(prog="python -m model.training.export_weights", description=export_weights.__doc__)
    parser.add_argument("best", type=Path, help="the run's best.safetensors")
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder for weights and vocabulary")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    export_weights(arguments.best, arguments.vocabulary, arguments.out)


if __name__ == "__main__":
    main()
