"""The result of a snip: what was captured, what was read, and the LaTeX to correct and copy."""

import sys

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.recognition.recognition_result import token_analysis, with_recognition
from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.result.result_window import ResultWindow
from desktop_app.settings.settings import AfterSnip, Settings
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import Snip
from desktop_app.snips.token_analysis import TokenChoice
from desktop_app.widgets.key_positions import KeyPositions
from model.recognition.calibration import ConfidenceLevel
from tests.desktop_app.conftest import analysis_of, numbered_image, reading_of

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


def test_green_line_is_gone_as_soon_as_the_text_is_another_one(qtbot: QtBot, window: ResultWindow) -> None:
    window.show_snip(SNIP)
    window.show_copied()
    qtbot.keyClick(window.editor, Qt.Key.Key_X)
    assert window.remark.text() == "The clipboard holds the earlier text."
    qtbot.keyClick(window.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.editor.toPlainText() == SNIP.latex
    assert window.remark.text() == "Confidence 97%  ·  0.12 s"


def test_copied_text_follows_corrections_where_the_settings_want_it(
    qtbot: QtBot, window: ResultWindow, settings: Settings
) -> None:
    settings.copies_edits = True
    window.show_snip(SNIP)
    window.show_copied()
    with qtbot.waitSignal(window.copy_requested) as copied:
        qtbot.keyClick(window.editor, Qt.Key.Key_X)
    assert copied.args == [window.editor.toPlainText()]


def test_copying_keys_without_a_selection_mean_the_whole_formula(qtbot: QtBot, window: ResultWindow) -> None:
    window.show_snip(SNIP)
    with qtbot.waitSignal(window.copy_requested) as copied:
        qtbot.keyClick(window.editor, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copied.args == [SNIP.latex]
    window.editor.selectAll()
    with qtbot.assertNotEmitted(window.copy_requested):  # what is selected is copied as in any text
        qtbot.keyClick(window.editor, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.skipif(sys.platform != "linux", reason="scan codes as X11 counts them")
def test_copying_keys_are_where_they_are_in_a_cyrillic_layout(
    window: ResultWindow, qtbot: QtBot, qapp: QApplication
) -> None:
    KeyPositions(qapp, window)
    window.show_snip(SNIP)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    control, cyrillic_es = Qt.KeyboardModifier.ControlModifier, 0x421
    pressed = QKeyEvent(QEvent.Type.KeyPress, cyrillic_es, control, 54, 0, 0, "\u0441")
    with qtbot.waitSignal(window.copy_requested):
        QApplication.sendEvent(window.windowHandle(), pressed)


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


def test_failure_is_one_sentence_beside_the_image(qtbot: QtBot, window: ResultWindow) -> None:
    window.show_pending(SNIP)
    window.show_failure(SNIP, "The picture is blank.")
    assert window.preview.sentence == "The picture is blank."
    assert window.captured.image is not None
    assert not window.editor.isReadOnly()  # the formula may be typed instead
    assert not window.copy_button.isEnabled()


def test_image_without_a_formula_says_so(qtbot: QtBot, window: ResultWindow) -> None:
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
    # The user is typing in the editor that the formula goes to.
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def read(latex: str, *unsure: int) -> Snip:
    return with_recognition(Snip(numbered_image(60, 20)), reading_of(latex, unsure=unsure))


def show_with_analysis(window: ResultWindow, snip: Snip) -> None:
    window.show_snip(snip)
    attention = np.eye(len(snip.tokens), dtype=np.float32)[:, None, :]
    others = (("y", 0.3), ("&", 0.001))
    window.alternatives.show_analysis(
        token_analysis(snip, analysis_of((others,) * len(snip.tokens), attention, (60, 20)))
    )


def test_mark_of_trust_is_shown_until_the_text_is_the_persons_own(qtbot: QtBot, window: ResultWindow) -> None:
    window.show_snip(read("a+b", 0))
    assert window.trust.level is ConfidenceLevel.CHECK
    assert window.trust.isVisible()
    qtbot.keyClicks(window.editor, "x")
    assert not window.trust.isVisible()
    window.editor.undo()
    assert window.trust.isVisible()
    window.show_pending(Snip(numbered_image(10, 10)))
    assert not window.trust.isVisible()


def test_analysis_is_asked_for_once_the_formula_is_seen(qtbot: QtBot, window: ResultWindow, settings: Settings) -> None:
    # With a notice alone the network would work for nobody.
    settings.after_snip = AfterSnip.NOTICE
    snip = read("a+b")
    with qtbot.assertNotEmitted(window.alternatives.analysis_requested):
        window.show_snip(snip)
    with qtbot.waitSignal(window.alternatives.analysis_requested) as requested:
        window.show()
    assert requested.args[0] is snip
    window.hide()
    with qtbot.assertNotEmitted(window.alternatives.analysis_requested):
        window.show()


def test_token_pointed_at_lights_up_in_the_image_and_back(window: ResultWindow) -> None:
    show_with_analysis(window, read("a+b"))
    window.editor.token_pointed.emit(2)
    heat = window.captured.heat
    assert heat is not None
    assert [heat.pixelColor(x, 0).alpha() > 0 for x in range(3)] == [False, False, True]
    window.editor.token_pointed.emit(-1)
    assert window.captured.heat is None
    window.captured.pointed.emit(QPointF(5, 10))
    assert window.editor._lit == 0
    assert window.captured.toolTip() == "a"
    window.captured.pointed.emit(QPointF(-1, -1))
    assert window.editor._lit == -1
    assert window.captured.heat is None


def test_late_analysis_of_an_earlier_snip_is_not_taken(window: ResultWindow) -> None:
    # It would light up another image.
    earlier = read("a+b")
    show_with_analysis(window, read("c+d"))
    look = window.alternatives.analysis
    window.alternatives.show_analysis(
        token_analysis(earlier, analysis_of(((),) * 3, np.zeros((3, 1, 1), dtype=np.float32), (9, 9)))
    )
    assert look is not None
    assert window.alternatives.analysis is look


def test_alternatives_are_offered_in_a_menu(qtbot: QtBot, window: ResultWindow) -> None:
    show_with_analysis(window, read("a+b", 0))
    window.editor.alternatives_requested.emit(0)
    assert window.alternatives.menu.isVisible()
    texts = [action.text() for action in window.alternatives.menu.actions() if action.text()]
    assert texts == ["Read: a\t50%", "y\t30%", "&& (next column)\t< 1%"]
    with qtbot.waitSignal(window.alternatives.choice_made) as made:
        window.alternatives.menu.actions()[2].trigger()
    choice = made.args[0]
    assert (choice.index, choice.token, choice.snip) == (0, "y", window.editor.reading)


def test_menu_waits_for_the_analysis(window: ResultWindow) -> None:
    # A click right after the formula has come must not be lost.
    snip = read("a+b", 0)
    window.show_snip(snip)
    window.editor.alternatives_requested.emit(0)
    assert not window.alternatives.menu.isVisible()
    maps = np.zeros((3, 1, 1), dtype=np.float32)
    window.alternatives.show_analysis(token_analysis(snip, analysis_of(((("y", 0.3),),) * 3, maps, (9, 9))))
    assert window.alternatives.menu.isVisible()
    window.alternatives.menu.close()


def choose(qtbot: QtBot, window: ResultWindow, index: int, token: str) -> TokenChoice:
    with qtbot.waitSignal(window.alternatives.choice_made) as made:
        window.alternatives.menu.chosen.emit(index, token)
    choice: TokenChoice = made.args[0]
    return choice


def test_choice_is_one_step_to_undo_and_copied(qtbot: QtBot, window: ResultWindow) -> None:
    show_with_analysis(window, read("a+b", 0))
    choice = choose(qtbot, window, 0, "y")
    other = read("y-2", 2)
    with qtbot.waitSignals([window.copy_requested, window.alternatives.analysis_requested]):
        window.alternatives.show_continuation(choice, other)
    assert window.editor.toPlainText() == "y-2"
    window.editor.undo()
    assert window.editor.toPlainText() == "a+b"
    window.editor.redo()
    assert window.editor.toPlainText() == "y-2"


def test_text_written_meanwhile_is_kept(qtbot: QtBot, window: ResultWindow) -> None:
    show_with_analysis(window, read("a+b", 0))
    choice = choose(qtbot, window, 0, "y")
    qtbot.keyClicks(window.editor, "z")
    window.alternatives.show_continuation(choice, read("y-2"))
    assert window.editor.toPlainText() == "za+b"
    assert window.remark.text() == "The text was changed meanwhile, so it stays as it is."


def test_correction_behind_the_choice_is_kept(qtbot: QtBot, window: ResultWindow) -> None:
    # What was read on would undo what the user wrote.
    show_with_analysis(window, read("a+b", 0))
    window.editor.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(window.editor, "+c")
    choice = choose(qtbot, window, 0, "y")
    window.alternatives.show_continuation(choice, read("y-2"))
    assert window.editor.toPlainText() == "y+b+c"


def test_answer_for_another_snip_changes_nothing(qtbot: QtBot, window: ResultWindow) -> None:
    show_with_analysis(window, read("a+b", 0))
    choice = choose(qtbot, window, 0, "y")
    window.show_snip(read("c+d"))
    window.alternatives.show_continuation(choice, read("y-2"))
    assert window.editor.toPlainText() == "c+d"


def test_format_of_a_hotkey_is_shown_for_its_snip_only(window: ResultWindow, settings: Settings) -> None:
    shown = []
    for snip in (Snip(numbered_image(10, 10), latex="x", copy_format=CopyFormat.TYPST), SNIP):
        window.show_snip(snip)
        shown.append((window.copy_format, settings.copy_format))
    assert shown == [(CopyFormat.TYPST, CopyFormat.LATEX), (CopyFormat.LATEX, CopyFormat.LATEX)]


def test_window_fits_a_small_screen(qtbot: QtBot, window: ResultWindow) -> None:
    # 1280 x 720 pixels at 175% are 731 x 411 units, of which a title bar takes some.
    window.show_snip(SNIP)
    for size in (QSize(720, 370), QSize(420, 330)):
        window.resize(size)
        assert window.size() == size
        assert not window.comparison.is_stacked
        foot = window.copy_button.mapTo(window, window.copy_button.rect().bottomRight())
        assert window.rect().contains(foot)


def test_pin_keeps_the_window_above_others(window: ResultWindow, settings: Settings) -> None:
    window.show_snip(SNIP)
    window.pin_button.click()
    assert window.isVisible()
    assert window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert settings.result_is_pinned
    window.pin_button.click()
    assert window.isVisible()
    assert not window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
