"""`python -m tests.model.tiny_network.make_tiny_network`: train the small network of the tests, and keep its weights.

The weights are committed, so that the tests meet the same network on every processor. They are made anew only when the
formulas or the architecture change.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from model.architectures.resnet_transformer import ResNetTransformer, ResNetTransformerConfig
from model.checkpoint import save_network
from model.latex import normalise
from model.training.losses import draft_loss, token_loss
from model.vocabulary import BOS, EOS, PAD, Vocabulary

WEIGHTS = Path(__file__).with_name("weights.safetensors")

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

TRAINING_STEPS = 400
WEIGHT_NOISE = 0.03


def formulas() -> list[list[str]]:
    """Return the canonical tokens of the formulas."""
    return [normalise(latex) for latex in FORMULAS]


def images() -> list[np.ndarray]:
    """Return an image of noise for each formula, float32 (height, width)."""
    generator = np.random.default_rng(1)
    shapes = [(24 + 5 * (row % 4), 40 + 7 * row) for row in range(len(formulas()))]
    return [generator.random(shape, dtype=np.float32).round() for shape in shapes]


def main() -> None:
    """Train until the network knows the formulas by heart."""
    torch.manual_seed(4)
    torch.set_num_threads(1)
    vocabulary = Vocabulary.build(formulas())
    network = ResNetTransformer(
        ResNetTransformerConfig(
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
    optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, TRAINING_STEPS)
    pairs = list(zip(images(), formulas(), strict=True))
    matrices = [parameter for parameter in network.decoder.parameters() if parameter.dim() > 1]
    for _ in range(TRAINING_STEPS):
        optimiser.zero_grad()
        # It must know them with weights of 8 bits as well, so it learns with weights that are a little off.
        exact = [matrix.detach().clone() for matrix in matrices]
        with torch.no_grad():
            for matrix in matrices:
                matrix.add_(torch.randn_like(matrix) * matrix.abs().amax(dim=1, keepdim=True), alpha=WEIGHT_NOISE)
        for image, tokens in pairs:  # one by one, as they are read: no padding
            token_ids = torch.tensor([[BOS, *vocabulary.encode(tokens), EOS]])
            inputs = torch.from_numpy(image)[None, None], torch.tensor([image.shape])
            logits, features, _ = network.eval()(*inputs, token_ids[:, :-1])
            loss = token_loss(logits, token_ids[:, 1:], PAD, 0.0)
            loss = loss + draft_loss(network.decoder, features.detach(), token_ids[:, 1:], PAD)
            loss.backward()
        with torch.no_grad():
            for matrix, values in zip(matrices, exact, strict=True):
                matrix.copy_(values)
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    save_network(WEIGHTS, network.eval(), vocabulary_hash=vocabulary.hash, metadata={}, half=True)


if __name__ == "__main__":
    main()
