"""Runs the graphs of an architecture: the state of formulas while they are written, whoever multiplies the matrices.

The arrays of memory and caches are the runner's own (NumPy's, or PyTorch's on a graphics card) and never leave it; both
index alike, which is all that is asked of them here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

import numpy as np

from model.dimensions import MAXIMUM_TOKENS
from model.engines.interface import FloatArray, IntArray, StepOutput

Axes = Sequence[int | str]

_LEAST_CAPACITY = 32
"""Places of a new cache; it is doubled when it is full."""


class Runner(Protocol):
    """Runs the graphs "encoder", "step" and "drafts" of `model.architectures.interface.Graphs`."""

    @property
    def name(self) -> str:
        """What runs the graphs, and where, for a report."""
        ...

    @property
    def device(self) -> str:
        """The processor: "cpu", "cuda" or "mps"."""
        ...

    @property
    def reads_side_by_side(self) -> int:
        """How many threads may run graphs at once to advantage."""
        ...

    def inputs(self, graph: str) -> Mapping[str, Axes]:
        """Return name and shape of each input; nothing where there is no such graph."""
        ...

    def run(self, graph: str, inputs: dict[str, Any], outputs: Sequence[str]) -> dict[str, Any]:
        """Run a graph and return some of its outputs, or all that begin with one of these names."""
        ...

    def zeros(self, shape: Sequence[int]) -> Any:
        """Return an array of zeros, float32."""
        ...

    def array(self, values: np.ndarray) -> Any:
        """Return the runner's own array of these values."""
        ...

    def to_numpy(self, array: Any) -> np.ndarray:
        """Return the values of an array."""
        ...


@dataclass(frozen=True)
class EncodedImage:
    """What the encoder made of one image.

    Attributes:
        memory: The runner's arrays, (1, ...).
        places: (cells,), where each cell stands in the grid.
        shape: Rows and columns of the grid.
    """

    memory: dict[str, Any]
    places: IntArray
    shape: tuple[int, int]


@dataclass(frozen=True)
class EncodedImages:
    """What the encoder made of some images."""

    images: tuple[EncodedImage, ...]

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.images)

    def select(self, images: Sequence[int]) -> EncodedImages:
        """Return some of the images, by their places."""
        return EncodedImages(tuple(self.images[index] for index in images))

    def joined(self, others: Sequence[EncodedImages]) -> EncodedImages:
        """Return these images and those of others."""
        return EncodedImages(sum((other.images for other in others), self.images))

    def grid(self, image: int) -> tuple[tuple[int, int], IntArray]:
        """Return rows and columns of an image's grid, and the place in it, row * columns + column, of each cell."""
        return self.images[image].shape, self.images[image].places


class CachedState:
    """Memory and caches of the formulas that are being written.

    The rows of one image stand together and are as many for each image.

    Attributes:
        lengths: How many tokens each row has taken, (rows,); those of one image may have taken more than another's.
    """

    def __init__(self, runner: Runner, encoded: EncodedImages) -> None:
        self._runner = runner
        axes = runner.inputs("step")
        # Whoever starts from one image shares its memory, which is then never written to.
        self._cells = [len(image.places) for image in encoded.images]
        self.memory = {name: self._joined(name, shape, encoded) for name, shape in axes.items() if "memory." in name}
        bias = np.zeros((len(encoded), 1, 1, max(self._cells)), np.float32)
        for row, cells in enumerate(self._cells):
            bias[row, ..., cells:] = -np.inf
        self.memory_bias = runner.array(bias)
        self._cache_axes = {name: tuple(shape) for name, shape in axes.items() if name.startswith("cache.")}
        self.rows = len(encoded)
        self.rows_an_image = 1
        self.lengths = np.zeros(self.rows, np.int64)
        self.capacity = _LEAST_CAPACITY
        self.caches = {name: self._empty(name) for name in self._cache_axes}

    @property
    def can_truncate(self) -> bool:
        """Whether tokens can be taken back; else nothing is guessed ahead.

        A cache without places of its own for each token can not.
        """
        return all("capacity" in axes for axes in self._cache_axes.values())

    def truncate(self, lengths: Sequence[int]) -> None:
        """Take back all tokens of each row but the first so many."""
        self.lengths = np.array(lengths)

    def select(self, rows: Sequence[int]) -> None:
        """Keep these rows, in this order; one may come several times, and an image none of whose rows comes leaves."""
        if list(rows) == list(range(self.rows)):
            return
        images = [image for image, _ in groupby(row // self.rows_an_image for row in rows)]
        self.memory = {name: _selected(array, images) for name, array in self.memory.items()}
        self.memory_bias = _selected(self.memory_bias, images)
        self.caches = {name: _selected(array, rows) for name, array in self.caches.items()}
        self.lengths = self.lengths[list(rows)]
        self.rows, self.rows_an_image = len(rows), len(rows) // len(images)

    def append(self, name: str, values: Any, tokens: int) -> None:
        """Let a cache become what the step graph made of it."""
        axes = self._cache_axes[name]
        if "capacity" not in axes:
            self.caches[name] = values
            return
        before = [slice(None)] * (axes.index("capacity") - 1)
        if (self.lengths == self.lengths[0]).all():
            start = int(self.lengths[0])
            self.caches[name][(slice(None), *before, slice(start, start + tokens))] = values
            return
        for row, start in enumerate(self.lengths.tolist()):
            self.caches[name][(row, *before, slice(start, start + tokens))] = values[row]

    def reserve(self, length: int) -> None:
        """Make room for so many tokens."""
        if length <= self.capacity:
            return
        before = self.capacity
        while self.capacity < length:
            self.capacity *= 2
        for name, axes in self._cache_axes.items():
            if "capacity" in axes:
                place = [slice(None)] * len(axes)
                place[axes.index("capacity")] = slice(0, before)
                larger = self._empty(name)
                larger[tuple(place)] = self.caches[name]
                self.caches[name] = larger

    def _empty(self, name: str) -> Any:
        lengths = {"rows": self.rows, "capacity": self.capacity, "cells": max(self._cells)}
        return self._runner.zeros([lengths[axis] if isinstance(axis, str) else axis for axis in self._cache_axes[name]])

    def _joined(self, name: str, axes: Axes, encoded: EncodedImages) -> Any:
        arrays = [image.memory[name] for image in encoded.images]
        if len(arrays) == 1:
            return arrays[0]
        lengths = {"images": len(arrays), "cells": max(self._cells)}
        joined = self._runner.zeros([lengths[axis] if isinstance(axis, str) else axis for axis in axes])
        for row, (array, cells) in enumerate(zip(arrays, self._cells, strict=True)):
            place = [slice(0, cells) if axis == "cells" else slice(None) for axis in axes[1:]]
            joined[(row, *place)] = array[0]
        return joined


def _selected(array: Any, kept: Sequence[int]) -> Any:
    """Return some rows of an array; where those that stay stand still, the others are moved in place.

    A memory is far too large to be copied at each formula's end.
    """
    moved = [(place, before) for place, before in enumerate(kept) if place != before]
    if len(kept) > len(array) or any(before < len(kept) for _, before in moved):
        return array[list(kept)]
    if moved:
        places, before = zip(*moved, strict=True)
        array[list(places)] = array[list(before)]
    return array[: len(kept)]


def without_gaps(kept: list[int]) -> list[int]:
    """Return what is kept, ascending, so ordered that as much as can be stays in its place."""
    stay = {place for place in kept if place < len(kept)}
    movers = iter(place for place in kept if place >= len(kept))
    return [place if place in stay else next(movers) for place in range(len(kept))]


class GraphEngine:
    """Runs one network: what decoding sees of it, whatever runs its graphs.

    Attributes:
        runner: Runs the graphs.
        name: What runs the network, and where, for a report.
        device: The processor: "cpu", "cuda" or "mps".
        reads_side_by_side: How many threads may use the engine at once to advantage.
        has_drafts: Whether the network has draft heads.
    """

    def __init__(self, runner: Runner, check: Callable[[], None] | None = None) -> None:
        """Make one.

        Args:
            runner: Runs the graphs.
            check: Called before each run of a graph; what it raises ends the reading.
        """
        self.runner = runner
        self._check = check
        self.name, self.device = runner.name, runner.device
        self.reads_side_by_side = runner.reads_side_by_side
        self.has_drafts = bool(runner.inputs("drafts"))
        self._takes_many = runner.inputs("step")["tokens"][1] != 1

    def checked(self, check: Callable[[], None]) -> GraphEngine:
        """Return the same engine with a check before each run of a graph."""
        return GraphEngine(self.runner, check)

    def encode(self, images: Sequence[FloatArray]) -> EncodedImages:
        """Encode images, each (height, width), ink in [0, 1], one after the other: none is padded."""
        return EncodedImages(tuple(self._encode_one(image) for image in images))

    def start(self, encoded: EncodedImages) -> CachedState:
        """Begin one formula, a row, for each image."""
        return CachedState(self.runner, encoded)

    def extend(self, tokens: IntArray, state: CachedState, *, attention: bool = False) -> StepOutput:
        """Take a few tokens more, (rows, tokens)."""
        if tokens.shape[1] == 1 or self._takes_many:
            return self._step(tokens, state, attention=attention)
        steps = [self._step(tokens[:, [place]], state, attention=attention) for place in range(tokens.shape[1])]
        logits = np.concatenate([step.logits for step in steps], axis=1)
        hidden = np.concatenate([step.hidden for step in steps], axis=1)
        looks = [step.attention for step in steps if step.attention is not None]
        # (images, rows of an image, cells) each -> (images, rows of an image * tokens, cells)
        joined = np.stack(looks, axis=2).reshape(len(looks[0]), -1, looks[0].shape[2]) if looks else None
        return StepOutput(logits, hidden, joined)

    def _step(self, tokens: IntArray, cached: CachedState, *, attention: bool) -> StepOutput:
        lengths, count = cached.lengths, tokens.shape[1]
        axes = self.runner.inputs("step")
        inputs: dict[str, Any] = {
            "tokens": self.runner.array(tokens),
            "memory_bias": cached.memory_bias,
            **cached.memory,
            **cached.caches,
        }
        if "positions" in axes:
            inputs["positions"] = self.runner.array(lengths[:, None] + np.arange(count))
        if "token_bias" in axes:
            bias = np.empty((len(lengths), 1, count, cached.capacity + count), np.float32)
            is_taken = np.arange(cached.capacity) < lengths[:, None]
            bias[..., : cached.capacity] = np.where(is_taken, np.float32(0.0), np.float32(-np.inf))[:, None, None]
            bias[..., cached.capacity :] = _CAUSAL[:count, :count]
            inputs["token_bias"] = self.runner.array(bias)
        wanted = ["logits", "hidden", "next.", *(["attention"] if attention else [])]
        outputs = self._run("step", inputs, wanted)
        cached.reserve(int(lengths.max()) + count)
        for name, values in outputs.items():
            if name.startswith("next."):
                cached.append(name.removeprefix("next."), values, count)
        cached.lengths = lengths + count
        logits, hidden = (self.runner.to_numpy(outputs[name]) for name in ("logits", "hidden"))
        return StepOutput(logits, hidden, self.runner.to_numpy(outputs["attention"]) if attention else None)

    def drafts(self, hidden: FloatArray, token_ids: Sequence[int]) -> list[list[int]]:
        """Guess the tokens after the next one of each formula from what is hidden behind the logits of that.

        Args:
            hidden: (formulas, width).
            token_ids: The next one of each.
        """
        inputs = {"hidden": self.runner.array(hidden), "next": self.runner.array(np.array(token_ids))}
        logits = self.runner.to_numpy(self._run("drafts", inputs, ["logits"])["logits"])
        guesses: list[list[int]] = logits.argmax(axis=2).tolist()
        return guesses

    def _run(self, graph: str, inputs: dict[str, Any], outputs: Sequence[str]) -> dict[str, Any]:
        if self._check is not None:
            self._check()
        return self.runner.run(graph, inputs, outputs)

    def _encode_one(self, image: FloatArray) -> EncodedImage:
        inputs = {"image": self.runner.array(np.ascontiguousarray(image[None, None]))}
        outputs = self._run("encoder", inputs, ["places", "grid", "memory."])
        rows, columns = (int(one) for one in self.runner.to_numpy(outputs.pop("grid")))
        places = self.runner.to_numpy(outputs.pop("places"))
        return EncodedImage(outputs, places, (rows, columns))


_CAUSAL = np.triu(np.full((MAXIMUM_TOKENS, MAXIMUM_TOKENS), -np.inf, np.float32), 1)
