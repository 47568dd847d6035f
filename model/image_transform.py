"""From any image of a formula to what the network reads: ink on nothing, cropped, at one text size.

The one hard fact: training and recognition must call the same function. Rendered images are packed after
`to_network_input`, and a screen crop passes through it before the encoder, so a fault of the size estimate is a fault
that the network has seen.

Method: background from the commonest border colour; ink as the distance from it, so that dark mode needs no rule of its
own; text height from the connected components of the ink.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.components import blurred, components_of, dilated, faint_strokes
from model.cut_neighbours import without_cut_neighbours
from model.image_reduction import reduce_to_ink
from model.text_height import estimate_text_height
from model.uneven_paper import ink_on_paper, is_uneven

MAXIMUM_PIXELS = 50_000_000
"""Larger images are refused before they are decoded."""

LONGEST_SIDE = 100_000
"""Pixels. The paper's shade is found along the edges: one of 49 million pixels, a pixel wide, took 3.8 GB and 10 s."""

NETWORK_TEXT_HEIGHT = 19.0
"""Height in pixels to which the estimated text height is brought: a digit of 10 pt type at 211 dpi."""

MARGIN = 4
"""Pixels of background kept around the ink."""

MAXIMUM_HEIGHT = 1312
MAXIMUM_WIDTH = 4256
MAXIMUM_AREA = 600_000
"""Limits of the network's input in pixels; anything larger is shrunk to fit, keeping its proportions.

Of 7,792 rendered formulas the largest has 432,000 pixels; time and memory grow with the square of the area.
"""

_INK_LEVEL = 0.35  # Above this share of full ink a pixel belongs to a glyph.
_STEEP_STEP = 0.65
_LEAST_STEEP = 0.05
"""In a sharp image a twentieth of the steps from pixel to pixel takes more than this share of full ink.

On 14 evaluation sets of screens, zooms and JPEGs that twentieth begins at 0.85 or above, blurred by one pixel at 0.52
or below: docs/experiments.md (099).
"""

"""How far from the baseline, in heights of the letters without ascenders, such a letter ends; and how many do.

Of 616 lines of words cut from pages .86 are taken for words (.87 without the baseline), of 375 formulas .016 (.109).
"""

_FRAME_THICKNESS, _FRAME_GAP, _FRAME_CLOSED = 0.45, 0.8, 0.9
"""Of a frame, in heights of a digit: its thickest line, the least space to what it holds; and how closed a side is."""
_FRAME_SLANT = 0.04
"""By how much of the frame's length a side may lie askew, as on a photograph."""

_SHARPENING = 2.0
_MOST_MARKS = 20_000  # A page of small print has a quarter of it; noise has more, and each would cost memory.
_FRAME_SHARE, _PAPER_SHARE = 0.2, 0.5  # Of an image: at most its frame, at least its paper.
_LEAST_CONTRAST = 12.0  # Of 255: fainter marks than this are noise of the paper.


class ImageError(ValueError):
    """The image cannot be read as a formula; the message is one plain sentence."""


@dataclass(frozen=True)
class Placement:
    """Where the formula lies in the source image, and the factor that brings its text to network scale.

    Attributes:
        left, top, right, bottom: Crop box in source pixels, margin not included.
        scale: Network pixels per source pixel.
    """

    left: int
    top: int
    right: int
    bottom: int
    scale: float

    def to_network(self, x: float, y: float) -> tuple[float, float]:
        """Map a point of the source image to the pixel position in the network's input."""
        return (x - self.left) * self.scale + MARGIN, (y - self.top) * self.scale + MARGIN

    def to_source(self, x: float, y: float) -> tuple[float, float]:
        """Map a pixel position in the network's input to the point of the source image."""
        return (x - MARGIN) / self.scale + self.left, (y - MARGIN) / self.scale + self.top

    @property
    def ink_size(self) -> tuple[int, int]:
        """Width and height of the formula in source pixels."""
        return self.right - self.left, self.bottom - self.top

    @property
    def text_height(self) -> float:
        """Height of a digit in source pixels; less than estimated where the formula had to be shrunk to fit."""
        return NETWORK_TEXT_HEIGHT / self.scale


@dataclass(frozen=True)
class ReducedInk:
    """The ink of an image, or of the inked part of a huge one, reduced.

    Attributes:
        ink: float32 (height, width) in [0, 1].
        left, top: Its corner in pixels of the image.
        factor: Pixels of the image in one of its own.
    """

    ink: NDArray[np.float32]
    left: int
    top: int
    factor: float

    def to_image(self, placement: Placement) -> Placement:
        """Map a placement in the ink to one in the image."""
        if self.factor == 1 and not self.left and not self.top:
            return placement
        return Placement(
            left=self.left + round(placement.left * self.factor),
            top=self.top + round(placement.top * self.factor),
            right=self.left + round(placement.right * self.factor),
            bottom=self.top + round(placement.bottom * self.factor),
            scale=placement.scale / self.factor,
        )


def to_network_input(image: Image.Image) -> NDArray[np.float32]:
    """Turn an image of one formula into the network's input.

    Args:
        image: Any size, mode and polarity.

    Returns:
        float32 (height, width), ink in [0, 1], 0 = background.

    Raises:
        ImageError: The image is empty, blank, or too large.
    """
    return to_placed_input(image)[0]


def to_placed_input(image: Image.Image) -> tuple[NDArray[np.float32], Placement]:
    """Turn an image into the network's input, as `to_network_input` does, and say where in the image that lies."""
    reduced = reduced_ink(image)
    ink = without_frame(reduced.ink)
    placement = locate(ink)
    return place(ink, placement), reduced.to_image(placement)


def reduced_ink(image: Image.Image) -> ReducedInk:
    """Reduce an image to its ink, and a huge one to the size at which it can be read.

    Raises:
        ImageError: The image is empty, blank, or too large.
    """
    refuse_too_large(*image.size)
    reduction = reduce_to_ink(image, _background)
    return ReducedInk(to_grey_ink(reduction.image), reduction.left, reduction.top, reduction.factor)


def to_grey_ink(image: Image.Image) -> NDArray[np.float32]:
    """Reduce an image to the amount of ink at each pixel.

    Returns:
        float32 (height, width), ink in [0, 1].

    Raises:
        ImageError: The image is empty, blank, or too large.
    """
    refuse_too_large(*image.size)
    width, height = image.size
    if width < 2 or height < 2:
        raise ImageError(f"The image is too small to hold a formula: {width} x {height} pixels.")
    colours = _flatten(image)  # (height, width, channels), 0..255
    distance = np.abs(colours - _background(colours)).mean(axis=2)
    if is_uneven(distance) and (on_paper := ink_on_paper(colours.mean(axis=2))) is not None:
        distance = on_paper
    strongest = float(distance.max())
    if strongest < _LEAST_CONTRAST:
        raise ImageError("The image is blank: nothing stands out from its background.")
    ink = _scaled_to_full_ink(distance)
    if _is_blurred(ink):
        # Strokes that were spread thin come out bold otherwise, once the darkest of them count as full ink.
        sharpened = distance + _SHARPENING * (distance - blurred(distance, 1.0))
        ink = _scaled_to_full_ink(np.clip(sharpened, 0.0, None))
    return ink


def refuse_too_large(width: int, height: int, most: int = MAXIMUM_PIXELS) -> None:
    """Refuse an image of more than so many pixels, or with a side that is too long.

    Raises:
        ImageError: It is such.
    """
    if width * height > most or max(width, height) > LONGEST_SIDE:
        raise ImageError(f"The image is too large to read: {width} x {height} pixels.")


def _scaled_to_full_ink(distance: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale distances from the background, (height, width), to [0, 1]."""
    # Full ink is what the darkest strokes reach, not the single darkest pixel.
    full = float(np.percentile(distance[distance > 0.5 * float(distance.max())], 75))
    floor = 0.06 * full
    ink: NDArray[np.float32] = np.clip((distance - floor) / (full - floor), 0.0, 1.0).astype(np.float32)
    return ink


def without_frame(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    r"""Take away the frame of a table's cell, a slide or a window that was drawn round the formula.

    The frame of `\boxed` lies within half a digit's height of its formula, or 0.8 of what the height is taken for where
    all letters are small, and stays; so does everything that is no rectangle of thin lines round all else.

    Args:
        ink: (height, width) in [0, 1], from `to_grey_ink`.
    """
    labels, table = components_of(ink > _INK_LEVEL)
    if len(table) < 2 or len(table) > _MOST_MARKS:
        return ink
    frame = int(((table[:, 1] - table[:, 0]) * (table[:, 3] - table[:, 2])).argmax())
    top, bottom, left, right = table[frame].tolist()
    others = np.delete(table, frame, axis=0)
    inner = (others[:, 0] > top) & (others[:, 1] < bottom) & (others[:, 2] > left) & (others[:, 3] < right)
    if not inner.any():
        return ink
    inside = others[inner]
    digit = estimate_text_height(inside)
    gaps = (
        inside[:, 0].min() - top, bottom - inside[:, 1].max(), inside[:, 2].min() - left, right - inside[:, 3].max(),
    )  # fmt: skip
    part = labels[top:bottom, left:right] == frame + 1
    slant = min(_FRAME_SLANT * max(part.shape), min(part.shape) / 3)
    thick = max(2, round(_FRAME_THICKNESS * digit), round(slant))
    is_hollow = not part[thick:-thick, thick:-thick].any()
    sides = (
        part[:thick].any(axis=0),
        part[-thick:].any(axis=0),
        part[:, :thick].any(axis=1),
        part[:, -thick:].any(axis=1),
    )
    is_closed = all(side.mean() > _FRAME_CLOSED for side in sides)
    if not is_hollow or not is_closed or min(gaps) < _FRAME_GAP * digit:
        return ink
    cleared = ink.copy()
    reach = slice(max(0, top - 1), bottom + 1), slice(max(0, left - 1), right + 1)
    around = dilated(labels[reach] == frame + 1, 2)
    cleared[reach][around] = 0.0
    return cleared


def _is_blurred(ink: NDArray[np.float32]) -> bool:
    """Say whether hardly any edge is as steep as a screen draws it, whatever the size of the text."""
    steps = (np.abs(np.diff(ink, axis=0)), np.abs(np.diff(ink, axis=1)))
    edges, steep = (sum(np.count_nonzero(step > level) for step in steps) for level in (0.1, _STEEP_STEP))
    return bool(steep < _LEAST_STEEP * edges)


def locate(ink: NDArray[np.float32], *, keeps_slivers: bool = False) -> Placement:
    """Find the formula's bounding box and estimate its text height.

    Args:
        ink: (height, width) in [0, 1], from `to_grey_ink`.
        keeps_slivers: Whether a sliver of the line above or below is wanted, too.

    Raises:
        ImageError: There is no ink.
    """
    mask = ink > _INK_LEVEL
    _, boxes = components_of(mask)
    if len(boxes) == 0:
        raise ImageError("The image is blank: nothing stands out from its background.")
    if len(boxes) > _MOST_MARKS:
        raise ImageError("The image is full of specks; no formula can be told from them.")
    count = len(boxes)
    if not keeps_slivers:
        boxes = without_cut_neighbours(boxes, (mask.shape[0], mask.shape[1]), estimate_text_height)
    top, bottom, left, right = _extent(boxes)
    height = estimate_text_height(boxes)
    _, faint = faint_strokes(ink, mask, height)
    if len(boxes) < count:  # what lies above or below may be left out with the sliver that it is of
        faint = faint[(faint[:, 0] >= top) & (faint[:, 1] <= bottom)]
    top, bottom, left, right = _extent(np.concatenate([boxes, faint]))
    scale = NETWORK_TEXT_HEIGHT / height
    scale = min(scale, (MAXIMUM_HEIGHT - 2 * MARGIN) / (bottom - top), (MAXIMUM_WIDTH - 2 * MARGIN) / (right - left))
    scale = min(scale, math.sqrt(MAXIMUM_AREA / ((bottom - top + 2 * MARGIN) * (right - left + 2 * MARGIN))))
    return Placement(left, top, right, bottom, scale)


def _extent(boxes: NDArray[np.int64]) -> tuple[int, int, int, int]:
    """Return top, bottom, left and right of all boxes."""
    (top, _, left, _), (_, bottom, _, right) = boxes.min(axis=0).tolist(), boxes.max(axis=0).tolist()
    return top, bottom, left, right


def place(ink: NDArray[np.float32], placement: Placement) -> NDArray[np.float32]:
    """Crop and scale ink as `locate` says, with a margin of background around it.

    Returns:
        float32 (height, width) in [0, 1].
    """
    box = placement
    # One source pixel beyond the box keeps the soft edge of the strokes; an image cut to its ink gets a blank one
    # there, so that its formula comes out as the same formula with a border does.
    cropped = np.pad(ink, 1)[box.top : box.bottom + 2, box.left : box.right + 2]
    height = max(1, round(cropped.shape[0] * box.scale))
    width = max(1, round(cropped.shape[1] * box.scale))
    resized = Image.fromarray(cropped).resize(
        (width, height), Image.Resampling.BICUBIC if box.scale > 1 else Image.Resampling.HAMMING
    )
    placed: NDArray[np.float32] = np.pad(np.clip(np.asarray(resized, dtype=np.float32), 0.0, 1.0), MARGIN)
    return placed


def _flatten(image: Image.Image) -> NDArray[np.float32]:
    """Return float32 (height, width, channels) in 0..255 without transparency, palette or deep samples."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        samples = np.asarray(image, dtype=np.float32)
        samples = np.where(np.isfinite(samples), samples, np.float32(0.0))
        low, high = float(samples.min()), float(samples.max())
        return ((samples - low) * (255.0 / max(high - low, 1e-6)))[:, :, None]
    if image.mode == "L":
        return np.asarray(image, dtype=np.float32)[:, :, None]
    if "A" in image.getbands() or "transparency" in image.info:
        rgba = np.asarray(image.convert("RGBA"), dtype=np.float32)
        colours, alpha = rgba[:, :, :3], rgba[:, :, 3:] / 255.0
        seen = alpha[:, :, 0] > 0.5
        # Light ink on a transparent sheet was made for a dark page; white paper would swallow it.
        paper = 0.0 if seen.any() and not seen.all() and colours[seen].mean() > 160.0 else 255.0
        flat: NDArray[np.float32] = colours * alpha + paper * (1.0 - alpha)
        return flat
    return np.asarray(image.convert("RGB"), dtype=np.float32)


def _background(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the commonest colour along the border, shape (channels,); of the whole where a frame is the border."""
    keys = (colours / 16.0).astype(np.int64) @ (32 ** np.arange(colours.shape[2]))
    border_keys = np.concatenate([keys[0], keys[-1], keys[:, 0], keys[:, -1]])
    border = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])
    commonest = _commonest(border_keys)
    overall = _commonest(keys.ravel())
    # Only a frame is all round the image and yet a small part of it.
    if (keys == commonest).mean() < _FRAME_SHARE and (keys == overall).mean() > _PAPER_SHARE:
        border, border_keys, commonest = colours.reshape(-1, colours.shape[2]), keys.ravel(), overall
    colour: NDArray[np.float32] = np.median(border[border_keys == commonest], axis=0)
    return colour


def _commonest(keys: NDArray[np.int64]) -> int:
    values, counts = np.unique(keys, return_counts=True)
    return int(values[counts.argmax()])
