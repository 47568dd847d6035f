"""Command: trains a part of a network before the whole of it, and writes what a run starts from.

    python -m model.training.pretrain decoder FOLDER... --vocabulary FILE --out decoder.safetensors
    python -m model.training.pretrain encoder FOLDER... --vocabulary FILE --out encoder.safetensors
    python -m model.training.train ... --initial-parts decoder.safetensors

`decoder` hides tokens of formulas, without their images, and has a Transformer decoder say which they were (Devlin et
al. 2019, "BERT"). `encoder` has transposed convolutions draw the image again from the feature map of an encoder's
ResNet, or of its trunk where it has none (Hinton and Salakhutdinov 2006, an auto-encoder).
"""

from __future__ import annotations

import argparse
import logging
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from model.architectures.interface import Architecture
from model.architectures.transformer_network import TransformerNetwork
from model.checkpoint import save_tensors
from model.layers.convolutional_trunks import ResNetTrunk, Trunk
from model.layers.memory import Memory
from model.layers.reduction import reduced, reduced_sizes
from model.layers.true_sizes import TrueSizes
from model.training.batch_plan import BatchLimits, plan_chunk
from model.training.dataset import Batch, FormulaImages
from model.training.losses import token_loss
from model.training.options import TrainingOptions
from model.training.train import untrained_network
from model.vocabulary import PAD, SPECIAL_TOKENS, UNKNOWN, Vocabulary
from model.weights_file import CheckpointError

logger = logging.getLogger(__name__)

MASKED = 0.15
"""Share of the tokens that are hidden behind `<unk>`."""


@dataclass(frozen=True)
class PretrainingOptions:
    """How a part is trained.

    Attributes:
        part: `decoder` or `encoder`.
        processor_seconds: Of processor time.
        learning_rate: Of AdamW; it falls along a cosine.
        seed: Of the first weights, the data's order and what is hidden.
    """

    part: str
    processor_seconds: float = 300.0
    learning_rate: float = 1e-3
    seed: int = 1


def pretrain(network: Architecture, data: FormulaImages, options: PretrainingOptions) -> dict[str, Tensor]:
    """Train a part of a network in place; return its tensors by the names that the network has for them.

    Raises:
        CheckpointError: The network has no such part.
    """
    part = _masked_tokens(network) if options.part == "decoder" else _auto_encoder(network)
    optimiser = torch.optim.AdamW(part.parameters(), lr=options.learning_rate, weight_decay=0.01)
    generator = torch.Generator().manual_seed(options.seed)
    started = time.process_time()
    losses: list[float] = []
    bar = tqdm(total=1.0, disable=None, bar_format="{l_bar}{bar}| {postfix}")
    for batch in _batches(data, options.seed):
        share = min(1.0, (time.process_time() - started) / options.processor_seconds)
        if losses and share >= 1.0:  # opening the data may take all the time of a short run, which still trains a step
            break
        for group in optimiser.param_groups:
            group["lr"] = options.learning_rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share)))
        optimiser.zero_grad()
        loss = part(batch, generator)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(part.parameters(), 1.0)
        optimiser.step()
        losses.append(float(loss.detach()))
        bar.n = round(share, 3)
        bar.set_postfix_str(f"loss {losses[-1]:.3f}")
    logger.info("%d batches, loss %.3f to %.3f", len(losses), losses[0], losses[-1])
    prefix = part.prefix
    return {name: tensor for name, tensor in network.state_dict().items() if name.startswith(f"{prefix}.")}


class _MaskedTokens(nn.Module):
    """A decoder that sees all of a formula but some tokens, and no image."""

    prefix = "decoder"

    def __init__(self, network: TransformerNetwork) -> None:
        super().__init__()
        self.decoder = network.decoder
        self.cells = torch.zeros(1, 1, network.decoder.width)

    def forward(self, batch: Batch, generator: torch.Generator) -> Tensor:
        token_ids = batch.token_ids
        hidden = (torch.rand(token_ids.shape, generator=generator) < MASKED) & (token_ids >= len(SPECIAL_TOKENS))
        hidden[0, 1] = True  # a batch with nothing hidden has no loss
        shown = token_ids.masked_fill(hidden, UNKNOWN)
        memory = Memory(
            self.cells.expand(len(shown), -1, -1), torch.zeros(len(shown), 1, 1, 1), torch.zeros(len(shown), 1), 1, 1
        )
        logits = self.decoder.logits(self.decoder(shown, memory, causal=False))
        return token_loss(logits, token_ids.masked_fill(~hidden, PAD), PAD, 0.0)


class _AutoEncoder(nn.Module):
    """A trunk, and transposed convolutions that draw the image that it sees from what it makes."""

    def __init__(self, trunk: nn.Module, prefix: str, reduction: int) -> None:
        super().__init__()
        self.trunk, self.prefix, self.reduction = trunk, prefix, reduction
        channels, (down, across) = cast("Trunk", trunk).channels, cast("Trunk", trunk).stride
        layers: list[nn.Module] = []
        while down > 1 or across > 1:
            step = (2 if down > 1 else 1, 2 if across > 1 else 1)
            narrower = max(channels // 2, 8)
            layers += [nn.ConvTranspose2d(channels, narrower, step, stride=step), nn.ReLU()]
            channels, down, across = narrower, down // step[0], across // step[1]
        self.draw = nn.Sequential(*layers, nn.Conv2d(channels, 1, 3, padding=1))

    def forward(self, batch: Batch, generator: torch.Generator) -> Tensor:  # noqa: ARG002 (nothing is hidden)
        images = reduced(batch.images, self.reduction)
        drawn = self.draw(self.trunk(images, TrueSizes(reduced_sizes(batch.sizes, self.reduction))))
        height, width = images.shape[2:]
        return functional.binary_cross_entropy_with_logits(drawn[..., :height, :width], images)


def _masked_tokens(network: Architecture) -> _MaskedTokens:
    if not isinstance(network, TransformerNetwork):
        raise CheckpointError("Only a Transformer decoder sees what stands after a hidden token.")
    return _MaskedTokens(network)


def _auto_encoder(network: Architecture) -> _AutoEncoder:
    for name, module in network.named_modules():
        if isinstance(module, ResNetTrunk):
            return _AutoEncoder(module, name, network.config.reduction)
    trunk = getattr(network.encoder, "trunk", None)
    if trunk is None:
        raise CheckpointError("The encoder of this architecture has no trunk to train by itself.")
    return _AutoEncoder(trunk, "encoder.trunk", network.config.reduction)


def _batches(data: FormulaImages, seed: int) -> Iterator[Batch]:
    limits, chunk = BatchLimits(pixels=420_000, tokens=1_800, images=64), 0
    while True:
        for group in plan_chunk(data.sizes, limits, most_tokens=None, groups_of=1, seed=(seed, chunk)):
            yield data.batch(group[0], None)
        chunk += 1


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, train the part, and write it."""
    parser = argparse.ArgumentParser(prog="python -m model.training.pretrain", description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=("decoder", "encoder"))
    parser.add_argument("training", nargs="+", type=Path, help="folders of packed images")
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the file for --initial-parts")
    parser.add_argument("--architecture", default="resnet_plain_transformer")
    parser.add_argument("--config", default="{}", help="dimensions that differ from the default, as JSON")
    parser.add_argument("--processor-seconds", type=float, default=300.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    vocabulary = Vocabulary.load(options.vocabulary)
    torch.manual_seed(options.seed)
    wanted = TrainingOptions(architecture=options.architecture, config=options.config, draft_tokens=0)
    network = untrained_network(wanted, len(vocabulary))
    how = PretrainingOptions(options.part, options.processor_seconds, seed=options.seed)
    tensors = pretrain(network, FormulaImages(options.training, vocabulary), how)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: tensor.contiguous() for name, tensor in tensors.items()}
    save_tensors(options.out, kept, {"pretrained": options.part, "vocabulary_hash": vocabulary.hash})


if __name__ == "__main__":
    main()
