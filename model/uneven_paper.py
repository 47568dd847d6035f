"""Ink on paper that is not of one shade: scans with grain, photographs of pages under uneven light.

A screen paints its paper in one colour, and all that differs from it is ink. On a scan hardly two pixels of the paper
are alike, and on a photograph one corner is darker than a letter in another. There the paper's shade is estimated for
each pixel from what is around it: by the median over a window wider than strokes, then by the mean of what is no ink.
What stands out from it less than the grain does is no ink, and lines of text that lie askew are levelled.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from model.components import blurred, components_of, dilated

FloatArray = NDArray[np.float32]

_PAPER, _SAME_SHADE, _LEAST_EVEN = 0.3, 3.0, 0.55
"""What differs from the background by less than this share of full ink is paper. On a screen at least that part of it
is within so many of 255 levels: in 77 crops .76 or more, in JPEGs of them .60; in grey scans .5 at most, in
photographs .73, and .24 on average."""
_MOST_OPPOSITE, _LEAST_PAPER = 0.5, 0.75
"""A page has ink to one side of the paper's shade, and is paper for the most part. What is lighter than paper is, in
ink, .46 at most in 103 scans and photographs of formulas, .57 or more in noise and in blobs as of photographs; paper
covers .80 or more and .75 or less."""

_SHRINKING, _WINDOW, _MEAN_WINDOW = 8, 21, 12
"""The median is taken of an image that is shrunk by that factor at most, over so many of its pixels at most; the mean
within a radius of one such part of the image's shorter side."""
_COARSE_GRAIN, _GRAIN_SMOOTHING, _GRAINS = 0.03, 0.8, 2.5
"""Grain of more than this share of full ink is blurred by so many pixels; ink is what exceeds so many of its standard
deviations."""
_MOST_FLOOR = 0.3
_INK_LEVEL = 0.35
_SPECK = 12.0
"""A point of text is larger than the square of a twelfth of its letters."""
_HOLLOW = 0.12  # A frame fills less of its box.

_SLOPE_STEP, _SLOPES = 0.004, 9
_LEAST_SLOPE, _LEAST_GAIN, _LEAST_WIDTH, _MOST_PIXELS = 0.003, 1.1, 60, 250_000
"""Tilts are told from a tenth more steepness, on 39 crops turned by .4, .8 and 1.3 degrees: found in about half, to a
tenth of a degree but for three, and none where there is none."""


def is_uneven(distance: FloatArray) -> bool:
    """Say whether the paper of an image is of many shades.

    Args:
        distance: (height, width), of each pixel's colour from the background's, 0..255.
    """
    paper = distance < _PAPER * np.percentile(distance, 99.9)
    return bool(paper.any() and (distance[paper] <= _SAME_SHADE).mean() < _LEAST_EVEN)


def ink_on_paper(grey: FloatArray) -> FloatArray | None:
    """Return how much each pixel of a scan or photograph differs from the paper around it.

    Args:
        grey: (height, width), 0..255, of any polarity.

    Returns:
        float32 (height, width), 0..255, lines of text levelled, 0 where there is no more than grain; None where the
        image is no page but noise or a photograph of something else.
    """
    paper = _paper_by_median(grey)
    smooth = blurred(paper - grey, _GRAIN_SMOOTHING)
    if np.percentile(smooth, 1) + np.percentile(smooth, 99) < 0:  # light ink on a dark page
        grey, paper, smooth = -grey, -paper, -smooth
    strongest = float(np.percentile(smooth, 99.5))
    if -np.percentile(smooth, 1) > _MOST_OPPOSITE * strongest or (smooth < _PAPER * strongest).mean() < _LEAST_PAPER:
        return None
    is_paper = smooth < _PAPER * strongest
    difference = _paper_by_mean(grey, paper, is_paper) - grey
    if _grain(difference, is_paper) > _COARSE_GRAIN * strongest:
        difference = blurred(difference, _GRAIN_SMOOTHING)
    floor = min(_GRAINS * _grain(difference, is_paper), _MOST_FLOOR * strongest)
    ink: FloatArray = np.clip(difference - floor, 0.0, None).astype(np.float32)
    slope = text_slope(ink)
    return _without_specks(_sheared(ink, slope) if abs(slope) >= _LEAST_SLOPE else ink)


def text_slope(ink: FloatArray) -> float:
    """Estimate by how much lines of text fall from left to right, in pixels a pixel; 0 where it cannot be told.

    Where bars, baselines and the tops of letters are level, the ink of a row differs most from that of the next one
    (the projection profiles of Postl 1986).

    Args:
        ink: (height, width).
    """
    if ink.shape[1] < _LEAST_WIDTH:
        return 0.0
    shrinking = min(1.0, (_MOST_PIXELS / ink.size) ** 0.5)
    if shrinking < 1.0:
        size = tuple(max(1, round(length * shrinking)) for length in reversed(ink.shape))
        ink = np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BOX), dtype=np.float32)
    slopes = np.arange(-_SLOPES, _SLOPES + 1) * _SLOPE_STEP
    steepness = [float((np.diff(_sheared(ink, slope).sum(axis=1)) ** 2).sum()) for slope in slopes]
    best = int(np.argmax(steepness))
    if best in {0, len(slopes) - 1} or steepness[best] < _LEAST_GAIN * steepness[_SLOPES]:
        return 0.0
    before, at, after = steepness[best - 1 : best + 2]
    return float(slopes[best] + 0.5 * _SLOPE_STEP * (before - after) / (before - 2 * at + after))


def _paper_by_median(grey: FloatArray) -> FloatArray:
    height, width = grey.shape
    shrinking = max(1, min(_SHRINKING, min(height, width) // 12))
    small = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).resize(
        (max(1, width // shrinking), max(1, height // shrinking)), Image.Resampling.BOX
    )
    window = max(3, min(_WINDOW, (min(small.size) // 2) | 1))
    reach = window // 2
    padded = Image.fromarray(np.pad(np.asarray(small), reach, mode="symmetric"))
    smooth = padded.filter(ImageFilter.MedianFilter(window)).filter(ImageFilter.GaussianBlur(window / 4))
    shade = smooth.crop((reach, reach, reach + small.width, reach + small.height))
    return np.asarray(shade.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)


def _paper_by_mean(grey: FloatArray, paper: FloatArray, is_paper: NDArray[np.bool_]) -> FloatArray:
    """Correct an estimate by its mean error over what is no ink."""
    radius = max(2.0, min(grey.shape) / _MEAN_WINDOW)
    shares = blurred(is_paper.astype(np.float32), radius)
    errors = blurred(np.where(is_paper, grey - paper, 0.0).astype(np.float32), radius)
    corrected: FloatArray = (paper + errors / np.maximum(shares, 0.05)).astype(np.float32)
    return corrected


def _grain(difference: FloatArray, is_paper: NDArray[np.bool_]) -> float:
    """Return the standard deviation of the grain, by the median absolute deviation."""
    return 1.4826 * float(np.median(np.abs(difference[is_paper])))


def _sheared(ink: FloatArray, slope: float) -> FloatArray:
    """Move each column up by the slope times its distance from the middle."""
    image = Image.fromarray(ink)
    shear = (1, 0, 0, slope, 1, -slope * ink.shape[1] / 2)
    return np.asarray(
        image.transform(image.size, Image.Transform.AFFINE, shear, Image.Resampling.BILINEAR), dtype=np.float32
    )


def _without_specks(ink: FloatArray) -> FloatArray:
    """Take away what is too small to be a point of text of that size."""
    labels, boxes = components_of(ink > _INK_LEVEL * np.percentile(ink, 99.8))
    if not len(boxes):
        return ink
    heights, widths = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]
    areas = np.bincount(labels.ravel(), minlength=len(boxes) + 1)[1:]
    # By their ink, so that specks don't count; and without frames, which are hollow.
    counted = np.where(areas >= _HOLLOW * heights * widths, areas, 0)
    typical = float(np.median(np.repeat(np.maximum(heights, widths), counted))) if counted.any() else 1.0
    specks = np.flatnonzero(areas < 1 + (typical / _SPECK) ** 2) + 1
    cleared = ink.copy()
    cleared[dilated(np.isin(labels, specks), 1)] = 0.0
    return cleared
