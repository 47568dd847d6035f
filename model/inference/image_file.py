"""Reads the picture in a file, whatever may be wrong with the file.

The one hard fact: only raster formats that Pillow decodes by itself are opened. EPS, say, would start Ghostscript.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from model.image_transform import MAXIMUM_PIXELS, ImageError

_FORMATS = ("AVIF", "BMP", "DIB", "GIF", "ICO", "JPEG", "JPEG2000", "PNG", "PPM", "TGA", "TIFF", "WEBP")

# What Pillow's decoders raise on damaged files.
_DAMAGES = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)


def read_image(path: Path) -> Image.Image:
    """Return the picture in a file; of an animation, the first one.

    Raises:
        ImageError: The file is missing, no picture, damaged or too large; the message is one plain sentence.
    """
    if path.is_dir():
        raise ImageError("This is a folder, not an image file.")
    try:
        with path.open("rb") as file:
            return decode_image(file)
    except FileNotFoundError as error:
        raise ImageError("There is no such file.") from error
    except PermissionError as error:
        raise ImageError("The file may not be read: permission denied.") from error
    except OSError as error:
        raise ImageError("The file cannot be read.") from error


def decode_image(file: BinaryIO) -> Image.Image:
    """Return the picture in an open file or in memory; of an animation, the first one.

    Raises:
        ImageError: It is no picture, damaged or too large; the message is one plain sentence.
    """
    try:
        _refuse_empty(file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of sizes and tags that are judged here
            image = Image.open(file, formats=_FORMATS)
            _refuse_too_large(image.size)
            image.load()
            return image
    except Image.DecompressionBombError as error:
        raise ImageError(f"The image is too large to read: more than {MAXIMUM_PIXELS:,} pixels.") from error
    except UnidentifiedImageError as error:
        raise ImageError("The file is not an image, or of a format that is not supported.") from error
    except ImageError:
        raise
    except _DAMAGES as error:
        raise ImageError("The image file is damaged or incomplete.") from error
    except MemoryError as error:
        raise ImageError("The image is too large for this computer's memory.") from error


def _refuse_empty(file: BinaryIO) -> None:
    if not file.read(1):
        raise ImageError("The file is empty.")
    file.seek(0)


def _refuse_too_large(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MAXIMUM_PIXELS:
        raise ImageError(f"The image is too large to read: {width} x {height} pixels.")
