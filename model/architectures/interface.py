"""What training and the engines ask of an architecture.

Training calls the network as a whole. Reading a formula runs it in graphs: one encodes an image, one extends the tokens
of a formula, one guesses tokens ahead. A graph is a module whose inputs and outputs have names and named axes, so that
it can be run by PyTorch or be exported, and so that decoding need not know which architecture it is.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor, nn

from model.layers.memory import Memory
from model.layers.reduction import reduced, reduced_sizes

Axes = tuple[int | str, ...]
"""The shape of an input or output; an axis of any length has a name."""


class NetworkOutput(NamedTuple):
    """What the network makes of images and the tokens so far.

    Attributes:
        logits: (batch, length, vocabulary), of the token after each.
        features: (batch, length, width), what the logits and the draft heads read.
        memory: Of the images.
        attention: (batch, length, cells), where each token looked; None where the network keeps no such record.
    """

    logits: Tensor
    features: Tensor
    memory: Memory
    attention: Tensor | None = None


@dataclass(frozen=True)
class Graph:
    """A part of a network that runs by itself.

    Attributes:
        module: Takes the inputs and returns a tuple of the outputs, in their order.
        inputs, outputs: Name and shape of each.
        quantised: Whether its matrices may be stored as integers of 8 bits.
    """

    module: nn.Module
    inputs: Mapping[str, Axes]
    outputs: Mapping[str, Axes]
    quantised: bool = False


@dataclass(frozen=True)
class Graphs:
    """The parts that read a formula.

    Attributes:
        encoder: "image" (1, 1, "height", "width") -> "places" ("cells",), "grid" (2,) rows and columns, and the memory:
            any outputs called "memory...", (1, ...), one of whose axes may be "cells".
        step: "tokens" and "positions" ("rows", "tokens"), "token_bias" ("rows", 1, "tokens", "attended"), "memory_bias"
            ("images", 1, 1, "cells"), the memory, and the caches, any inputs called "cache..." with rows first ->
            "logits" ("rows", "tokens", vocabulary), "hidden" ("rows", "tokens", width), "attention" ("images",
            "queries", "cells") and, called "next.cache...", what the caches become. A cache with an axis "capacity" is
            filled up along it by the new tokens; any other is replaced. Where a step can take one token only, the axis
            "tokens" is 1; inputs that it has no use for it does not have.
        drafts: "hidden" ("rows", width), "next" ("rows",) -> "logits" ("rows", guesses, vocabulary); None without draft
            heads.
    """

    encoder: Graph
    step: Graph
    drafts: Graph | None


class Architecture(nn.Module):
    """A network from images to tokens.

    Attributes:
        config: A frozen dataclass of all that is needed to build the network; it travels in the weights' header. Each
            has a `reduction`: half the height is enough to tell most tokens, and takes about half of the time.
        encoder: Its `blocks()` are its parts in order, of which training may leave the first as they were.
        decoder: Reads what the encoder made, token by token.
        feeds_itself: Whether the network's own guesses can stand in for tokens while it is trained (`forward`'s `own`).
    """

    feeds_itself = False

    def __init__(self, config: Any, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.config = config
        self.encoder, self.decoder = encoder, decoder

    def encode(self, images: Tensor, sizes: Tensor) -> Memory:
        """Encode images (batch, 1, height, width), `sizes` (batch, 2) being their true heights and widths."""
        factor = self.config.reduction
        memory: Memory = self.encoder(reduced(images, factor), reduced_sizes(sizes, factor))
        return memory

    @abstractmethod
    def forward(self, images: Tensor, sizes: Tensor, token_ids: Tensor) -> NetworkOutput:
        """Read images, as for `encode`, with the tokens so far, (batch, length)."""

    @abstractmethod
    def graphs(self) -> Graphs:
        """Return the parts that read a formula; they share the network's parameters."""


class DecoderPart(nn.Module):
    """A part of a network that runs its decoder, as the module of a graph."""

    def __init__(self, network: Architecture) -> None:
        super().__init__()
        self.decoder: Any = network.decoder


class EncoderPart(nn.Module):
    """A part that runs the encoder, and what the decoder makes of its cells."""

    def __init__(self, network: Architecture) -> None:
        super().__init__()
        self.encoder: Any = network.encoder
        self.decoder: Any = network.decoder
        self.reduction: int = network.config.reduction

    def encode_one(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Encode one image, (1, 1, height, width): cells (1, cells, width), their places (cells,), the grid (2,)."""
        cells, places, grid = self.encoder.encode_one(reduced(image, self.reduction))
        return cells, places, grid
