"""Every system of the registry in a size that tests can train, and eight small pictures with formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from model.architectures.interface import Architecture
from model.architectures.registry import build
from model.vocabulary import BOS, EOS, PAD, Vocabulary

_RESNET = {"stage_widths": (8, 12, 16), "dropout": 0.0}
_TRANSFORMER = {"width": 32, "heads": 4, "decoder_layers": 2, "feed_forward_width": 48}
_RECURRENT = {"embedding_width": 16, "width": 48, "dropout": 0.0}

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
    "hybrid_vit": ("hybrid_vit", {**_RESNET, **_TRANSFORMER, "encoder_layers": 1}),
    "patch_transformer": (
        "patch_transformer",
        {**_TRANSFORMER, "patch": (8, 8), "encoder_layers": 1, "dropout": 0.0},
    ),
    "densenet_coverage": (
        "densenet_coverage",
        {**_TRANSFORMER, "growth": 4, "dense_layers": 2, "coverage_width": 4, "dropout": 0.0},
    ),
}

FORMULAS = [
    tokens.split() for tokens in ("a + b", "x ^ { 2 }", "\\alpha = 1", "b - a", "2 x", "y", "1 + 1 = 2", "x y z")
]


def vocabulary() -> Vocabulary:
    """The tokens of the formulas."""
    return Vocabulary.build(FORMULAS)


def small(name: str, **config: Any) -> Architecture:
    """An untrained network of one system, always with the same weights."""
    architecture, dimensions = SYSTEMS[name]
    torch.manual_seed(1)
    return build(architecture, {"vocabulary_size": len(vocabulary()), **dimensions, **config})


def images() -> list[np.ndarray]:
    """A picture of noise in blocks for each formula, of unlike sizes: float32 (height, width)."""
    generator = np.random.default_rng(3)
    shapes = [(2 + row % 2, 3 + row % 3) for row in range(len(FORMULAS))]
    whole = [
        np.kron(generator.random(shape, dtype=np.float32).round(), np.ones((8, 8), np.float32)) for shape in shapes
    ]
    return [image[: image.shape[0] - row % 4, : image.shape[1] - row % 5] for row, image in enumerate(whole)]


def batch(pictures: list[np.ndarray], *, more: int = 0) -> tuple[Tensor, Tensor]:
    """Pictures in one tensor, with `more` pixels of padding, and their sizes."""
    height, width = (max(image.shape[axis] for image in pictures) + more for axis in (0, 1))
    padded = torch.zeros(len(pictures), 1, height, width)
    for row, image in enumerate(pictures):
        padded[row, 0, : image.shape[0], : image.shape[1]] = torch.from_numpy(image)
    return padded, torch.tensor([image.shape for image in pictures])


def token_ids() -> Tensor:
    """The formulas with their ends, padded: (formulas, length)."""
    table = vocabulary()
    rows = [[BOS, *table.encode(tokens), EOS] for tokens in FORMULAS]
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[PAD] * (longest - len(row))] for row in rows])
