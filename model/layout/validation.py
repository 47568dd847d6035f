"""How well lines are found: each by its ink, and all lines of a crop."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from model.image_transform import ImageError, to_grey_ink
from model.layout.labels import FRAME, NOBODY, ink_owners
from model.layout.layout import Layout, LineKind
from model.layout.layout_finder import LayoutFinder
from model.layout.layout_input import INK_LEVEL, FloatArray
from model.layout.maps import InkClass
from model.layout.network import LayoutNetwork, to_probabilities
from model.layout.shards import LabelledCrop, LayoutShards

_SAME_INK = 0.95
"""Two lines are the same when this share of the ink of both together is common to them."""

_LEAST_PIXELS = 4  # of a true line, to be asked for

_KINDS = {InkClass.FORMULA: LineKind.FORMULA, InkClass.WORDS: LineKind.WORDS, InkClass.NUMBER: LineKind.NUMBER}


@dataclass
class LineCounts:
    """Counts over crops.

    Words are told from formulas when they are read, so a line of one that was taken for the other is right.

    Attributes:
        expected, found, right: Lines there are, lines that were found, and those found with their ink, and as a number
            where they are one.
        in_order: Crops whose lines are all right and in order.
        crops: All crops.
    """

    expected: int = 0
    found: int = 0
    right: int = 0
    in_order: int = 0
    crops: int = 0

    def add(self, other: LineCounts) -> None:
        """Add the counts of other crops."""
        self.expected += other.expected
        self.found += other.found
        self.right += other.right
        self.in_order += other.in_order
        self.crops += other.crops

    def scores(self) -> dict[str, float]:
        """Return precision, recall and the share of crops all of whose lines are right."""
        return {
            "precision": round(self.right / max(self.found, 1), 4),
            "recall": round(self.right / max(self.expected, 1), 4),
            "all_lines_right": round(self.in_order / max(self.crops, 1), 4),
            "compared": self.crops,
        }


def compare(layout: Layout, ink: FloatArray, crop: LabelledCrop) -> LineCounts:
    """Compare the lines that were found in a crop with those that are there."""
    owners = np.where(ink > INK_LEVEL, ink_owners(ink, crop), FRAME)
    is_unlabelled = owners == NOBODY
    expected = []
    for index, line in enumerate(crop.lines):
        own = owners == index
        if not line.is_cut and np.count_nonzero(own) >= _LEAST_PIXELS:
            expected.append((own, _KINDS[line.ink_class]))
    order = []
    for found_line in layout.lines:
        found = np.zeros(ink.shape, dtype=bool)
        box = found_line.box
        found[box.top : box.bottom, box.left : box.right] = found_line.ink > INK_LEVEL
        if 2 * np.count_nonzero(found & is_unlabelled) > np.count_nonzero(found):
            continue  # a heading, say, which the page generator gave no label
        order.append(
            next(
                (
                    place
                    for place, (own, kind) in enumerate(expected)
                    if (kind is LineKind.NUMBER) is (found_line.kind is LineKind.NUMBER) and _is_same(own, found)
                ),
                -1,
            )
        )
    right = sum(place >= 0 for place in order)
    return LineCounts(
        expected=len(expected),
        found=len(order),
        right=right,
        in_order=int(order == list(range(len(expected)))),
        crops=1,
    )


def _is_same(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> bool:
    both = np.count_nonzero(one & other)
    return bool(both >= _SAME_INK * np.count_nonzero(one | other))


def validate(network: LayoutNetwork, shards: LayoutShards, *, limit: int) -> dict[str, float]:
    """Score a network in evaluation mode on crops spread over the shards."""

    def draw_maps(ink: FloatArray) -> FloatArray:
        with torch.inference_mode():
            maps: FloatArray = to_probabilities(network(torch.from_numpy(ink)[None, None]))[0].numpy()
            return maps

    counts = count_lines(LayoutFinder(draw_maps), shards, limit=limit)
    total = LineCounts()
    for part in counts.values():
        total.add(part)
    return total.scores()


def count_lines(finder: LayoutFinder, shards: LayoutShards, *, limit: int) -> dict[str, LineCounts]:
    """Count right lines by the source of the crops, up to `limit` crops."""
    counts: dict[str, LineCounts] = defaultdict(LineCounts)
    for index in np.unique(np.linspace(0, len(shards) - 1, min(limit, len(shards))).round().astype(int)).tolist():
        crop = shards[index]
        try:
            ink = to_grey_ink(crop.image)
            layout = finder.find_layout_of_ink(ink)
        except ImageError:
            continue
        counts[crop.source].add(compare(layout, ink, crop))
    return dict(counts)
