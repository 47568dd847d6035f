"""Crops as other hands, screens and scanners make them: size, slant, blur, noise and weight of strokes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from model.image_transform import ImageError, to_grey_ink
from model.layout.labels import NOBODY, LayoutTargets, Tilt, ink_owners, make_targets, spread_owners
from model.layout.layout_input import (
    FloatArray,
    InputGrid,
    IntArray,
    find_components,
    make_grid,
    scale_ink,
    with_border,
)  # fmt: skip
from model.layout.shards import LabelledCrop
from model.text_height import estimate_text_height

_SMALLEST, _LARGEST = 0.65, 1.5
_STEEPEST = math.tan(math.radians(1.5))


@dataclass(frozen=True)
class Example:
    """One crop as the network sees it, and what it should draw.

    Attributes:
        ink: float32 (height, width), multiples of STRIDE.
        targets: Of its cells.
    """

    ink: FloatArray
    targets: LayoutTargets


def make_example(crop: LabelledCrop, generator: np.random.Generator | None = None) -> Example | None:
    """Make an example of a crop; None where nothing is to be seen in it.

    Args:
        crop: With its labels.
        generator: Chooses size, slant and noise; None for the crop as it is.
    """
    try:
        ink = to_grey_ink(crop.image)
    except ImageError:
        return None
    components = find_components(ink)
    if not len(components.boxes):
        return None
    zoom = 1.0 if generator is None else _log_uniform(generator, _SMALLEST, _LARGEST)
    grid = make_grid(ink.shape, estimate_text_height(components.boxes), zoom=zoom)
    owners = spread_owners(ink_owners(ink, crop))
    scaled = scale_ink(ink, grid)
    nearest = Image.fromarray(owners.astype(np.int32)).resize((grid.width, grid.height), Image.Resampling.NEAREST)
    scaled_owners = np.asarray(nearest).astype(np.int64)
    tilt = Tilt()
    if generator is not None:
        if generator.random() < 0.3:
            tilt = Tilt(float(generator.uniform(-_STEEPEST, _STEEPEST)))
            scaled, scaled_owners = _tilted(scaled, scaled_owners, grid, tilt)
        scaled = _degraded(scaled, generator)
    targets = make_targets(scaled, scaled_owners, grid, crop.lines, tilt)
    return Example(with_border(scaled, grid), targets)


def _log_uniform(generator: np.random.Generator, low: float, high: float) -> float:
    return float(math.exp(generator.uniform(math.log(low), math.log(high))))


def _tilted(ink: FloatArray, owners: IntArray, grid: InputGrid, tilt: Tilt) -> tuple[FloatArray, IntArray]:
    """Shear ink and owners: at these angles that is a turn."""
    size = (grid.width, grid.height)
    # Pillow asks where in the source each pixel comes from.
    shear = (1.0, 0.0, 0.0, -tilt.slope, 1.0, tilt.slope * grid.width / 2)
    turned = Image.fromarray(ink).transform(size, Image.Transform.AFFINE, shear, Image.Resampling.BILINEAR)
    turned_owners = Image.fromarray((owners - NOBODY).astype(np.int32)).transform(
        size, Image.Transform.AFFINE, shear, Image.Resampling.NEAREST
    )
    return np.asarray(turned, dtype=np.float32), np.asarray(turned_owners).astype(np.int64) + NOBODY


def _degraded(ink: FloatArray, generator: np.random.Generator) -> FloatArray:
    """Blur, thicken or thin the strokes, lay noise over them; each now and then."""
    if generator.random() < 0.25:
        ink = ndimage.gaussian_filter(ink, generator.uniform(0.3, 1.1))
    if generator.random() < 0.3:
        ink = np.clip(ink, 0.0, 1.0) ** _log_uniform(generator, 0.5, 2.0)
    if generator.random() < 0.2:
        ink = ink * np.float32(generator.uniform(0.6, 1.0))
    if generator.random() < 0.2:
        noise = generator.normal(0.0, generator.uniform(0.02, 0.12), ink.shape)
        ink = np.clip(ink + noise, 0.0, 1.0)
    return ink.astype(np.float32)
