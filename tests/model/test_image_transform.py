"""The image transform decides what the network sees; training and screen must not differ by polarity, mode or zoom."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from model.image_transform import (
    MARGIN,
    MAXIMUM_HEIGHT,
    MAXIMUM_WIDTH,
    ImageError,
    locate,
    to_grey_ink,
    to_network_input,
)


def draw_text(text: str = "a+b=7", size: int = 40, *, ink: str = "black", paper: str = "white") -> Image.Image:
    """Draw text on paper with some room around it."""
    font = ImageFont.load_default(size=size)
    image = Image.new("RGB", (int(size * len(text)), 2 * size), paper)
    ImageDraw.Draw(image).text((size // 2, size // 3), text, fill=ink, font=font)
    return image


@pytest.mark.parametrize(("ink", "paper"), [("white", "black"), ("#b0b0b0", "#606060"), ("navy", "#fff8dc")])
def test_polarity_and_colour_do_not_matter(ink: str, paper: str) -> None:
    """Dark mode and coloured paper give the network what black on white gives."""
    expected = to_network_input(draw_text())
    found = to_network_input(draw_text(ink=ink, paper=paper))
    assert found.shape == expected.shape
    assert np.abs(found - expected).mean() < 0.02


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1", "I", "F", "LA"])
def test_every_mode_is_read(mode: str) -> None:
    """An image's storage mode leaves its ink in place."""
    expected = to_network_input(draw_text())
    found = to_network_input(draw_text().convert(mode))
    assert abs(found.shape[0] - expected.shape[0]) <= 1
    assert abs(found.shape[1] - expected.shape[1]) <= 3


@pytest.mark.parametrize("ink", ["black", "white"])
def test_transparent_paper_keeps_its_ink(ink: str) -> None:
    """Black or white ink on a transparent sheet is seen alike."""
    opaque = draw_text()
    cut_out = Image.new("RGBA", opaque.size, ink)
    cut_out.putalpha(opaque.convert("L").point(lambda level: 255 - level))
    assert to_network_input(cut_out).sum() == pytest.approx(to_network_input(opaque).sum(), rel=0.1)


def test_specks_of_a_scan_do_not_change_the_size() -> None:
    """A hundred specks are more than all letters; with them as letters a line was enlarged sixteen times, as noise."""
    text = draw_text(size=24)
    pixels = np.array(text.convert("L"))
    generator = np.random.default_rng(1)
    rows, columns = generator.integers(2, pixels.shape[0] - 2, 100), generator.integers(2, pixels.shape[1] - 2, 100)
    pixels[rows, columns] = 0
    expected, found = (locate(to_grey_ink(image)).text_height for image in (text, Image.fromarray(pixels)))
    assert found == pytest.approx(expected, rel=0.1)


def test_text_comes_out_at_one_size_whatever_the_zoom() -> None:
    """The most reported fault of peers: a crop is read right at one zoom and wrong at another."""
    heights = [to_network_input(draw_text(size=size)).shape[0] for size in (16, 24, 40, 80, 160)]
    assert max(heights) - min(heights) <= 4


def test_crop_leaves_the_margin_and_nothing_else() -> None:
    """Wide empty paper around the formula does not reach the network."""
    image = Image.new("RGB", (2000, 900), "white")
    image.paste(draw_text(), (1500, 600))
    assert to_network_input(image).shape == to_network_input(draw_text()).shape
    found = to_network_input(image)
    assert found[:MARGIN].max() == 0.0
    assert found[:, -MARGIN:].max() == 0.0


def test_wide_and_tall_images_stay_within_the_limits_in_proportion() -> None:
    """A long line is shrunk, not squashed."""
    wide = to_network_input(draw_text("x" * 600, size=30))
    assert wide.shape[1] <= MAXIMUM_WIDTH + 2
    tall = Image.new("L", (120, 9000), 255)
    for top in range(0, 8900, 60):
        ImageDraw.Draw(tall).text((20, top), "y=1", fill=0, font=ImageFont.load_default(size=40))
    assert to_network_input(tall).shape[0] <= MAXIMUM_HEIGHT + 2


def test_placement_maps_points_into_the_input() -> None:
    """The typesetter's glyph positions land on their ink after crop and scale."""
    ink = np.zeros((200, 300), dtype=np.float32)
    ink[100:140, 50:70] = ink[100:140, 200:220] = 1.0
    placement = locate(ink)
    image = Image.fromarray(((1 - ink) * 255).astype(np.uint8))
    x, y = placement.to_network(210, 120)
    assert to_network_input(image)[round(y), round(x)] > 0.9


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        (Image.new("RGB", (300, 100), "white"), "blank"),
        (Image.new("RGB", (300, 100), "#202020"), "blank"),
        (Image.new("L", (1, 1)), "too small"),
        (Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "blank"),
        (Image.new("1", (20_000, 20_000)), "too large"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(image: Image.Image, sentence: str) -> None:
    """No silent empty result, no crash."""
    with pytest.raises(ImageError, match=sentence):
        to_network_input(image)


@settings(max_examples=60)
@given(
    width=st.integers(2, 60),
    height=st.integers(2, 60),
    seed=st.integers(0, 2**32 - 1),
    levels=st.integers(1, 256),
)
def test_any_image_gives_ink_between_0_and_1_or_an_image_error(width: int, height: int, seed: int, levels: int) -> None:
    """Random noise never breaks the transform."""
    noise = np.random.default_rng(seed).integers(0, levels, size=(height, width), dtype=np.uint8)
    try:
        found = to_network_input(Image.fromarray(noise))
    except ImageError:
        return
    assert found.dtype == np.float32
    assert found.min() >= 0.0
    assert found.max() <= 1.0


def test_ink_keeps_soft_edges() -> None:
    """Anti-aliasing carries the shape of small glyphs and must survive."""
    ink = to_grey_ink(draw_text(size=18))
    assert ((ink > 0.1) & (ink < 0.9)).mean() > 0.01


def test_blurred_strokes_come_out_thin() -> None:
    # Fat strokes read as bold ones; a scan or an enlarged page is blurred often enough.
    sharp = draw_text("a+b=7", 24)
    blurred = sharp.filter(ImageFilter.GaussianBlur(1.0))
    thickness = [float((to_network_input(one) > 0.5).sum()) for one in (sharp, blurred)]
    assert thickness[1] < 1.22 * thickness[0]


def test_sharp_images_are_left_as_they_are() -> None:
    # Sharpening what is sharp costs a tenth of the formulas.
    ink = to_grey_ink(draw_text("a+b=7", 24).convert("L"))
    distance = 255.0 - np.asarray(draw_text("a+b=7", 24).convert("L"), dtype=np.float32)
    full = np.percentile(distance[distance > 0.5 * distance.max()], 75)
    assert np.allclose(ink, np.clip((distance - 0.06 * full) / (0.94 * full), 0.0, 1.0), atol=1e-5)


def framed(gap: int, *, thick: int = 1, closed: bool = True, text: str = "a+b=7") -> Image.Image:
    """Draw a frame round a formula, `gap` pixels from the ink; its digits are 29 pixels high."""
    plain = draw_text(text)
    ink = to_grey_ink(plain)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = (columns[0] - gap, rows[0] - gap, columns[-1] + gap, rows[-1] + gap)
    wide = Image.new("RGB", (plain.width + 200, plain.height + 200), "white")
    wide.paste(plain, (100, 100))
    left, top, right, bottom = (int(value) + 100 for value in box)
    draw = ImageDraw.Draw(wide)
    if closed:
        draw.rectangle((left, top, right, bottom), outline="black", width=thick)
    else:
        draw.line([(left, top), (right, top)], fill="black", width=thick)
    return wide


@pytest.mark.parametrize("thick", [1, 3])
def test_a_frame_drawn_round_the_formula_is_no_part_of_it(thick: int) -> None:
    # The frame of a slide or of a table's cell made nonsense of what it held.
    found, expected = to_network_input(framed(40, thick=thick)), to_network_input(draw_text())
    assert found.shape == expected.shape
    assert np.abs(found - expected).mean() < 0.02


@pytest.mark.parametrize("margin", [0, 1, 3])
def test_a_frame_at_the_edge_is_not_taken_for_the_paper(margin: int) -> None:
    image = framed(40, thick=2)
    box = ImageOps.invert(image.convert("L")).getbbox()
    assert box is not None
    cropped = image.crop((box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin))
    expected = to_network_input(draw_text())
    assert to_network_input(cropped).shape == expected.shape


@pytest.mark.parametrize("options", [{"gap": 8}, {"gap": 40, "closed": False}])
def test_a_boxed_formula_keeps_its_box_and_a_line_stays(options: dict[str, int]) -> None:
    # TeX's \boxed lies close to its formula, and is read as \boxed; a line above may be a bar.
    image = framed(**options)  # type: ignore[arg-type]
    assert to_network_input(image).shape != to_network_input(draw_text()).shape


def test_a_box_round_small_letters_alone_stays() -> None:
    # Their height is taken for that of digits, and 3 of 10 points are more of it: every fifth box was lost so.
    image = framed(15, text="vxz")
    assert to_network_input(image).shape != to_network_input(draw_text("vxz")).shape


def test_a_line_of_words_is_as_high_as_its_ascenders() -> None:
    # Most letters of words have no ascender; taken for digits they would be drawn half as large again.
    words, digits = draw_text("then every field has a basis which we fix", 30), draw_text("x = 1357 + 2468", 30)
    heights = [locate(to_grey_ink(image)).text_height for image in (words, digits)]
    assert heights[0] == pytest.approx(heights[1], rel=0.15)


def test_a_faint_minus_at_the_end_is_not_cut_off() -> None:
    ink = np.zeros((40, 120), np.float32)
    ink[10:26, 10:13] = ink[10:26, 20:23] = ink[10:26, 30:33] = 1.0
    ink[8, 40:50] = 0.3
    placement = locate(ink)
    assert (placement.left, placement.top, placement.right, placement.bottom) == (10, 8, 50, 26)
