"""A formula to paste as an image."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop_app.rendering.formula_renderer import formula_image
from model.formats import FormatError
from model.latex import format_latex, normalise

pytestmark = pytest.mark.gui

_LINES = (Path(__file__).parents[2] / "data" / "formulas.txt").read_text(encoding="utf-8").splitlines()
# As the recogniser writes them; every kind of source is among them.
FORMULAS = [format_latex(normalise(line)) for line in _LINES[:: len(_LINES) // 200]][:200]


def test_image_is_black_on_white_with_room_around(qtbot: QtBot) -> None:
    image = formula_image(r"\frac{1}{2}")
    colours = [image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height())]
    assert min(colours) < 40
    assert image.pixelColor(0, 0).lightness() == 255
    assert image.height() > 150  # four times the size on the screen
    assert not image.hasAlphaChannel()


def test_images_of_real_formulas_have_ink_and_room(qtbot: QtBot) -> None:
    assert len(FORMULAS) == 200
    for latex in FORMULAS:
        image = formula_image(latex).convertToFormat(QImage.Format.Format_Grayscale8)
        rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
        pixels = rows[:, : image.width()]
        assert pixels.min() < 60, latex
        edge = np.concatenate([pixels[:8].ravel(), pixels[-8:].ravel(), pixels[:, :8].ravel(), pixels[:, -8:].ravel()])
        assert edge.min() == 255, latex  # nothing is cut off


def test_formula_that_cannot_be_drawn_is_refused(qtbot: QtBot) -> None:
    # An empty image would be pasted unnoticed.
    with pytest.raises(FormatError, match=r"\.$"):
        formula_image(r"x + \nosuchcommand")
