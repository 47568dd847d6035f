"""From the bytes of an image to its lines."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from model.image_transform import ImageError
from model.layout.line_inputs import ImageLines
from model.recognition.image_file import decode_image

logger = logging.getLogger(__name__)


def prepare_image(content: bytes, prepare: Callable[[Image.Image], ImageLines]) -> ImageLines:
    """Decode an image and prepare it for the network, as `Recogniser.prepare` does.

    Raises:
        ImageError: It is no image, or damaged, blank or too large; the message is one plain sentence.
    """
    try:
        return prepare(decode_image(BytesIO(content)))
    except ImageError:
        raise
    except Exception as error:  # an image costs only itself, whatever goes wrong with it
        logger.exception("An image could not be prepared.")
        raise ImageError("The image cannot be read; the log says why.") from error
