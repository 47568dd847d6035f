"""The systems that are compared: how each is built and trained, what was published of it, and what its idea is.

Dimensions are small enough for two cores; on a graphics card each has its published ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_RECURRENT = {"optimiser": "adamw", "learning_rate": 1.5e-3, "weight_decay": 0.0}
_TRANSFORMER = {"optimiser": "adamw", "learning_rate": 1e-3}
_FULL_RESNET = {"stage_widths": [64, 128, 256]}


@dataclass(frozen=True)
class System:
    """One row of the comparison.

    Attributes:
        name: Of its folder.
        title: As it is called in the document.
        architecture: In the registry.
        idea: What it is, and what is to be expected of it, in one or two sentences.
        published: Figures of the papers or reports, and of what data.
        config: Dimensions that differ from the architecture's default.
        full_config: Those that differ on a graphics card.
        options: Of training, beside those that all have.
        pretrained: `decoder` or `encoder` where a part is trained first, within the same budget.
        pieces: Entries of the vocabulary where the decoder writes pieces of several tokens; 0 where it writes tokens.
        full_pieces: The same on a graphics card.
        attends: Whether it says where it looks.
    """

    name: str
    title: str
    architecture: str
    idea: str
    published: str = "none of formulas"
    config: Mapping[str, Any] = field(default_factory=dict)
    full_config: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    pretrained: str = ""
    pieces: int = 0
    full_pieces: int = 0
    attends: bool = True


_HYBRID_VIT: dict[str, Any] = {
    "full_config": {
        **_FULL_RESNET,
        "encoder_layers": 4,
        "decoder_layers": 4,
        "width": 384,
        "feed_forward_width": 1536,
    },
    "options": {**_TRANSFORMER, "schedule": "exponential", "weight_decay": 0.0},
    "pretrained": "encoder",
}
_PLAIN_TRANSFORMER = "edit distance .17; report: .9445 / .8596"

SYSTEMS: tuple[System, ...] = (
    System(
        "show_and_tell",
        "Show and tell",
        "show_and_tell",
        "The image is one vector, so all of a formula has to go through it: no place of the image can be looked at.",
        full_config={"convolutions": [64, 128, 256, 512], "width": 512, "embedding_width": 256},
        options=_RECURRENT,
        attends=False,
    ),
    System(
        "show_attend_tell",
        "Show, attend and tell",
        "show_attend_tell",
        "An LSTM looks at the cells of a ResNet through a gate, and is paid for looking at each cell once.",
        config={"stage_widths": [32, 64, 128]},
        full_config={**_FULL_RESNET, "width": 512, "attention_width": 512, "embedding_width": 512},
        options={**_RECURRENT, "doubly_stochastic": 0.1},
    ),
    System(
        "adaptive_attention",
        "Adaptive attention",
        "show_attend_tell",
        "Show, attend and tell, which may go by what it knows instead of by the image: a closing brace needs no look.",
        config={"stage_widths": [32, 64, 128], "sentinel": True},
        full_config={**_FULL_RESNET, "sentinel": True, "width": 512, "attention_width": 512, "embedding_width": 512},
        options=_RECURRENT,
    ),
    System(
        "inception_gru",
        "Inception-ResNet, Bahdanau attention, GRU",
        "inception_gru",
        "Branches of different reach, attention by a tanh, a GRU; half of the tokens it is shown come to be its own.",
        full_config={"trunk_width": 64, "first_blocks": 5, "second_blocks": 10, "cell_width": 256, "width": 512},
        options={**_RECURRENT, "own_tokens": 0.5, "flood_level": 0.05},
    ),
    System(
        "im2markup",
        "im2markup",
        "im2markup",
        "An LSTM runs along each row of the feature map before the decoder looks at it: a cell knows its line.",
        published="BLEU .877 (im2latex-100k)",
        full_config={"convolutions": [64, 128, 256, 256, 512, 512], "row_width": 256, "width": 512},
        options=_RECURRENT,
    ),
    System(
        "resnet_plain_transformer",
        "ResNet-18 and Transformer",
        "resnet_plain_transformer",
        "All tokens are learned at once, so more images go by in the same time; positions in two dimensions.",
        published=_PLAIN_TRANSFORMER,
        config={"stage_widths": [32, 64, 128]},
        full_config=_FULL_RESNET,
        options=_TRANSFORMER,
    ),
    System(
        "pretrained_decoder",
        "ResNet-18 and Transformer, decoder pre-trained",
        "resnet_plain_transformer",
        "A fifth of the budget goes to formulas with hidden tokens, without images; the rest as before.",
        published="report: .9588 / .8804",
        config={"stage_widths": [32, 64, 128]},
        full_config=_FULL_RESNET,
        options=_TRANSFORMER,
        pretrained="decoder",
    ),
    System(
        "hybrid_vit",
        "Hybrid ViT",
        "hybrid_vit",
        "A Transformer encoder over a ResNet's patches; a fifth of the budget has the ResNet draw images again.",
        published="BLEU .86 to .90, edit distance .11 to .10 (with pieces)",
        **_HYBRID_VIT,
    ),
    System(
        "hybrid_vit_pieces",
        "Hybrid ViT, writing pieces (BPE)",
        "hybrid_vit",
        "The decoder writes pieces of several tokens that often stand together, so it takes fewer steps and has more to"
        " choose from in each. Of short formulas 1,000 pieces are learned, 8,000 on a graphics card.",
        published="BLEU .86 to .90, edit distance .11 to .10",
        pieces=1_000,
        full_pieces=8_000,
        **_HYBRID_VIT,
    ),
    System(
        "patch_transformer",
        "Patches and Transformer (TrOCR's plain form)",
        "patch_transformer",
        "No convolution at all: what a stroke is has to be learned from patches, which takes many images.",
        config={"patch": [8, 8]},
        full_config={"width": 384, "encoder_layers": 12, "decoder_layers": 6, "feed_forward_width": 1536},
        options=_TRANSFORMER,
    ),
    System(
        "densenet_coverage",
        "DenseNet and coverage (CoMER)",
        "densenet_coverage",
        "The decoder knows where it has looked already, so it neither skips nor repeats.",
        published="none of printed formulas",
        full_config={"growth": 24, "dense_layers": 16, "width": 256, "heads": 8, "feed_forward_width": 1024},
        options=_TRANSFORMER,
    ),
    System(
        "resnet_transformer",
        "The bundled network, trained from the start",
        "resnet_transformer",
        "Cells of 8 x 8 pixels, Muon, and an encoder that is told where each glyph stands.",
        published="[accuracy.md](accuracy.md)",
        options={"optimiser": "muon", "inked_cells_only": True},
    ),
)


@dataclass(frozen=True)
class Bench:
    """What all systems share.

    Attributes:
        data: Images and vocabulary.
        out: Where each system has a folder.
        seconds: Of processor time for each.
        device: For training; with `cuda` sizes are the full ones.
        reduction: Of images, before any network reads them: half the height takes about half of the time.
        test_images: How many are read in the end.
        validation_images: Of each validation.
        validate_every: Steps between two.
    """

    data: Path
    out: Path
    seconds: float
    device: str = "cpu"
    reduction: int = 2
    test_images: int = 500
    validation_images: int = 100
    validate_every: int = 300

    @property
    def vocabulary(self) -> Path:
        """The tokens that all systems write."""
        return self.data / "dataset" / "vocabulary.json"

    def images(self, split: str) -> Path:
        """Return the images of a split."""
        return self.data / "images" / split
