"""From the bytes of an image to its lines, and to where in the image the network's input lies."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from model.dimensions import CELL_HEIGHT, CELL_WIDTH
from model.image_transform import MARGIN, ImageError
from model.layout.line_inputs import ImageLines
from model.recognition.image_file import decode_image

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ImageInput:
    """An image, ready to be read.

    Attributes:
        lines: What is read of it.
    """

    lines: ImageLines

    def region_of_cells(self, rows: int, columns: int) -> tuple[float, float, float, float]:
        """Return left, top, width and height, in pixels of the image, of the grid of the network's cells."""
        placement = self.lines.whole_input[1]
        margin = MARGIN / placement.scale
        return (
            placement.left - margin,
            placement.top - margin,
            columns * CELL_WIDTH / placement.scale,
            rows * CELL_HEIGHT / placement.scale,
        )


def prepare_image(content: bytes, prepare: Callable[[Image.Image], ImageLines]) -> ImageInput:
    """Decode an image and prepare it for the network, as `Recogniser.prepare` does.

    Raises:
        ImageError: It is no image, or damaged, blank or too large; the message is one plain sentence.
    """
    try:
        return ImageInput(prepare(decode_image(BytesIO(content))))
    except ImageError:
        raise
    except Exception as error:  # an image costs only itself, whatever goes wrong with it
        logger.exception("An image could not be prepared.")
        raise ImageError("The image cannot be read; the log says why.") from error
