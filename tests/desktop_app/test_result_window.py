"""The result of a snip: what was captured, what was read, and the LaTeX to correct and copy."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.copy_format import CopyFormat
from desktop_app.preview_renderer import PreviewRenderer
from desktop_app.result_window import ResultWindow
from desktop_app.settings import Settings
from desktop_app.snip import Snip
from tests.desktop_app.conftest import numbered_image

pytestmark = pytest.mark.gui

SNIP = Snip(numbered_image(60, 20), device_pixel_ratio=2.0, latex=r"\frac{1}{2}", confidence=0.97, seconds=0.124)


@pytest.fixture
def window(qtbot: QtBot, settings: Settings, previews: PreviewRenderer) -> ResultWindow:
    window = ResultWindow(settings, previews)
    qtbot.addWidget(window)
    return window


def test_snip_is_shown_whole(qtbot: QtBot, window: ResultWindow) -> None:
    window.show_snip(SNIP)
    assert window.isVisible()
    assert window.editor.toPlainText() == r"\frac{1}{2}"
    assert window.remark.text() == "Confidence 97%  ·  0.12 s"
    captured = window.captured.image
    assert captured is not None
    assert captured.deviceIndependentSize().width() == 30  # as large as it was on the screen
    qtbot.waitUntil(lambda: window.preview.image is not None, timeout=30_000)


def test_next_snip_leaves_nothing_of_the_one_before(qtbot: QtBot, window: ResultWindow) -> None:
    # While the second is read, the first one's formula must not be taken for it.
    window.show_snip(SNIP)
    qtbot.waitUntil(lambda: window.preview.image is not None, timeout=30_000)
    window.show_pending(Snip(numbered_image(10, 10)))
    assert window.editor.toPlainText() == ""
    assert window.editor.isReadOnly()
    assert window.preview.image is None
    assert not window.copy_button.isEnabled()
    qtbot.wait(100)
    assert window.preview.sentence == "Reading the formula…"


def test_failure_is_one_sentence_beside_the_picture(qtbot: QtBot, window: ResultWindow) -> None:
    window.show_pending(SNIP)
    window.show_failure("The picture is blank.")
    assert window.preview.sentence == "The picture is blank."
    assert window.captured.image is not None
    assert not window.editor.isReadOnly()  # the formula may be typed instead
    assert not window.copy_button.isEnabled()


def test_picture_without_a_formula_says_so(qtbot: QtBot, window: ResultWindow) -> None:
    # A silent empty result would look like a fault.
    window.show_snip(Snip(numbered_image(10, 10)))
    assert window.preview.sentence == "No formula was found in this picture."


def test_corrected_latex_is_what_is_copied(qtbot: QtBot, window: ResultWindow) -> None:
    window.show_snip(SNIP)
    qtbot.keyClicks(window.editor, "x")
    with qtbot.waitSignal(window.copy_requested) as requested:
        qtbot.mouseClick(window.copy_button, Qt.MouseButton.LeftButton)
    assert requested.args == [r"x\frac{1}{2}"]


def test_chosen_format_is_kept_and_copied_in(qtbot: QtBot, window: ResultWindow, settings: Settings) -> None:
    # Choosing $…$ after the copy at once means: this formula too.
    window.show_snip(SNIP)
    with qtbot.waitSignal(window.copy_requested):
        window.format_box.activated.emit(1)
    assert settings.copy_format == CopyFormat.INLINE
    settings.copies_at_once = False
    with qtbot.assertNotEmitted(window.copy_requested):
        window.format_box.activated.emit(2)


def test_format_chosen_elsewhere_is_shown(qtbot: QtBot, window: ResultWindow, settings: Settings) -> None:
    settings.copy_format = CopyFormat.EQUATION
    assert window.format_box.currentData() is CopyFormat.EQUATION


def test_copied_is_said_for_a_moment(qtbot: QtBot, window: ResultWindow) -> None:
    window.show_snip(SNIP)
    window.show_copied()
    assert window.remark.text() == "Copied to the clipboard"
    window._copied_timer.timeout.emit()
    assert window.remark.text().startswith("Confidence")
    window.show_copy_failure("The clipboard took no text.")
    assert window.remark.text() == "The clipboard took no text."


def test_keys(qtbot: QtBot, window: ResultWindow) -> None:
    # Everything can be done without the mouse.
    window.show_snip(SNIP)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    with qtbot.waitSignal(window.copy_requested):
        qtbot.keyClick(window.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window.editor, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_window_does_not_take_the_focus(window: ResultWindow) -> None:
    # The person is typing in the editor that the formula goes to.
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
