"""Every system of the registry in a size that tests can train, and eight small images with formulas."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from model.architectures.interface import Architecture
from model.architectures.registry import build
from model.decoding.decode import decode
from model.decoding.decoded_formula import DecodingOptions
from model.engines.torch_runner import torch_engine
from model.training.losses import token_loss
from model.vocabulary import BOS, EOS, PAD, Vocabulary

_RESNET = {"stage_widths": (8, 12, 16), "dropout": 0.0}
_TRANSFORMER = {"width": 32, "heads": 4, "decoder_layers": 2, "feed_forward_width": 48}
_RECURRENT = {"embedding_width": 16, "width": 48, "dropout": 0.0}

WITH_PIECES = "hybrid_vit with pieces"

SYSTEMS: dict[str, tuple[str, dict[str, Any]]] = {
    "resnet_transformer": (
        "resnet_transformer",
        {"stem_width": 8, "stage_widths": (8, 12, 16), "blocks": (1, 1, 1), **_TRANSFORMER},
    ),
    "show_and_tell": ("show_and_tell", {"convolutions": (8, 12, 16, 32), **_RECURRENT}),
    "show_and_tell with a GRU": ("show_and_tell", {"convolutions": (8, 12, 16, 32), "cell": "gru", **_RECURRENT}),
    "show_attend_tell": ("show_attend_tell", {**_RESNET, **_RECURRENT, "attention_width": 24}),
    "adaptive attention": ("show_attend_tell", {**_RESNET, **_RECURRENT, "attention_width": 24, "sentinel": True}),
    "inception_gru": ("inception_gru", {"trunk_width": 8, "cell_width": 32, "attention_width": 24, **_RECURRENT}),
    "im2markup": (
        "im2markup",
        {"convolutions": (8, 8, 12, 12, 16, 16), "row_width": 12, "attention_width": 24, **_RECURRENT},
    ),
    "resnet_plain_transformer": ("resnet_plain_transformer", {**_RESNET, **_TRANSFORMER}),
    "resnet_plain_transformer at half size": (
        "resnet_plain_transformer",
        {**_RESNET, **_TRANSFORMER, "reduction": 2},
    ),
    "hybrid_vit": ("hybrid_vit", {**_RESNET, **_TRANSFORMER, "encoder_layers": 1}),
    WITH_PIECES: ("hybrid_vit", {**_RESNET, **_TRANSFORMER, "encoder_layers": 1}),
    "patch_transformer": (
        "patch_transformer",
        {**_TRANSFORMER, "patch": (8, 8), "encoder_layers": 1, "dropout": 0.0},
    ),
    "densenet_coverage": (
        "densenet_coverage",
        {**_TRANSFORMER, "growth": 4, "dense_layers": 2, "coverage_width": 4, "dropout": 0.0},
    ),
}

FREE = DecodingOptions(mask_grammar=False, maximum_tokens=12)
_MOST_STEPS = 400

FORMULAS = [
    tokens.split() for tokens in ("a + b", "x ^ { 2 }", "\\alpha = 1", "b - a", "2 x", "y", "1 + 1 = 2", "x y z")
]


def vocabulary(name: str = "") -> Vocabulary:
    """The tokens of the formulas, and some pieces of several tokens for the system that writes them."""
    tokens = Vocabulary.build(FORMULAS).tokens
    return Vocabulary([*tokens, "1 +", "^ {", "2 }", "^ { 2 }", "= 2"] if name == WITH_PIECES else tokens)


def small(name: str, **config: Any) -> Architecture:
    """An untrained network of one system, always with the same weights."""
    architecture, dimensions = SYSTEMS[name]
    torch.manual_seed(1)
    return build(architecture, {"vocabulary_size": len(vocabulary(name)), **dimensions, **config})


def images() -> list[np.ndarray]:
    """An image of noise in blocks for each formula, of unlike sizes: float32 (height, width)."""
    generator = np.random.default_rng(3)
    shapes = [(2 + row % 2, 3 + row % 3) for row in range(len(FORMULAS))]
    whole = [
        np.kron(generator.random(shape, dtype=np.float32).round(), np.ones((8, 8), np.float32)) for shape in shapes
    ]
    return [image[: image.shape[0] - row % 4, : image.shape[1] - row % 5] for row, image in enumerate(whole)]


def batch(arrays: list[np.ndarray], *, more: int = 0) -> tuple[Tensor, Tensor]:
    """Images in one tensor, with `more` pixels of padding, and their sizes."""
    height, width = (max(image.shape[axis] for image in arrays) + more for axis in (0, 1))
    padded = torch.zeros(len(arrays), 1, height, width)
    for row, image in enumerate(arrays):
        padded[row, 0, : image.shape[0], : image.shape[1]] = torch.from_numpy(image)
    return padded, torch.tensor([image.shape for image in arrays])


def token_ids(name: str = "") -> Tensor:
    """The formulas with their ends, padded, as a system is to write them: (formulas, length)."""
    table = vocabulary(name)
    rows = [[BOS, *table.encode(tokens), EOS] for tokens in FORMULAS]
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[PAD] * (longest - len(row))] for row in rows])


@lru_cache
def learned(name: str) -> Architecture:
    """A network that was shown the eight images until it read them right, or for as long as it may take."""
    network = small(name)
    optimiser = torch.optim.AdamW(network.parameters(), lr=4e-3, weight_decay=0.0)
    for step in range(1, _MOST_STEPS + 1):
        # The images of one are too few for statistics.
        network.train(len(_batches(name)) == 1)
        optimiser.zero_grad()
        for arrays, tokens in _batches(name):
            logits = network(*batch(arrays), tokens[:, :-1]).logits
            torch.autograd.backward(token_loss(logits, tokens[:, 1:], PAD, 0.0))
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        if step % 20 == 0:
            formulas = decode(torch_engine(network.eval()), images(), vocabulary(name), options=FREE)
            if [formula.tokens for formula in formulas] == FORMULAS:
                break
    return network.eval()


def _batches(name: str) -> list[tuple[list[np.ndarray], torch.Tensor]]:
    """All images in one batch; each alone for the bundled network, to which padding is not nothing."""
    if name != "resnet_transformer":
        return [(images(), token_ids(name))]
    return [([image], token_ids(name)[row : row + 1]) for row, image in enumerate(images())]
