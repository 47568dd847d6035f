"""Examples of like size put together into padded batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from model.layout.augmentation import Example, make_example
from model.layout.layout_input import CELL, OUTSIDE
from model.layout.shards import LayoutShards

PIXEL_BUDGET = 250_000
"""Pixels of one padded batch."""


@dataclass(frozen=True)
class LayoutBatch:
    """Inputs (batch, 1, height, width) and their targets (batch, rows, columns), as `layout_losses` wants them."""

    ink: Tensor
    core: Tensor
    ink_class: Tensor
    block: Tensor
    offset: Tensor


def make_batches(shards: LayoutShards, indices: Sequence[int], generator: np.random.Generator) -> list[LayoutBatch]:
    """Augment some crops and batch them, those of like size together; the batches come in random order."""
    examples = [make_example(shards[index], generator) for index in indices]
    seen = sorted((one for one in examples if one is not None), key=lambda one: one.ink.shape)
    batches: list[list[Example]] = []
    for example in seen:
        if not batches or _padded_area([*batches[-1], example]) > PIXEL_BUDGET:
            batches.append([])
        batches[-1].append(example)
    order = generator.permutation(len(batches))
    return [_stack(batches[index]) for index in order]


def _padded_area(examples: Sequence[Example]) -> int:
    height, width = np.max([example.ink.shape for example in examples], axis=0)
    return int(len(examples) * height * width)


def _stack(examples: Sequence[Example]) -> LayoutBatch:
    height, width = np.max([example.ink.shape for example in examples], axis=0)
    rows, columns = height // CELL, width // CELL
    ink = np.full((len(examples), 1, height, width), OUTSIDE, dtype=np.float32)
    core = np.zeros((len(examples), rows, columns), dtype=np.float32)
    offset = np.zeros_like(core)
    ink_class = np.full(core.shape, -1, dtype=np.int64)
    block = np.full(core.shape, -1, dtype=np.int64)
    for index, example in enumerate(examples):
        targets = example.targets
        ink[index, 0, : example.ink.shape[0], : example.ink.shape[1]] = example.ink
        place = (index, slice(targets.core.shape[0]), slice(targets.core.shape[1]))
        core[place], offset[place] = targets.core, targets.offset
        ink_class[place], block[place] = targets.ink_class, targets.block
    return LayoutBatch(*(torch.from_numpy(array) for array in (ink, core, ink_class, block, offset)))
