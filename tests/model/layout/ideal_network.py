"""What a network that makes no mistakes would draw for a crop whose lines are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from model.image_transform import to_grey_ink
from model.layout.augmentation import make_example
from model.layout.layout import Layout
from model.layout.layout_finder import LayoutFinder
from model.layout.layout_input import FloatArray
from model.layout.maps import MAP_COUNT, Channel
from model.layout.shards import LabelledCrop


def find_ideally(crop: LabelledCrop, spoil: Callable[[FloatArray], None] = lambda _maps: None) -> Layout:
    """Find the lines of a crop with the targets of training in the place of the network's maps.

    Args:
        crop: The crop.
        spoil: Puts a mistake of a network into the maps, (MAP_COUNT, rows, columns).
    """
    example = make_example(crop)
    assert example is not None
    targets = example.targets
    maps = np.zeros((MAP_COUNT, *targets.core.shape), dtype=np.float32)
    maps[Channel.CORE] = targets.core
    maps[Channel.BLOCK] = np.maximum(targets.block, 0)
    maps[Channel.OFFSET] = targets.offset
    for ink_class in range(MAP_COUNT - Channel.CLASSES):
        maps[Channel.CLASSES + ink_class] = targets.ink_class == ink_class

    spoil(maps)

    def draw_maps(ink: FloatArray) -> FloatArray:
        assert ink.shape == example.ink.shape
        return maps

    return LayoutFinder(draw_maps).find_layout_of_ink(to_grey_ink(crop.image))
