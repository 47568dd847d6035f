"""A huge image costs no more than a large one, and reads as well."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from model.image_reduction import READ_PIXELS
from model.image_transform import ImageError, to_placed_input

FONT = ImageFont.load_default(size=40)


def page(width: int, height: int, at: tuple[int, int], *, mode: str = "RGB", text: str = "a+b=c") -> Image.Image:
    """A large sheet with one formula on it."""
    sheet = Image.new(mode, (width, height), "white")
    ImageDraw.Draw(sheet).text(at, text, fill="black", font=FONT)
    return sheet


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_small_formula_on_a_huge_sheet_reads_as_on_a_small_one(mode: str) -> None:
    # Cutting the paper off costs the formula nothing.
    expected, near = to_placed_input(page(300, 120, (40, 30), mode=mode))
    found, far = to_placed_input(page(4000, 3000, (2040, 1030), mode=mode))
    assert np.array_equal(found, expected)
    assert (far.left - near.left, far.top - near.top, far.scale) == (2000, 1000, near.scale)


def test_places_in_a_reduced_image_are_those_of_the_image() -> None:
    # What the network saw is shown in the image that the user knows.
    sheet = Image.new("L", (6000, 3000), 255)
    ImageDraw.Draw(sheet).ellipse((500, 400, 5500, 2600), outline=0, width=120)
    _, placement = to_placed_input(sheet)
    found = [placement.left, placement.top, placement.right, placement.bottom]
    assert found == pytest.approx([500, 400, 5500, 2600], abs=4)


def test_images_of_common_size_are_left_alone() -> None:
    sheet = page(1900, 1200, (100, 100))
    assert sheet.width * sheet.height < READ_PIXELS
    assert to_placed_input(sheet)[1].scale == to_placed_input(page(300, 120, (40, 30)))[1].scale


def test_specks_without_number_are_no_formula() -> None:
    # Each mark costs memory and time; a page of print has some thousands.
    noise = np.random.default_rng(0).integers(0, 2, size=(1200, 1600), dtype=np.uint8) * 255
    noise[::2] = 255
    noise[:, ::2] = 255
    with pytest.raises(ImageError, match="specks"):
        to_placed_input(Image.fromarray(noise))


_MEASURE = """
import io, resource, sys
import numpy as np
from PIL import Image
from model.image_transform import ImageError, to_network_input
from model.recognition.image_file import decode_image
kind, mode, content = sys.argv[1:]
buffer = io.BytesIO()
image = Image.new(mode, (7000, 7000), "white")
if content == "dots":
    dots = np.full((7000, 7000), 255, np.uint8)
    dots[::7, ::7] = 0
    image = Image.fromarray(dots)
    del dots
image.save(buffer, kind)
del image
buffer.seek(0)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    to_network_input(decode_image(buffer))
except ImageError as error:
    print(error, file=sys.stderr)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measured as Linux counts")
@pytest.mark.parametrize(
    ("kind", "mode", "content", "sentence"),
    [
        ("PNG", "L", "paper", "is blank"),
        ("JPEG", "RGB", "paper", "is blank"),
        ("GIF", "P", "paper", "is blank"),
        ("PNG", "L", "dots", ""),
    ],
)
def test_memory_of_the_largest_images(kind: str, mode: str, content: str, sentence: str) -> None:
    # 49 megapixels took 3 GB while they were prepared; what the encoder took before counts for nothing here.
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, kind, mode, content],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) <= 300, done.stderr
    assert sentence in done.stderr
    assert "empty" not in done.stderr
