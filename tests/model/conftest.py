"""A small recogniser, saved and loaded like the real one, for tests of everything but reading real formulas."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from torch import Tensor

from model.checkpoint import save_network
from model.inference.threads import at_most_threads
from model.latex import normalise
from model.networks.network import NetworkDimensions, RecogniserNetwork
from model.training.losses import draft_loss, token_loss
from model.vocabulary import BOS, EOS, PAD, Vocabulary

# Every kind of token that canonical form has.
FORMULAS = (
    r"\frac{a}{b}+\sqrt{x}-\sqrt[3]{y_{i}^{2}}",
    r"x_i'^{2} = \hat{y}\,\mathbf{AB}\mathcal{L}\mathbb{R}\boldsymbol{\mathcal{C}}\mathrm{d}t",
    r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix} \quad \begin{bmatrix} a \\ b \end{bmatrix}",
    r"f(x) = \begin{cases} 1 & \text{if $x$ is well-known} \\ 0 & \text{otherwise} \end{cases}",
    r"\begin{aligned} a &= b \\ &= c \end{aligned}",
    r"\begin{gathered} a \\ b \end{gathered}",
    r"\left[\begin{array}{r|c} 1 & 2 \\ \hline l & 4 \end{array}\right]",
    r"\sum_{\substack{i<n \\ j\neq i}} \binom{n}{k} \xrightarrow[b]{a} \overset{?}{=} \underset{x}{K}",
    r"{x^{2}}^{3} {}_{2}F_{1} \lim_{n\to\infty} \sin \theta \not\equiv 0, \alpha\beta \mathrm{SU}(2)",
    r"\{a|b\} \langle\psi\| \ldots 0123456789 \underbrace{u+v}_{w} \overline{z} \vec{k}",
    r"\begin{vmatrix} a & b \\ c & d \end{vmatrix}",
)

TRAINING_STEPS = 120


@dataclass(frozen=True)
class RecogniserFiles:
    """Where a recogniser's two files lie."""

    weights: Path
    vocabulary: Path


@pytest.fixture(scope="session")
def formulas() -> list[list[str]]:
    """Canonical tokens of formulas with every kind of token."""
    return [normalise(latex) for latex in FORMULAS]


@pytest.fixture(scope="session")
def vocabulary(formulas: list[list[str]]) -> Vocabulary:
    """The vocabulary of those formulas."""
    return Vocabulary.build(formulas)


@pytest.fixture(scope="session")
def images_by_heart(formulas: list[list[str]]) -> tuple[Tensor, Tensor]:
    """A padded batch of as many pictures of noise as there are formulas, and their sizes."""
    generator = torch.Generator().manual_seed(1)
    sizes = torch.tensor([[24 + 5 * (row % 4), 40 + 7 * row] for row in range(len(formulas))])
    images = torch.zeros(len(formulas), 1, *sizes.amax(dim=0).tolist())
    for image, (height, width) in zip(images, sizes.tolist(), strict=True):
        image[0, :height, :width] = torch.rand(height, width, generator=generator).round()
    return images, sizes


@pytest.fixture(scope="session")
def trained_network(
    formulas: list[list[str]], vocabulary: Vocabulary, images_by_heart: tuple[Tensor, Tensor]
) -> RecogniserNetwork:
    """A small network of all parts that was shown those pictures and formulas until it knew some by heart.

    An untrained one would repeat the same token whatever the picture, and prove nothing of decoding.
    """
    torch.manual_seed(4)
    network = RecogniserNetwork(
        NetworkDimensions(
            vocabulary_size=len(vocabulary),
            stem_width=8,
            stage_widths=(8, 16, 24),
            blocks=(1, 2, 1),
            width=48,
            heads=4,
            encoder_attention_layers=1,
            decoder_layers=2,
            feed_forward_width=96,
            draft_tokens=3,
            inked_cells_only=True,
        )
    )
    length = max(len(tokens) for tokens in formulas) + 2
    rows = [[BOS, *vocabulary.encode(tokens), EOS] for tokens in formulas]
    token_ids = torch.tensor([row + [PAD] * (length - len(row)) for row in rows])
    optimiser = torch.optim.AdamW(network.parameters(), lr=4e-3)
    # Its operations are too small for two threads, which on a busy machine wait minutes for each other.
    with at_most_threads(1):
        for _ in range(TRAINING_STEPS):
            logits, features, _ = network(*images_by_heart, token_ids[:, :-1])
            loss = token_loss(logits, token_ids[:, 1:], PAD, 0.0)
            loss = loss + draft_loss(network.decoder, features.detach(), token_ids[:, 1:], PAD)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return network.eval()


@pytest.fixture
def network(trained_network: RecogniserNetwork) -> RecogniserNetwork:
    """A copy of that network, to be changed at will."""
    return copy.deepcopy(trained_network)


@pytest.fixture
def recogniser_files(network: RecogniserNetwork, vocabulary: Vocabulary, tmp_path: Path) -> RecogniserFiles:
    """The network and its vocabulary, stored as they ship."""
    files = RecogniserFiles(tmp_path / "weights.safetensors", tmp_path / "vocabulary.json")
    save_network(files.weights, network, vocabulary_hash=vocabulary.hash, metadata={}, half=True)
    vocabulary.save(files.vocabulary)
    return files
