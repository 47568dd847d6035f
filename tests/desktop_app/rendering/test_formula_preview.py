"""The preview follows the text and never shows the image of another."""

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop_app.rendering.formula_preview import FormulaPreview
from desktop_app.rendering.preview_renderer import Preview, PreviewRenderer, PreviewRequest
from model.formats.helper_pool import HelperPool

pytestmark = pytest.mark.gui


@pytest.fixture
def preview(qtbot: QtBot, previews: PreviewRenderer) -> FormulaPreview:
    widget = FormulaPreview(previews)
    qtbot.addWidget(widget)
    widget.show()
    # What draws formulas takes a moment to load, once.
    with qtbot.waitSignal(previews.drawn, timeout=30_000):
        previews.warm_up()
    return widget


def test_follows_the_text_within_300_ms(qtbot: QtBot, preview: FormulaPreview, previews: PreviewRenderer) -> None:
    with qtbot.waitSignal(previews.drawn, timeout=300):
        preview.show_formula(r"\frac{a}{b}")
    first = preview.image
    with qtbot.waitSignal(previews.drawn, timeout=300):
        preview.show_formula(r"\frac{a}{b}+c^2")
    assert first is not None
    assert preview.image is not None
    assert preview.image.width() > first.width()


def test_fast_typing_ends_with_the_last_text(qtbot: QtBot, preview: FormulaPreview, previews: PreviewRenderer) -> None:
    # While an image is drawn the text goes on; what lies between is skipped, and the last is drawn.
    drawn: list[str] = []
    previews.drawn.connect(lambda answer: drawn.append(answer.request.latex))
    text = "abcdefghijklmnopqrstuvwxyz"
    for end in range(1, len(text) + 1):
        preview.show_formula(text[:end])
    qtbot.waitUntil(lambda: bool(drawn) and drawn[-1] == text)
    assert len(drawn) < len(text)
    assert preview.image is not None


def test_late_image_of_an_earlier_text_is_not_shown(qtbot: QtBot, preview: FormulaPreview) -> None:
    preview.show_formula("x")
    preview.clear()
    late = PreviewRequest("x", 24.0, "#000000", 1.0)
    preview._show_preview(Preview(late, QImage(10, 10, QImage.Format.Format_RGB32)))
    qtbot.wait(200)
    assert preview.image is None


def test_old_image_goes_when_the_new_one_is_slow(
    qtbot: QtBot, preview: FormulaPreview, previews: PreviewRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Faded at once, gone within 300 ms: nobody takes it for the formula in the editor.
    with qtbot.waitSignal(previews.drawn):
        preview.show_formula("x")
    monkeypatch.setattr(previews, "request", print)
    preview.show_formula("x+y")
    qtbot.waitUntil(lambda: preview.image is None, timeout=300)
    assert preview.sentence == "Drawing…"


@pytest.mark.parametrize("latex", [r"\frac{1}{", r"\unheardof{x}", r"\begin{pmatrix}1", "}{", "\\", "$"])
def test_text_without_an_image_gets_a_sentence(
    qtbot: QtBot, preview: FormulaPreview, previews: PreviewRenderer, latex: str
) -> None:
    # Half-typed LaTeX is the usual state of an editor: one sentence, no traceback, no old image.
    with qtbot.waitSignal(previews.drawn):
        preview.show_formula("x")
    with qtbot.waitSignal(previews.drawn, timeout=5000):
        preview.show_formula(latex)
    assert preview.image is None
    assert preview.sentence.endswith(".")
    assert "\n" not in preview.sentence


def test_unforeseen_error_of_the_renderer_does_not_end_previews(
    qtbot: QtBot, preview: FormulaPreview, previews: PreviewRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **options: object) -> QImage:
        raise ZeroDivisionError

    with monkeypatch.context() as patch, qtbot.captureExceptions() as raised:
        patch.setattr("desktop_app.rendering.preview_renderer.render_formula", fail)
        with qtbot.waitSignal(previews.drawn):
            preview.show_formula("x")
    assert preview.sentence == "This formula has no preview; its LaTeX may be incomplete."
    assert len(raised) == 1
    with qtbot.waitSignal(previews.drawn):
        preview.show_formula("y")
    assert preview.image is not None


def test_empty_text_shows_nothing(qtbot: QtBot, preview: FormulaPreview, previews: PreviewRenderer) -> None:
    with qtbot.waitSignal(previews.drawn):
        preview.show_formula("x")
    preview.show_formula("  ")
    assert preview.image is None
    assert preview.sentence == ""


def test_closing_waits_for_no_drawing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    # Quitting hung for as long as a formula took that never ended.
    pool = HelperPool(seconds=3600)
    monkeypatch.setattr("desktop_app.rendering.formula_renderer.drawing_pool", lambda: pool)
    monkeypatch.setattr("desktop_app.rendering.preview_renderer.drawing_pool", lambda: pool)
    renderer = PreviewRenderer()
    with qtbot.waitSignal(renderer.drawn, timeout=30_000):
        renderer.warm_up()
    renderer.request(PreviewRequest(r"\begin{matrix}" + "x+" * 2900 + r"\end{matrix}", 24.0, "#000000", 1.0))
    qtbot.waitUntil(pool._helpers[0]._working.locked, timeout=10_000)
    renderer.close()
    pool.close()
