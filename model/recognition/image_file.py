"""Reads the image in a file, whatever may be wrong with the file, and takes what else a caller gives to be read.

Two hard facts: only raster formats that Pillow decodes by itself are opened, for EPS, say, would start Ghostscript; and
a file of a few bytes may hold 50 million pixels, so a large image is reduced as early as its format allows.
"""

from __future__ import annotations

import logging
import math
import re
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from model.image_transform import MAXIMUM_PIXELS, ImageError, refuse_too_large

logger = logging.getLogger(__name__)

ImageInput = Image.Image | np.ndarray
"""A Pillow image, or an array (height, width), (height, width, 3) RGB or (height, width, 4) RGBA."""

DECODED_PIXELS = 16_000_000
"""Images with more are reduced by a whole factor: a page of A4 at 400 dpi is not, and what is keeps some 200 dpi."""

_FORMATS = ("AVIF", "BMP", "DIB", "GIF", "ICO", "JPEG", "JPEG2000", "PNG", "PPM", "TGA", "TIFF", "WEBP")

# Their decoders hold the image several times over and know no way to reduce it meanwhile.
_HUNGRY_FORMATS = ("AVIF", "WEBP")

_STRIP_PIXELS = 2_000_000

_SCAN, _MOST_SCANS = b"\xff\xda", 100
"""What begins a scan of a JPEG and stands nowhere in its data; and how many may go through the whole image, as libtiff
has it. Programs write ten; 500 scans of nothing, in 0.3 MB, took 8.5 s of a processor."""

_TILES_OF_JPEG2000 = re.compile(rb"\xff\x4f\xff\x51.{4}(.{32})", re.DOTALL)
_MOST_TILES = 4_096
"""What begins a JPEG 2000, before its size and that of its tiles; 62,500 of 16 x 16 pixels took 820 MB."""

FILE_ENDINGS = "avif bmp dib gif ico jfif jp2 jpeg jpg pbm pgm png ppm tga tif tiff webp".split()
"""Of the files that are read, as they are commonly named."""

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By what EXIF says of how the camera was held."""

# Pillow checks the images inside of an icon by this; it refuses what has more than twice as many pixels.
Image.MAX_IMAGE_PIXELS = MAXIMUM_PIXELS // 2


def read_image(path: Path) -> Image.Image:
    """Return the image in a file; of an animation, the first one.

    Returns:
        Of mode L, RGB or RGBA, upright, of at most `DECODED_PIXELS`.

    Raises:
        ImageError: The file is missing, no image, damaged or too large; the message is one plain sentence.
    """
    try:
        _refuse_other_than_files(path)
        with path.open("rb") as file:
            return decode_image(file)
    except FileNotFoundError as error:
        raise ImageError("There is no such file.") from error
    except PermissionError as error:
        raise ImageError("The file may not be read: permission denied.") from error
    except ImageError:
        raise
    except (OSError, ValueError) as error:  # the second: a name that no file can have
        raise ImageError("The file cannot be read.") from error


def decode_image(file: BinaryIO) -> Image.Image:
    """Return the image in an open file or in memory; of an animation, the first one.

    Returns:
        As `read_image`.

    Raises:
        ImageError: It is no image, damaged or too large; the message is one plain sentence.
    """
    try:
        _refuse_empty(file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of sizes and tags that are judged here
            image = Image.open(file, formats=_FORMATS)
            _refuse_too_large(image)
            _refuse_too_many_parts(image, file)
            _ask_for_less(image)
            image.load()
            turn = _TURNS.get(_orientation(image))
            plain = _plain(image)
            return plain if turn is None else plain.transpose(turn)
    except Image.DecompressionBombError as error:
        raise ImageError(f"The image is too large to read: more than {MAXIMUM_PIXELS:,} pixels.") from error
    except UnidentifiedImageError as error:
        raise ImageError("The file is not an image, or of a format that is not supported.") from error
    except ImageError:
        raise
    except MemoryError as error:
        raise ImageError("The image is too large for this computer's memory.") from error
    except Exception as error:  # decoders raise whatever comes on damaged files
        logger.info("An image was not decoded.", exc_info=True)
        raise ImageError("The image file is damaged or incomplete.") from error


def _refuse_other_than_files(path: Path) -> None:
    if path.is_dir():
        raise ImageError("This is a folder, not an image file.")
    if path.exists() and not path.is_file():
        raise ImageError("This is a device or a pipe, not an image file.")


def _refuse_empty(file: BinaryIO) -> None:
    if not file.read(1):
        raise ImageError("The file is empty.")
    file.seek(0)


def _refuse_too_large(image: Image.Image) -> None:
    refuse_too_large(*image.size, DECODED_PIXELS if image.format in _HUNGRY_FORMATS else MAXIMUM_PIXELS)


def _refuse_too_many_parts(image: Image.Image, file: BinaryIO) -> None:
    """Refuse a file whose parts take the time or the memory that its pixels do not."""
    if image.format not in ("JPEG", "JPEG2000"):
        return
    file.seek(0)
    content = file.read()
    if image.format == "JPEG":
        has_too_many = content.count(_SCAN) > _MOST_SCANS
    else:
        has_too_many = any(_tiles(found[1]) > _MOST_TILES for found in _TILES_OF_JPEG2000.finditer(content))
    if has_too_many:
        raise ImageError("The image file is damaged or incomplete.")


def _tiles(sizes: bytes) -> int:
    numbers: tuple[int, ...] = struct.unpack(">8I", sizes)
    right, bottom, _, _, width, height, left, top = numbers
    return math.ceil((right - left) / max(width, 1)) * math.ceil((bottom - top) / max(height, 1))


def _orientation(image: Image.Image) -> int:
    """How the camera was held, as EXIF says it; 1, upright, where it says nothing that can be understood."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # a broken header says nothing of the pixels
        logger.info("The EXIF header of an image cannot be read.", exc_info=True)
        return 1


def _ask_for_less(image: Image.Image) -> None:
    """Have the decoder leave out pixels, where it can and there are too many."""
    factor = _factor(image)
    if factor == 1:
        return
    if image.format == "JPEG":
        image.draft(None, (math.ceil(image.width / factor), math.ceil(image.height / factor)))
    elif image.format == "JPEG2000":
        image.reduce = math.ceil(math.log2(factor))  # type: ignore[method-assign, assignment]


def _factor(image: Image.Image) -> int:
    return math.ceil(math.sqrt(image.width * image.height / DECODED_PIXELS))


def _plain(image: Image.Image) -> Image.Image:
    """Return the image as L, RGB or RGBA, reduced where it is too large; strip by strip, so that it exists once."""
    mode = _plain_mode(image)
    factor = _factor(image)
    if factor == 1 and image.mode == mode and "transparency" not in image.info:
        plain = image.copy()
        plain.info.clear()
        return plain
    levels = _levels(image) if _is_deep(image) else (0.0, 255.0)
    plain = Image.new(mode, (math.ceil(image.width / factor), math.ceil(image.height / factor)))
    for top, strip in _strips(image, factor):
        converted = _converted(strip, mode, levels)
        plain.paste(converted.reduce(factor) if factor > 1 else converted, (0, top // factor))
    return plain


def _strips(image: Image.Image, factor: int = 1) -> Iterator[tuple[int, Image.Image]]:
    """The image in strips of whole rows, as many as the factor divides; each with its first row."""
    rows = max(_STRIP_PIXELS // image.width // factor, 1) * factor
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))


def _plain_mode(image: Image.Image) -> str:
    if _is_deep(image) or image.mode == "LAB":
        return "L"
    if "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBA", "RGBa"):
        return "RGBA"
    return "L" if image.mode in ("1", "L") else "RGB"


def _is_deep(image: Image.Image) -> bool:
    return image.mode in ("I", "F") or image.mode.startswith("I;16")


def _levels(image: Image.Image) -> tuple[float, float]:
    """The least and the largest sample of a deep image, for its white may be any number."""
    least, largest = math.inf, -math.inf
    for _, strip in _strips(image):
        samples = np.asarray(strip)
        finite = samples[np.isfinite(samples)]
        if finite.size:
            least, largest = min(least, float(finite.min())), max(largest, float(finite.max()))
    return (least, largest) if least <= largest else (0.0, 1.0)


def _converted(strip: Image.Image, mode: str, levels: tuple[float, float]) -> Image.Image:
    if _is_deep(strip):
        low, high = levels
        samples = np.nan_to_num(np.asarray(strip, dtype=np.float64), nan=low, posinf=high, neginf=low)
        return Image.fromarray(np.round((samples - low) * (255.0 / max(high - low, 1e-6))).astype(np.uint8))
    if strip.mode == "LAB":
        return strip.getchannel("L")
    if strip.mode == "La":
        strip = strip.convert("LA")
    try:
        return strip.convert(mode)
    except Exception:
        if "transparency" not in strip.info:
            raise
        logger.info("The transparency of an image cannot be understood.", exc_info=True)
        del strip.info["transparency"]
        return strip.convert(mode)


def upright(image: ImageInput) -> Image.Image:
    """Return what was given as an image, turned as its camera noted.

    Raises:
        ImageError: It is too large, or no image.
    """
    pillow_image = image if isinstance(image, Image.Image) else _from_array(image)
    refuse_too_large(*pillow_image.size)
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
