"""Several snips in one window: each page has the image, the text and the state of its own snip."""

from dataclasses import replace
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.result import result_pages
from desktop_app.result.result_pages import ResultPages
from desktop_app.result.result_window import ResultWindow
from desktop_app.settings.settings import Settings
from desktop_app.snips.snip import Snip
from tests.desktop_app.conftest import numbered_image

pytestmark = pytest.mark.gui


@pytest.fixture
def window(qtbot: QtBot, settings: Settings, previews: PreviewRenderer) -> ResultWindow:
    window = ResultWindow(settings, previews)
    qtbot.addWidget(window)
    return window


def asked(width: int) -> Snip:
    """A snip that is being read, told from others by the width of its image."""
    return Snip(numbered_image(width, 20), cancellation=Event())


def read(snip: Snip, latex: str) -> Snip:
    return replace(snip, latex=latex, confidence=0.9)


def shown(window: ResultWindow) -> tuple[int, str, str]:
    """The image that is shown, by its width, the text and the sentence beside it."""
    image = window.captured.image
    return image.width() if image is not None else 0, window.editor.toPlainText(), window.preview.sentence


def test_each_file_keeps_its_own_image_text_and_error(window: ResultWindow) -> None:
    # One file's image stood beside another one's error.
    pages = ResultPages(window)
    files = [asked(30), asked(40), asked(50)]
    pages.begin(*files)
    assert shown(window) == (30, "", "Reading the formula…")
    assert window.pages_bar.place.text() == "1 of 3"
    assert not pages.fail(files[1], "The picture is blank.")
    assert shown(window) == (30, "", "Reading the formula…")
    assert pages.finish(read(files[0], "x"), is_held_back=False)
    assert shown(window)[:2] == (30, "x")
    window.pages_bar.after.click()
    assert shown(window) == (40, "", "The picture is blank.")
    window.pages_bar.after.click()
    assert shown(window) == (50, "", "Reading the formula…")
    assert window.cancel_button.isVisible()
    assert not window.pages_bar.after.isEnabled()
    pages.finish(read(files[2], "z"), is_held_back=True)
    assert "Not copied" in window.remark.text()
    window.pages_bar.before.click()
    assert shown(window) == (40, "", "The picture is blank.")
    assert window.copy_button.text() == "Copy"
    window.pages_bar.after.click()
    assert window.copy_button.text() == "Copy anyway"


def test_correction_is_there_when_its_page_comes_back(qtbot: QtBot, window: ResultWindow) -> None:
    pages = ResultPages(window)
    first, second = asked(30), asked(40)
    pages.begin(first)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    pages.finish(read(first, "x"), is_held_back=False)
    qtbot.keyClick(window.editor, Qt.Key.Key_Y)
    pages.begin(second)
    pages.finish(read(second, "z"), is_held_back=False)
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert shown(window)[:2] == (30, "yx")
    window.editor.undo()
    assert window.editor.toPlainText() == "x"
    assert window.editor.is_as_read
    QTest.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert shown(window)[:2] == (40, "z")


def test_answer_after_the_next_snip_goes_to_its_own_page(window: ResultWindow) -> None:
    pages = ResultPages(window)
    first, second = asked(30), asked(40)
    pages.begin(first)
    pages.begin(second)
    assert not pages.finish(read(first, "x"), is_held_back=False)
    assert shown(window) == (40, "", "Reading the formula…")
    pages.turn(-1)
    assert shown(window)[:2] == (30, "x")


def test_old_pages_go_and_what_is_being_read_stays(window: ResultWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each page holds its image: a day of snips must not fill the memory.
    monkeypatch.setattr(result_pages, "_KEPT", 3)
    pages = ResultPages(window)
    for number in range(5):
        snip = asked(30 + number)
        pages.begin(snip)
        pages.finish(read(snip, f"x_{number}"), is_held_back=False)
    assert window.pages_bar.place.text() == "3 of 3"
    pages.turn(-2)
    assert shown(window)[:2] == (32, "x_2")
    pages.begin(*(asked(60 + number) for number in range(6)))
    assert window.pages_bar.place.text() == "1 of 6"
