"""Score averaged weights on images never trained on: loss, and greedy decoding with the metrics of the field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, distributed

from model import metrics
from model.architectures.interface import Architecture
from model.architectures.registry import build, name_of
from model.checkpoint import save_network
from model.decoding.decode import decode
from model.engines.torch_runner import torch_engine
from model.training.dataset import FormulaImages
from model.training.losses import token_loss
from model.training.run_state import Progress
from model.vocabulary import PAD, Vocabulary

_BATCH = 24


class Validation:
    """A fixed sample of the validation images, so that scores of one run can be compared; shared out over processes."""

    def __init__(
        self, folders: Sequence[Path], vocabulary: Vocabulary, *, images: int, rank: int = 0, processes: int = 1
    ) -> None:
        self.vocabulary, self.rank, self.processes = vocabulary, rank, processes
        self.data = FormulaImages(folders, vocabulary)
        generator = np.random.default_rng(0)
        sample = generator.permutation(len(self.data))[:images]
        widths = self.data.sizes.widths[sample]
        ordered = sample[np.argsort(widths, kind="stable")]  # Like widths together: less padding.
        batches = [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
        self.batches = batches[rank::processes]

    def score(self, weights: dict[str, Tensor], trained: Architecture) -> dict[str, float]:
        """Return `validation_loss`, `exact_match`, `edit_similarity` and `bleu`, the same in every process.

        Args:
            weights: What is scored.
            trained: A network of the dimensions that these have; it is scored on the same device.
        """
        network = _untrained(trained)
        network.load_state_dict({name: tensor.cpu() for name, tensor in weights.items()})
        device = next(trained.parameters()).device
        network.eval().to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        engine = torch_engine(network, device)
        losses: list[float] = []
        references: list[list[str]] = []
        predictions: list[list[str]] = []
        with torch.inference_mode():
            for indices in self.batches:
                batch = self.data.batch(indices, None)
                moved = batch.to(device)
                logits = network(moved.images, moved.sizes, moved.token_ids[:, :-1]).logits
                losses.append(float(token_loss(logits, moved.token_ids[:, 1:], PAD, 0.0)))
                images = [
                    image[0, :height, :width].numpy()
                    for image, (height, width) in zip(batch.images, batch.sizes.tolist(), strict=True)
                ]
                decoded = decode(engine, images, self.vocabulary)
                predictions.extend(formula.tokens for formula in decoded)
                references.extend(self.data.tokens(int(index)) for index in indices)
        losses, references, predictions = self._gather(losses, references, predictions)
        return {
            "validation_loss": float(np.mean(losses)),
            "exact_match": metrics.exact_match(references, predictions),
            "edit_similarity": metrics.edit_similarity(references, predictions),
            "bleu": metrics.bleu(references, predictions),
        }

    def save_best(self, path: Path, weights: dict[str, Tensor], trained: Architecture, progress: Progress) -> None:
        """Write averaged weights as a network of their own."""
        network = _untrained(trained)
        network.load_state_dict(weights)
        metadata = {"progress": asdict(progress)}
        table = self.vocabulary
        save_network(path, network, vocabulary_hash=table.hash, metadata=metadata, half=False, tokeniser=table.kind)

    def _gather(
        self, losses: list[float], references: list[list[str]], predictions: list[list[str]]
    ) -> tuple[list[float], list[list[str]], list[list[str]]]:
        """Collect the results of all processes."""
        if self.processes == 1:
            return losses, references, predictions
        parts: list[tuple[list[float], list[list[str]], list[list[str]]]] = [([], [], [])] * self.processes
        distributed.all_gather_object(parts, (losses, references, predictions))
        return (
            [loss for part in parts for loss in part[0]],
            [tokens for part in parts for tokens in part[1]],
            [tokens for part in parts for tokens in part[2]],
        )


def _untrained(network: Architecture) -> Architecture:
    """Return an untrained network of the same dimensions."""
    return build(name_of(network), asdict(network.config))
