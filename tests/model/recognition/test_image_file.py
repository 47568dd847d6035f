"""A file may be anything; reading it ends in an image or in one sentence."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from model.image_transform import ImageError, to_network_input
from model.recognition.image_file import decode_image, read_image
from tests.hostile.hostile_images import hostile_images, whole_images


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
        (png(9_000, 9_000), "The image is too large to read: more than 50,000,000 pixels."),
        (png(20_000, 20_000), "The image is too large to read: more than 50,000,000 pixels."),
        (png(1, 49_000_000), "The image is too large to read: 1 x 49000000 pixels."),  # all of it is edge
        (png(2**31 - 1, 2**31 - 1), "The image is too large to read: more than 50,000,000 pixels."),
    ],
    ids=[
        "empty",
        "text",
        "eps",
        "svg",
        "cut png",
        "cut jpeg",
        "cut gif",
        "short",
        "large",
        "bomb",
        "line",
        "huge bomb",
    ],
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


def test_whole_images_of_every_format_are_read_or_are_of_no_supported_format() -> None:
    # Broken EXIF headers, transparency that fits no colour, and rare modes say nothing against the pixels.
    for name, content in whole_images():
        try:
            image = decode_image(io.BytesIO(content))
        except ImageError as error:
            assert "not supported" in str(error), name  # noqa: PT017 - either is right
        else:
            assert image.mode in ("L", "RGB", "RGBA"), name
            assert to_network_input(image).any(), name


def test_damaged_images_of_every_format_do_no_harm() -> None:
    # Decoders raise whatever comes on damage; none of it may get through, and no warning either.
    for name, content in hostile_images(600, seed=3):
        try:
            to_network_input(decode_image(io.BytesIO(content)))
        except ImageError as error:
            assert str(error).endswith("."), name  # noqa: PT017 - either is right


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_turned_photographs_are_upright_once(kind: str, orientation: int) -> None:
    upright = Image.new("L", (64, 32), 255)
    upright.paste(0, (0, 0, 16, 16))
    turn = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # how the camera had turned it, as Pillow counts
    stored = upright.transpose(Image.Transpose(turn[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    stored.save(buffer, kind, **({"tiffinfo": {274: orientation}} if kind == "TIFF" else {"exif": exif}))
    image = ImageOps.exif_transpose(
        decode_image(io.BytesIO(buffer.getvalue()))
    )  # as the recogniser does, which must not turn it again
    assert image.size == (64, 32)
    assert np.abs(np.asarray(image.convert("L"), dtype=int) - np.asarray(upright)).mean() < 4


def test_samples_out_of_range_are_an_image_all_the_same() -> None:
    samples = np.full((40, 90), 1e38, dtype=np.float32)
    samples[10:30, 20:24] = -3e38
    samples[0, :3] = (np.inf, -np.inf, np.nan)
    buffer = io.BytesIO()
    Image.fromarray(samples).save(buffer, "TIFF")
    assert to_network_input(decode_image(io.BytesIO(buffer.getvalue()))).max() > 0.9


def test_icon_with_a_larger_image_inside_than_it_says() -> None:
    # The size in the icon's own header passes; the image in it must be judged too.
    bomb = png(20_000, 10_000)
    header = struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(bomb), 22)
    with pytest.raises(ImageError, match="too large"):
        decode_image(io.BytesIO(header + bomb))


def test_jpeg_with_scans_without_end() -> None:
    # Each goes through the whole image: 0.3 MB of them took 8.5 s.
    buffer = io.BytesIO()
    Image.new("L", (90, 40), 255).save(buffer, "JPEG", progressive=True)
    whole = buffer.getvalue()
    assert decode_image(io.BytesIO(whole)).size == (90, 40)
    last_scan = whole[whole.rfind(b"\xff\xda") : -2]
    with pytest.raises(ImageError, match="damaged"):
        decode_image(io.BytesIO(whole[:-2] + 100 * last_scan + whole[-2:]))


def test_jpeg_2000_of_very_small_tiles() -> None:
    # The decoder keeps some kilobytes for each, however few pixels it has.
    for tile, is_read in ((16, False), (256, True)):
        buffer = io.BytesIO()
        Image.new("L", (1100, 1000), 255).save(buffer, "JPEG2000", tile_size=(tile, tile))
        try:
            assert decode_image(io.BytesIO(buffer.getvalue())).size == (1100, 1000)
        except ImageError as error:
            assert not is_read, error  # noqa: PT017 - the smaller tiles are refused
        else:
            assert is_read


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has none")
def test_pipe_in_the_place_of_a_file(tmp_path: Path) -> None:
    # Opening it would wait for ever for a writer.
    os.mkfifo(tmp_path / "formula.png")
    with pytest.raises(ImageError, match="pipe"):
        read_image(tmp_path / "formula.png")
    with pytest.raises(ImageError, match="cannot be read"):
        read_image(Path("a\0b"))


def test_first_image_of_an_animation_is_taken(tmp_path: Path) -> None:
    first, second = Image.new("L", (20, 10), 0), Image.new("L", (20, 10), 255)
    path = tmp_path / "formula.gif"
    first.save(path, save_all=True, append_images=[second], duration=100)
    assert read_image(path).convert("L").getpixel((0, 0)) == 0
