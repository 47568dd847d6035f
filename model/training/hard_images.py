"""How sure trained weights are of each training image's label, so that training need not dwell on what they know.

    python -m model.training.hard_images WEIGHTS VOCABULARY FOLDER...

In the later stages of training seven images in ten are read right and teach little, yet take as long as the others. One
forward pass, the label given, tells which: with `--easy-share` training draws those more rarely (Katharopoulos and
Fleuret 2018; Jiang and others 2019, "the biggest losers"). What the network gives a label is written to
`least-probability.npy` in each folder.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from model.architectures.interface import Architecture
from model.checkpoint import load_network
from model.training.batch_plan import BatchLimits, cut_to_limits
from model.training.dataset import EASY, LEAST_PROBABILITIES, FormulaImages
from model.training.precision import can_train_in_bfloat16, trains_in_bfloat16
from model.vocabulary import PAD, Vocabulary

logger = logging.getLogger(__name__)

_LIMITS = BatchLimits(pixels=1_600_000, tokens=4_400, images=64)


def main(arguments: list[str] | None = None) -> None:
    """Command line of the module."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.hard_images", description="Find the images that weights find hard."
    )
    parser.add_argument("weights", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("folders", type=Path, nargs="+", help="folders of packed images")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    network, _ = load_network(given.weights)
    vocabulary = Vocabulary.load(given.vocabulary)
    for folder in given.folders:
        least = least_probabilities(network, FormulaImages([folder], vocabulary))
        np.save(folder / LEAST_PROBABILITIES, least)
        logger.info("%s: %d of %d images are easy", folder, int((least >= EASY).sum()), len(least))


def least_probabilities(network: Architecture, data: FormulaImages) -> np.ndarray:
    """Return what the network gives the label's least probable token, the ones before it given; float32 (images,)."""
    network.eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    is_short = trains_in_bfloat16("cpu") and can_train_in_bfloat16(network)
    least = np.zeros(len(data), dtype=np.float32)
    bar = tqdm(total=len(data), disable=None)
    with bar, torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=is_short):
        for indices in cut_to_limits(data.sizes, _LIMITS):
            batch = data.batch(indices, None)
            logits = network(batch.images, batch.sizes, batch.token_ids[:, :-1]).logits.float()
            wanted = batch.token_ids[:, 1:]
            given = logits.softmax(dim=-1).gather(-1, wanted[..., None])[..., 0]
            least[indices] = given.masked_fill(wanted == PAD, 1.0).amin(dim=1).numpy()
            bar.update(len(indices))
    return least


if __name__ == "__main__":
    main()
