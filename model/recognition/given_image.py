"""What a caller gives to be read, a Pillow image or an array, as an upright Pillow image."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageOps

from model.image_transform import MAXIMUM_PIXELS, ImageError

ImageInput = Image.Image | np.ndarray
"""A Pillow image, or an array (height, width), (height, width, 3) RGB or (height, width, 4) RGBA."""


def upright(image: ImageInput) -> Image.Image:
    """Return what was given as an image, turned as its camera noted.

    Raises:
        ImageError: It is too large, or no image.
    """
    pillow_image = image if isinstance(image, Image.Image) else _from_array(image)
    width, height = pillow_image.size
    if width * height > MAXIMUM_PIXELS:
        raise ImageError(f"The image is too large to read: {width} x {height} pixels.")
    return ImageOps.exif_transpose(pillow_image)


def _from_array(array: np.ndarray) -> Image.Image:
    """Make a Pillow image of an array.

    Raises:
        ImageError: The array has not the shape or type of a image.
    """
    if array.dtype == np.bool_:
        array = array.astype(np.uint8) * 255
    is_grey = array.ndim == 2 and array.dtype in (np.uint8, np.uint16, np.float32)
    is_colour = array.ndim == 3 and array.shape[2] in {3, 4} and array.dtype == np.uint8
    if not is_grey and not is_colour:
        raise ImageError(f"An array of shape {array.shape} and type {array.dtype} is no image.")
    if 0 in array.shape:
        raise ImageError("The image is empty.")
    return Image.fromarray(array)
