"""A formula to paste as a picture."""

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.formula_picture import formula_picture
from model.formats import FormatError

pytestmark = pytest.mark.gui


def test_picture_is_black_on_white_with_room_around(qtbot: QtBot) -> None:
    image = formula_picture(r"\frac{1}{2}")
    colours = [image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height())]
    assert min(colours) < 40
    assert image.pixelColor(0, 0).lightness() == 255
    assert image.height() > 150  # four times the size on the screen
    assert not image.hasAlphaChannel()


def test_formula_that_cannot_be_drawn_is_refused(qtbot: QtBot) -> None:
    # An empty picture would be pasted unnoticed.
    with pytest.raises(FormatError, match=r"\.$"):
        formula_picture(r"x + \nosuchcommand")
