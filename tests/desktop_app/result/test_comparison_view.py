"""Captured image and preview: one text height, beside one another where there is room."""

import math

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from desktop_app.rendering.formula_preview import TEXT_HEIGHT
from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.result.comparison_view import ComparisonView
from desktop_app.snips.snip import Snip

pytestmark = pytest.mark.gui


@pytest.fixture
def view(qtbot: QtBot, previews: PreviewRenderer) -> ComparisonView:
    view = ComparisonView(previews)
    qtbot.addWidget(view)
    view.resize(800, 300)
    view.show()
    return view


def image(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    return image


def text_height(view: ComparisonView, snip: Snip) -> float:
    """Of the captured text as it is shown, in device-independent pixels."""
    return view.captured.image_place().width() / snip.image.width() * snip.text_height


@pytest.mark.parametrize("height", [8.0, 15.0, 40.0])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_captured_text_is_as_high_as_that_of_the_preview(view: ComparisonView, height: float, ratio: float) -> None:
    snip = Snip(image(120, 60), ratio, "x", text_height=height)
    view.show_captured(snip)
    assert text_height(view, snip) == pytest.approx(TEXT_HEIGHT, rel=0.01)


def test_unknown_text_height_leaves_the_size_on_the_screen(view: ComparisonView) -> None:
    # While the formula is still being read.
    view.show_captured(Snip(image(120, 60), 2.0))
    assert view.captured.image_place().width() == 60


@pytest.mark.parametrize("height", [0.001, 1e6, math.inf])
def test_wrong_estimate_makes_no_giant_and_no_dot(view: ComparisonView, height: float) -> None:
    view.show_captured(Snip(image(120, 60), 1.0, "x", text_height=height))
    assert 20 <= view.captured.image_place().width() <= 800


def test_what_has_more_room_is_made_as_small_as_the_other(
    qtbot: QtBot, view: ComparisonView, previews: PreviewRenderer
) -> None:
    snip = Snip(image(1500, 60), 1.0, "x", text_height=TEXT_HEIGHT)
    view.show_captured(snip)
    with qtbot.waitSignal(previews.drawn, timeout=30_000):
        view.preview.show_formula("x+y")
    share = view.captured.image_place().width() / 1500
    assert share < 0.6
    wanted = view.preview.wanted_size.width()
    assert view.preview.image_place().width() == pytest.approx(share * wanted, rel=0.02)
    # and as large as it was for a small one
    view.show_captured(Snip(image(60, 30), 1.0, "x", text_height=TEXT_HEIGHT))
    assert view.preview.image_place().width() == pytest.approx(wanted)


def test_they_stand_one_above_the_other_where_that_serves(view: ComparisonView) -> None:
    view.show_captured(Snip(image(100, 40), 1.0, "x", text_height=TEXT_HEIGHT))
    assert not view.is_stacked
    view.show_captured(Snip(image(720, 40), 1.0, "x", text_height=TEXT_HEIGHT))
    assert view.is_stacked  # a long formula would be half as large beside the preview
    view.show_captured(Snip(image(300, 200), 1.0, "x", text_height=TEXT_HEIGHT))
    assert not view.is_stacked
    view.resize(400, 500)
    assert view.is_stacked
    view.resize(900, 500)
    assert not view.is_stacked


def test_each_half_gets_the_same_room(view: ComparisonView) -> None:
    for width, height in ((800, 300), (400, 500)):
        view.resize(width, height)
        assert abs(view.captured.width() - view.preview.width()) <= 1
        assert abs(view.captured.height() - view.preview.height()) <= 1


def drawn(view: ComparisonView, previews: PreviewRenderer, qtbot: QtBot, latex: str) -> None:
    with qtbot.waitSignal(previews.drawn, timeout=30_000):
        view.preview.show_formula(latex)


def test_preview_of_the_same_formula_corrects_the_estimate(
    qtbot: QtBot, view: ComparisonView, previews: PreviewRenderer
) -> None:
    # The estimate is a third off where a formula has many scripts; the same formula has the same outline.
    drawn(view, previews, qtbot, "T_N^M=x")
    ink = view.preview.ink_size
    size = round(2 * ink.width()), round(2 * ink.height())
    view.show_captured(Snip(image(size[0] + 20, size[1] + 20), 1.0, "T_N^M=x", text_height=20.0, ink_size=size))
    view.preview.clear()
    drawn(view, previews, qtbot, "T_N^M=x")
    shown = view.captured.image_place().width() / (size[0] + 20) * size[0]
    assert shown == pytest.approx(ink.width(), rel=0.03)
    drawn(view, previews, qtbot, "T_N^M=x+y+z")  # typed: the image stays as it is
    assert view.captured.image_place().width() / (size[0] + 20) * size[0] == pytest.approx(shown)


def test_preview_of_another_outline_corrects_nothing(
    qtbot: QtBot, view: ComparisonView, previews: PreviewRenderer
) -> None:
    # A formula that was misread must not be stretched to the image's width.
    snip = Snip(image(320, 40), 1.0, "x", text_height=TEXT_HEIGHT, ink_size=(300, 20))
    view.show_captured(snip)
    drawn(view, previews, qtbot, "x")
    assert text_height(view, snip) == pytest.approx(TEXT_HEIGHT, rel=0.01)
