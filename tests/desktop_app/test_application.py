"""The parts together, from the region to the clipboard."""

import gc
import threading
import uuid
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.application import Application
from desktop_app.capture.capture_request import CaptureRequest
from desktop_app.recognition.recogniser_worker import RecogniserUnavailableError
from desktop_app.settings.settings import AfterSnip, Settings, Theme
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import Snip
from desktop_app.system.cycle_collector import CycleCollector
from desktop_app.system.single_instance import SingleInstance
from desktop_app.widgets.appearance import DARK, LIGHT, current_colours
from desktop_app.windows.tray_icon import TrayState
from tests.desktop_app.conftest import FakeRecogniser, Loader, numbered_image

pytestmark = pytest.mark.gui

SNIP = Snip(numbered_image(60, 20))


def test_formula_is_shown_and_copied_at_once(qtbot: QtBot, application: Application, settings: Settings) -> None:
    settings.copy_format = CopyFormat.INLINE
    QGuiApplication.clipboard().setText("before")
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: application.result_window.editor.toPlainText() == r"\frac{1}{2}")
    assert QGuiApplication.clipboard().text() == r"$\frac{1}{2}$"
    assert application.result_window.remark.text() == "Copied to the clipboard"
    assert application.tray.state is TrayState.READY


def test_what_is_hardly_a_formula_leaves_the_clipboard_alone(
    qtbot: QtBot, application: Application, loader: Loader
) -> None:
    # A photograph is read as something, too; what the user had copied is worth more.
    QGuiApplication.clipboard().setText("kept")
    loader.recogniser.confidence = 0.02
    window = application.result_window
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: window.editor.toPlainText() == r"\frac{1}{2}")
    assert QGuiApplication.clipboard().text() == "kept"
    assert "Not copied: only 2% sure" in window.remark.text()
    assert window.copy_button.text() == "Copy anyway"
    window.copy_button.click()
    assert QGuiApplication.clipboard().text() == r"\frac{1}{2}"
    assert window.copy_button.text() == "Copy"


def test_cancelled_reading_is_over_at_once_and_its_answer_is_dropped(
    qtbot: QtBot, application: Application, loader: Loader
) -> None:
    QGuiApplication.clipboard().setText("kept")
    loader.recogniser.may_answer.clear()
    window = application.result_window
    forgotten: list[bool] = []
    application.worker.cancelled.connect(lambda: forgotten.append(True))
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: len(loader.recogniser.images) == 1)
    application.selector.region_selected.emit(Snip(numbered_image(30, 20)))  # waits for the first
    qtbot.mouseClick(window.cancel_button, Qt.MouseButton.LeftButton)
    assert window.preview.sentence == "The reading was cancelled."
    assert window.isVisible()
    assert not window.cancel_button.isVisible()
    qtbot.waitUntil(lambda: len(forgotten) == 2)  # the first stopped where it was
    assert len(loader.recogniser.images) == 1  # the second was not even begun
    assert QGuiApplication.clipboard().text() == "kept"
    loader.recogniser.may_answer.set()
    application.selector.region_selected.emit(SNIP)  # and the same one is read when it comes again
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == r"\frac{1}{2}")


def test_result_waits_while_the_next_region_is_chosen(
    qtbot: QtBot, application: Application, loader: Loader, settings: Settings
) -> None:
    # Whoever snips one formula after another would find the window of the first result in the image of the second.
    settings.after_snip = AfterSnip.WINDOW
    QGuiApplication.clipboard().setText("before")
    loader.recogniser.may_answer.clear()
    application.selector.region_selected.emit(SNIP)
    assert application.result_window.isVisible()
    application.selector.start(CaptureRequest(delay=True))
    loader.recogniser.may_answer.set()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == r"\frac{1}{2}")
    qtbot.waitUntil(lambda: application.selector._countdown.is_running)
    assert not application.result_window.isVisible()
    application.selector.start(CaptureRequest())  # ends the countdown
    assert application.result_window.isVisible()
    assert application.result_window.editor.toPlainText() == r"\frac{1}{2}"


def test_every_window_is_out_of_the_image_and_comes_back(qtbot: QtBot, application: Application) -> None:
    # The formula may lie under any of them.
    application.settings.has_been_welcomed = False
    application.start(snips=False)
    tray, dialog = application.tray, application.settings_dialog
    for asked in (tray.window_requested, tray.history_requested, tray.settings_requested, tray.about_requested):
        asked.emit()
    dialog.desktop_shortcut_requested.emit()
    application.notice.clicked.emit()
    windows: list[QWidget] = [application.main_window, application.result_window, application.history_window, dialog]
    windows += filter(None, (application.welcome, application._about, application._hotkey_controller.explanation))
    assert len(windows) == 7
    assert all(window.isVisible() for window in windows)
    application.selector.start(CaptureRequest(delay=True))
    # The welcome page stays: its own formula is what is tried.
    assert [window for window in windows if window.isVisible()] == [application.welcome]
    application.selector.close()
    assert all(window.isVisible() for window in windows)


def test_clipboard_is_left_alone_when_the_person_wants_that(
    qtbot: QtBot, application: Application, settings: Settings
) -> None:
    settings.copies_at_once = False
    QGuiApplication.clipboard().setText("before")
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: application.result_window.editor.toPlainText() == r"\frac{1}{2}")
    assert QGuiApplication.clipboard().text() == "before"
    application.result_window.copy_button.click()
    assert QGuiApplication.clipboard().text() == r"\frac{1}{2}"


def test_snip_before_the_recogniser_is_ready_waits(qtbot: QtBot, application: Application, loader: Loader) -> None:
    loader.may_load.clear()
    application.start(snips=False)
    assert application.main_window.isVisible()
    application.selector.region_selected.emit(SNIP)
    qtbot.wait(600)
    assert application.result_window.preview.sentence == "Reading the formula…"
    assert application.main_window.state.text() == "Loading the recogniser…"
    loader.may_load.set()
    qtbot.waitUntil(lambda: application.result_window.editor.toPlainText() == r"\frac{1}{2}")
    assert application.main_window.state.text() == "Ready"


def test_failed_recognition_is_one_sentence(qtbot: QtBot, application: Application, recogniser: FakeRecogniser) -> None:
    QGuiApplication.clipboard().setText("before")
    recogniser.error = ValueError("The picture is blank.")
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: application.result_window.preview.sentence == "The picture is blank.")
    assert QGuiApplication.clipboard().text() == "before"
    assert application.tray.state is TrayState.ERROR


def test_recogniser_that_cannot_load_is_said_in_the_main_window(
    qtbot: QtBot, application: Application, loader: Loader
) -> None:
    loader.error = RecogniserUnavailableError("The weights are missing.")
    application.start(snips=False)
    qtbot.waitUntil(lambda: application.main_window.notice.text() == "The weights are missing.")
    assert application.main_window.state.text() == "The recogniser is not running"


def test_refused_capture_is_said_in_the_main_window(qtbot: QtBot, application: Application) -> None:
    application.selector.failed.emit("The system refused a picture of the screen.")
    assert application.main_window.notice.text() == "The system refused a picture of the screen."


def test_history_keeps_the_snip_and_its_correction(qtbot: QtBot, application: Application) -> None:
    # What a user corrected is what they look for later, and what a recogniser can learn from.
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: application.history.count() == 1)
    application.result_window.editor.setPlainText("x_1")
    application.result_window.copy_button.click()
    entry = application.history.search()[0]
    assert (entry.latex, application.history.image(entry.entry_id).width()) == ("x_1", 60)
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: application.history.count() == 2)
    assert [entry.latex for entry in application.history.search()] == [r"\frac{1}{2}", "x_1"]


def test_correction_goes_to_the_entry_of_the_formula_shown(qtbot: QtBot, application: Application) -> None:
    # The second formula is in the history already, but is shown only after the region being chosen.
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: application.result_window.entry_id != 0)
    application.selector.start(CaptureRequest(delay=True))
    application.snips.finish(replace(SNIP, latex="y"))
    application.result_window.copy_requested.emit("x_1")
    application.selector.close()
    assert [entry.latex for entry in application.history.search()] == ["y", "x_1"]
    assert application.result_window.entry_id == application.history.search()[0].entry_id


def test_image_without_a_formula_is_kept_unread(
    qtbot: QtBot, application: Application, recogniser: FakeRecogniser
) -> None:
    # What was on the screen may be gone: the image can be tried again, and no formula of before is lost by it.
    QGuiApplication.clipboard().setText("before")
    recogniser.latex = ""
    application.snips.recognise(SNIP)
    qtbot.waitUntil(lambda: application.history.count() == 1)
    assert QGuiApplication.clipboard().text() == "before"
    application.snips.fail(SNIP, "The image is full of specks.")
    newer, older = application.history.search()
    assert (newer.latex, older.latex) == ("", "")
    assert application.history.image(newer.entry_id).width() == SNIP.image.width()
    application.history.set_latex(older.entry_id, "x")
    application.snips.fail(replace(SNIP, entry_id=older.entry_id), "The formula could not be recognised.")
    assert [entry.latex for entry in application.history.search()] == ["", "x"]


def test_entry_recognised_again_stays_one_entry(qtbot: QtBot, application: Application) -> None:
    # Read by the recogniser before; what a user wrote instead would be kept beside the new reading.
    application.history.add(replace(SNIP, latex="x", confidence=0.9), CopyFormat.LATEX)
    application.tray.history_requested.emit()
    application.history_window.again_button.click()
    qtbot.waitUntil(lambda: application.history.search()[0].latex == r"\frac{1}{2}")
    assert application.history.count() == 1
    assert application.history.search()[0].confidence == 0.9


def test_history_that_is_off_keeps_nothing(qtbot: QtBot, application: Application, settings: Settings) -> None:
    settings.keeps_history = False
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: application.result_window.editor.toPlainText() == r"\frac{1}{2}")
    assert application.history.count() == 0


def test_old_entries_are_forgotten_at_the_start(qtbot: QtBot, application: Application, settings: Settings) -> None:
    settings.history_days = 7
    application.history.add(SNIP, CopyFormat.LATEX, at=1.0)
    application.start(snips=False)
    qtbot.waitUntil(lambda: application.history.count() == 0)


def test_formula_of_the_history_is_copied_in_the_format_of_today(
    qtbot: QtBot, application: Application, settings: Settings
) -> None:
    settings.copy_format = CopyFormat.INLINE
    application.history_window.copy_requested.emit("y", "")
    assert QGuiApplication.clipboard().text() == "$y$"
    assert application.history_window.remark.text() == "Copied to the clipboard"


def test_notice_says_what_was_copied_and_opens_the_result(
    qtbot: QtBot, application: Application, settings: Settings
) -> None:
    settings.after_snip = AfterSnip.NOTICE
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(application.notice.isVisible)
    assert application.notice.title.text() == "Copied to the clipboard"
    assert not application.result_window.isVisible()
    application.notice.clicked.emit()
    assert application.result_window.isVisible()
    assert application.result_window.editor.toPlainText() == r"\frac{1}{2}"


def test_another_token_is_read_on_and_copied(
    qtbot: QtBot, application: Application, recogniser: FakeRecogniser
) -> None:
    # From the mark to the clipboard, through the recogniser's thread; the history keeps what was copied.
    recogniser.latex, recogniser.unsure = "a+b", (0,)
    window = application.result_window
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: window.alternatives.analysis is not None)
    window.alternatives.menu.chosen.emit(0, "y")
    qtbot.waitUntil(lambda: window.editor.toPlainText() == "y+1")
    assert recogniser.beginnings == [["y"]]
    assert threading.main_thread() not in recogniser.threads
    assert QGuiApplication.clipboard().text() == "y+1"
    assert [entry.latex for entry in application.history.search()] == ["y+1"]
    window.editor.undo()
    assert window.editor.toPlainText() == "a+b"
    window.copy_button.click()
    assert QGuiApplication.clipboard().text() == "a+b"


def test_question_without_an_answer_is_one_sentence(
    qtbot: QtBot, application: Application, recogniser: FakeRecogniser
) -> None:
    recogniser.latex = "a+b"
    window = application.result_window
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: window.alternatives.analysis is not None)
    recogniser.error = RuntimeError("out of memory\nat 0x1")
    window.alternatives.menu.chosen.emit(0, "y")
    qtbot.waitUntil(lambda: window.remark.text().startswith("The formula could not be read on; the log says why"))
    assert window.editor.toPlainText() == "a+b"
    assert "0x1" not in window.remark.text()


def test_failure_is_said_whatever_is_shown_after_a_snip(
    qtbot: QtBot, application: Application, settings: Settings, recogniser: FakeRecogniser
) -> None:
    # A user who wants no window must not wait for a formula that never comes.
    recogniser.error = ValueError("The picture is blank.")
    settings.after_snip = AfterSnip.NOTICE
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: application.notice.formula.text() == "The picture is blank.")
    application.notice.hide()
    settings.after_snip = AfterSnip.NOTHING
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: application.main_window.notice.text() == "The picture is blank.")
    assert not application.notice.isVisible()
    assert not application.result_window.isVisible()


def test_pasted_images_are_read_one_after_another(
    qtbot: QtBot, application: Application, recogniser: FakeRecogniser
) -> None:
    for width in (10, 20):
        QGuiApplication.clipboard().setImage(numbered_image(width, 10))
        application.image_input.paste()
    qtbot.waitUntil(lambda: application.history.count() == 2)
    assert [image.shape[1] for image in recogniser.images] == [10, 20]


def test_theme_is_followed_at_once(qtbot: QtBot, application: Application, settings: Settings) -> None:
    settings.theme = Theme.DARK
    assert current_colours() is DARK
    settings.theme = Theme.LIGHT
    assert current_colours() is LIGHT


def test_start_at_login_shows_no_window(qtbot: QtBot, application: Application) -> None:
    application.start(snips=False, is_in_tray=True)
    assert not application.main_window.isVisible() or not application._has_tray
    assert application.main_window.isMinimized() == (not application._has_tray)


def test_program_without_a_tray_ends_with_its_window(
    qtbot: QtBot, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Otherwise it would run on with nothing on the screen to end it by.
    quits: list[bool] = []
    monkeypatch.setattr(application._qt, "quit", lambda: quits.append(True))
    application.main_window.show()
    application.main_window.close()
    assert quits == [not application._has_tray]


def test_closing_waits_for_a_recognition_under_way(
    qtbot: QtBot, qapp: QApplication, settings: Settings, loader: Loader
) -> None:
    # A thread that is still running when its object goes would bring the process down.
    application = Application(
        qapp, settings, instance=SingleInstance(f"snaptex-test-{uuid.uuid4().hex}"), load_recogniser=loader
    )
    loader.recogniser.may_answer.clear()
    application.selector.region_selected.emit(SNIP)
    qtbot.waitUntil(lambda: bool(loader.recogniser.images))
    threading.Timer(0.2, loader.recogniser.may_answer.set).start()
    application.close()
    assert application._thread.isFinished()


def test_cycles_are_collected_on_the_thread_of_the_windows(application: Application) -> None:
    # Where Python collects by itself it may do so on the recogniser's thread, and the program crashes.
    assert not gc.isenabled()
    assert application.findChildren(CycleCollector)
