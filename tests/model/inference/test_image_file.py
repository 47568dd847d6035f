"""A file may be anything; reading it ends in a picture or in one sentence."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.image_transform import ImageError
from model.inference.image_file import read_image


def png(width: int, height: int) -> bytes:
    """A PNG that claims a size but has hardly any pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


def noise(kind: str) -> bytes:
    """A whole image file of noise."""
    buffer = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, size=(60, 80, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"hello, I am no image", "The file is not an image, or of a format that is not supported."),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "The file is not an image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "The file is not an image"),
        (noise("PNG")[:2000], "The image file is damaged or incomplete."),
        (noise("JPEG")[:1000], "The image file is damaged or incomplete."),
        (noise("GIF")[:3000], "The image file is damaged or incomplete."),
        (png(100, 100), "The image file is damaged or incomplete."),
        (png(9_000, 9_000), "The image is too large to read: 9000 x 9000 pixels."),
        (png(20_000, 20_000), "The image is too large to read: more than 50,000,000 pixels."),
        (png(2**31 - 1, 2**31 - 1), "The image is too large to read: more than 50,000,000 pixels."),
    ],
    ids=["empty", "text", "eps", "svg", "cut png", "cut jpeg", "cut gif", "short", "large", "bomb", "huge bomb"],
)
def test_hostile_files_get_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "formula.png"
    path.write_bytes(content)
    with pytest.raises(ImageError) as caught:
        read_image(path)
    assert str(caught.value).startswith(sentence)


def test_missing_file_and_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="no such file"):
        read_image(tmp_path / "missing.png")
    with pytest.raises(ImageError, match="folder"):
        read_image(tmp_path)


def test_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The superuser, who runs many test machines, may read everything; so the refusal is the file system's in name only.
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ImageError, match="permission denied"):
        read_image(tmp_path / "formula.png")


@pytest.mark.parametrize("length", [3, 30, 300, 900])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "ICO", "TGA", "PPM"])
def test_bytes_overwritten_at_random_do_no_harm(tmp_path: Path, kind: str, length: int) -> None:
    # Decoders raise many kinds of errors on damage; none may get through.
    content = bytearray(noise(kind))
    generator = np.random.default_rng(length)
    path = tmp_path / "formula"
    for _ in range(15):
        place = int(generator.integers(0, max(len(content) - length, 1)))
        damaged = content.copy()
        damaged[place : place + length] = generator.bytes(length)
        path.write_bytes(damaged)
        with contextlib.suppress(ImageError):
            assert read_image(path).size


def test_first_picture_of_an_animation_is_taken(tmp_path: Path) -> None:
    first, second = Image.new("L", (20, 10), 0), Image.new("L", (20, 10), 255)
    path = tmp_path / "formula.gif"
    first.save(path, save_all=True, append_images=[second], duration=100)
    assert read_image(path).convert("L").getpixel((0, 0)) == 0
