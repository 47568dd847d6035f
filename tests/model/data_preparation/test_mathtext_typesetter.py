"""Typesetting with mathtext: ink for what it can draw, a reason for what it can't."""

import numpy as np
import pytest
from PIL import Image

from model.data_preparation.font_setups import MATHTEXT_FONTS, Look
from model.data_preparation.mathtext_typesetter import typeset


def look(font: str = "cm", dpi: int = 100) -> Look:
    return Look("mathtext", font, 10, dpi, "display")


@pytest.mark.parametrize("font", MATHTEXT_FONTS)
def test_draws_dark_ink_on_white_with_a_blank_border(font: str) -> None:
    """Protects the transform, which takes the background from the border."""
    image = typeset(r"\frac{x^2}{\sqrt{y}} + \alpha", look(font))

    assert isinstance(image, Image.Image)
    pixels = np.asarray(image)
    assert pixels.min() < 60
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    assert (border == 255).all()


def test_fonts_differ() -> None:
    """A family that silently falls back to another would be no family."""
    images = [typeset("x+g", look(font)) for font in MATHTEXT_FONTS]
    assert len({image.tobytes() for image in images if isinstance(image, Image.Image)}) == len(MATHTEXT_FONTS)


def test_resolution_scales_the_image() -> None:
    """The look's dpi must reach mathtext."""
    small, large = typeset("x+y", look(dpi=80)), typeset("x+y", look(dpi=160))
    assert isinstance(small, Image.Image)
    assert isinstance(large, Image.Image)
    assert large.width > 1.6 * small.width


@pytest.mark.parametrize(
    "latex", [r"\begin{matrix} a \end{matrix}", r"\unknowncommand", "{", "$", "", r"\frac{a}", "x^", "\x00"]
)
def test_refuses_in_words(latex: str) -> None:
    """Protects a batch from one formula that mathtext fails on."""
    assert isinstance(typeset(latex, look()), str)


def test_a_dummy_glyph_is_a_refusal(caplog: pytest.LogCaptureFixture) -> None:
    """Mathtext draws a currency sign where a glyph is missing; such an image would teach a wrong label."""
    assert typeset("\u4e2d", look("cm")) == "mathtext lacks a glyph"
    assert not caplog.records
