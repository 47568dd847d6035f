"""From the bytes of an image to the network's input, and to where in the image that input lies."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from io import BytesIO

import numpy as np

from model.dimensions import CELL_HEIGHT, CELL_WIDTH
from model.image_transform import MARGIN, ImageError, to_placed_input
from model.recognition.image_file import decode_image

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ImageInput:
    """A picture, ready to be read.

    Attributes:
        ink: The network's input, float32 (height, width).
        left, top: The input's corner, in pixels of the image as a person sees it.
        scale: Pixels of the input per pixel of the image.
    """

    ink: np.ndarray
    left: float
    top: float
    scale: float

    def region_of_cells(self, rows: int, columns: int) -> tuple[float, float, float, float]:
        """Return left, top, width and height, in pixels of the image, of the grid of the network's cells."""
        return self.left, self.top, columns * CELL_WIDTH / self.scale, rows * CELL_HEIGHT / self.scale


def prepare_image(content: bytes) -> ImageInput:
    """Decode an image and prepare it for the network.

    Raises:
        ImageError: It is no image, or damaged, blank or too large; the message is one plain sentence.
    """
    try:
        ink, placement = to_placed_input(decode_image(BytesIO(content)))
    except ImageError:
        raise
    except Exception as error:  # an image costs only itself, whatever goes wrong with it
        logger.exception("An image could not be prepared.")
        raise ImageError("The image cannot be read; the log says why.") from error
    margin = MARGIN / placement.scale
    return ImageInput(
        ink=ink,
        left=placement.left - margin,
        top=placement.top - margin,
        scale=placement.scale,
    )
