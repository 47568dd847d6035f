"""The layout of an image, by the bundled network on ONNX Runtime."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from model.image_transform import ImageError, to_grey_ink
from model.layout.layout import Layout, PixelBox
from model.layout.layout_input import (
    STRIDE,
    FloatArray,
    find_components,
    make_grid,
    scale_ink,
    with_border,
    with_faint_strokes,
)
from model.layout.lines import find_lines
from model.layout.maps import MAP_COUNT, LayoutMaps
from model.offline_onnxruntime import onnxruntime
from model.text_height import estimate_text_height

logger = logging.getLogger(__name__)

LAYOUT_NAME = "layout.onnx"
"""File of the bundled network, beside the recogniser's weights."""

MapDrawer = Callable[[FloatArray], FloatArray]
"""From the network's input, (height, width), to its maps, (MAP_COUNT, rows, columns), as probabilities."""


class LayoutError(ValueError):
    """There is no layout network; one plain sentence."""


class LayoutFinder:
    """Finds the lines of images; several threads may share one."""

    def __init__(self, draw_maps: MapDrawer) -> None:
        self._draw_maps = draw_maps

    @classmethod
    def load(cls, path: Path) -> LayoutFinder:
        """Load the network that `model.layout.export` wrote.

        Raises:
            LayoutError: The file is missing or damaged.
        """
        if not path.is_file():
            raise LayoutError(f"There is no layout network at {path}.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            blank = np.zeros((1, 1, 2 * STRIDE, 2 * STRIDE), np.float32)
            shape = session.run(["maps"], {"ink": blank})[0].shape
        except Exception as error:  # ONNX Runtime has a dozen of its own, and raises others on damaged files
            raise LayoutError(f"The layout network {path} is damaged.") from error
        if shape[:2] != (1, MAP_COUNT):
            raise LayoutError(f"The layout network {path} is damaged: it draws {shape} maps.")

        def draw_maps(ink: FloatArray) -> FloatArray:
            maps: FloatArray = session.run(["maps"], {"ink": ink[None, None]})[0][0]
            return maps

        return cls(draw_maps)

    def find_layout(self, image: Image.Image) -> Layout:
        """Find the lines of an image of any size, mode and polarity.

        Raises:
            ImageError: The image is blank, too small or too large.
        """
        return self.find_layout_of_ink(to_grey_ink(image))

    def find_layout_of_ink(self, ink: FloatArray, *, wanted: Sequence[PixelBox] = ()) -> Layout:
        """Find the lines in ink, (height, width) in [0, 1], as `to_grey_ink` makes it.

        Args:
            ink: Of the image.
            wanted: What lies in these boxes is left out by no means.

        Raises:
            ImageError: There is no ink.
        """
        components = find_components(ink)
        if not len(components.boxes):
            raise ImageError("The image is blank: nothing stands out from its background.")
        digit = estimate_text_height(components.boxes)
        components = with_faint_strokes(components, ink, digit)
        grid = make_grid(ink.shape, digit)
        maps = self._draw_maps(with_border(scale_ink(ink, grid), grid))
        return find_lines(ink, components, LayoutMaps.from_output(np.asarray(maps)), grid, digit, wanted=wanted)
