"""Image files as nobody should write them: whole ones of every format and mode, damaged at a seed's choice."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

# Every format that Pillow writes here, with the modes in which it takes an image; some are refused when they are read.
MODES = {
    "AVIF": ("RGB", "RGBA", "L"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
    "DDS": ("RGB", "RGBA", "L"),
    "DIB": ("L", "RGB"),
    "EPS": ("L", "RGB"),
    "GIF": ("1", "L", "P", "RGB", "RGBA"),
    "ICNS": ("RGBA",),
    "ICO": ("L", "P", "RGB", "RGBA"),
    "JPEG": ("1", "L", "RGB", "CMYK"),
    "JPEG2000": ("L", "LA", "RGB", "RGBA", "I;16"),
    "PCX": ("1", "L", "P", "RGB"),
    "PDF": ("L", "RGB"),
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16"),
    "PPM": ("1", "L", "RGB", "I", "F"),
    "QOI": ("RGB", "RGBA"),
    "SGI": ("L", "RGB", "RGBA"),
    "TGA": ("1", "L", "LA", "P", "RGB", "RGBA"),
    "TIFF": ("1", "L", "LA", "La", "P", "RGB", "RGBA", "RGBa", "CMYK", "LAB", "I", "I;16", "F"),
    "WEBP": ("L", "RGB", "RGBA"),
    "XBM": ("1",),
}
_BROKEN_EXIF = "broken exif"
_TIFF_COMPRESSIONS = ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")
# Numbers on which sums overflow, sizes turn negative and buffers end.
_EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def hostile_images(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield a description and the bytes of so many files; the same for the same seed."""
    random = np.random.default_rng(seed)
    wholes = list(whole_images())
    kinds = (_flip, _overwrite, _cut, _insert, _repeat, _edge_number, _splice)
    for number in range(count):
        name, content = wholes[number % len(wholes)]
        damages = [kinds[int(choice)] for choice in random.integers(0, len(kinds), size=int(random.integers(1, 3)))]
        damaged = content
        for damage in damages:
            other = wholes[int(random.integers(len(wholes)))][1]
            damaged = damage(damaged, other, random)
        yield f"{number}: {name}, {' '.join(damage.__name__.strip('_') for damage in damages)}", damaged


def whole_images() -> Iterator[tuple[str, bytes]]:
    """A formula-like image in every format and mode, some with headers of a camera and transparency of all kinds."""
    for image_format, modes in MODES.items():
        for mode in modes:
            for name, options in _options_of(image_format):
                buffer = BytesIO()
                try:
                    _drawn(mode).save(buffer, image_format, **options)
                except (OSError, ValueError, KeyError, TypeError, RuntimeError, struct.error):
                    continue  # this library cannot write it
                content = buffer.getvalue()
                if name == _BROKEN_EXIF:
                    for start in (b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"):
                        content = content.replace(start, start[:4] + b"\xff\xff\xff\xff", 1)
                yield f"{image_format} {mode} {name}", content


def _options_of(image_format: str) -> Iterator[tuple[str, dict[str, object]]]:
    yield "plain", {}
    if image_format in ("JPEG", "PNG", "WEBP", "AVIF"):
        exif = Image.Exif()
        exif[0x0112] = 6
        exif[0x010F] = "camera"
        yield "turned", {"exif": exif}
        # One of the encoders reads the header that it is given, so that one is broken afterwards.
        yield _BROKEN_EXIF, {"exif": exif if image_format == "AVIF" else b"Exif\0\0MM\0*\xff\xff\xff\xff"}
    if image_format == "TIFF":
        for compression in _TIFF_COMPRESSIONS:
            yield compression, {"compression": compression}
        yield "turned", {"tiffinfo": {274: 8}}
    if image_format in ("PNG", "GIF"):
        for transparency in (0, 255, b"\0\x80\xff", (255, 255, 255)):
            yield f"transparency {transparency!r}", {"transparency": transparency}
    if image_format in ("GIF", "WEBP", "PNG", "TIFF", "AVIF"):
        yield "animated", {"save_all": True, "append_images": [Image.new("RGB", (90, 40), (255, 255, 255))]}
    if image_format == "JPEG":
        yield "progressive", {"progressive": True}


def _drawn(mode: str) -> Image.Image:
    image = Image.new("L", (90, 40), 255)
    draw = ImageDraw.Draw(image)
    for left in range(6, 80, 14):
        draw.ellipse((left, 10, left + 8, 26), outline=0, width=2)
        draw.line((left, 32, left + 8, 30), fill=60)
    if mode == "F":
        samples = np.asarray(image, dtype=np.float32) * np.float32(1e36)
        samples[0, :4] = (np.inf, -np.inf, np.nan, -3e38)
        return Image.fromarray(samples)
    if mode in ("I", "I;16"):
        return Image.fromarray(np.asarray(image).astype(np.int32 if mode == "I" else np.uint16) * 257)
    if mode in ("La", "RGBa"):
        return image.convert(mode[:-1] + "A").convert(mode)
    if mode == "LAB":
        return Image.merge("LAB", (image, image, image))
    return image.convert(mode)


Damage = Callable[[bytes, bytes, np.random.Generator], bytes]


def _flip(content: bytes, _other: bytes, random: np.random.Generator) -> bytes:
    """Flip single bits, most of them in the header."""
    damaged = bytearray(content)
    for _ in range(int(random.integers(1, 9))):
        end = len(damaged) if random.random() < 0.4 else min(len(damaged), 96)
        if end:
            damaged[int(random.integers(end))] ^= 1 << int(random.integers(8))
    return bytes(damaged)


def _overwrite(content: bytes, _other: bytes, random: np.random.Generator) -> bytes:
    place, length = int(random.integers(len(content) + 1)), int(random.integers(1, 200))
    return content[:place] + random.bytes(length) + content[place + length :]


def _cut(content: bytes, _other: bytes, random: np.random.Generator) -> bytes:
    return content[: int(random.integers(len(content) + 1))]


def _insert(content: bytes, _other: bytes, random: np.random.Generator) -> bytes:
    place = int(random.integers(len(content) + 1))
    return content[:place] + random.bytes(int(random.integers(1, 40))) + content[place:]


def _repeat(content: bytes, _other: bytes, random: np.random.Generator) -> bytes:
    place, length = int(random.integers(len(content) + 1)), int(random.integers(1, 60))
    return content[:place] + content[place : place + length] * int(random.integers(2, 50)) + content[place:]


def _edge_number(content: bytes, _other: bytes, random: np.random.Generator) -> bytes:
    """Write a number at the edge of its range where a size or an offset may stand."""
    place = int(random.integers(min(len(content), 160) + 1))
    form = ("<I", ">I", "<H", ">H", "B")[int(random.integers(5))]
    limit = 256 ** struct.calcsize(form)
    number = struct.pack(form, _EDGES[int(random.integers(len(_EDGES)))] % limit)
    return content[:place] + number + content[place + len(number) :]


def _splice(content: bytes, other: bytes, random: np.random.Generator) -> bytes:
    return content[: int(random.integers(len(content) + 1))] + other[int(random.integers(len(other) + 1)) :]
