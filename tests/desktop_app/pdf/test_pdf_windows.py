"""The windows of PDF files, with the thread that draws."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.pdf.pdf_file import PdfFile
from desktop_app.pdf.pdf_window import PdfWindow
from desktop_app.pdf.pdf_windows import PdfWindows
from desktop_app.snips.snip import Snip
from tests.end_to_end.snip_session import FORMULAS

pytestmark = pytest.mark.gui

PAGE = FORMULAS / "page.pdf"
NO_KEYS, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def documents(qtbot: QtBot) -> Iterator[PdfWindows]:
    documents = PdfWindows()
    yield documents
    assert documents.close(60_000)


def opened(qtbot: QtBot, documents: PdfWindows, path: Path) -> PdfWindow:
    """Open a file and wait for its first page."""
    documents.open([path])
    qtbot.waitUntil(lambda: bool(documents.windows))
    window = documents.windows[-1]
    shown(qtbot, window)
    return window


def shown(qtbot: QtBot, window: PdfWindow) -> None:
    """Wait until the page is the one that was asked for."""
    qtbot.waitUntil(lambda: window.view.isEnabled() and window.view.image is not None)


def book(path: Path, pages: int) -> Path:
    """A file whose pages are of different widths."""
    document = pypdfium2.PdfDocument.new()
    for number in range(pages):
        document.new_page(400 + 10 * number, 1200).close()
    document.save(path)
    document.close()
    return path


def drag(qtbot: QtBot, window: PdfWindow, begin: QPoint, end: QPoint) -> None:
    qtbot.mousePress(window.view, LEFT, pos=begin)
    qtbot.mouseMove(window.view, (begin + end) / 2)
    qtbot.mouseMove(window.view, end)
    qtbot.mouseRelease(window.view, LEFT, pos=end)


def wheel(window: PdfWindow, notches: int, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    viewport = window.area.viewport()
    middle = QPointF(viewport.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(viewport.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_region_is_drawn_to_be_read_whatever_the_zoom(qtbot: QtBot, documents: PdfWindows) -> None:
    snips: list[Snip] = []
    documents.region_selected.connect(snips.append)
    window = opened(qtbot, documents, PAGE)
    for zoom in ("Ctrl+1", "Ctrl+0"):
        qtbot.keyClick(window, zoom[-1], CONTROL)
        shown(qtbot, window)
        view = window.view
        begin = QPoint(round(view.width() * 0.3), round(view.height() * 0.3))
        end = QPoint(round(view.width() * 0.7), round(view.height() * 0.5))
        drag(qtbot, window, begin, end)
        qtbot.waitUntil(lambda: len(snips) > 0)
        snip = snips.pop()
        file = PdfFile(PAGE)
        width, height = file.page_size(0).toTuple()
        part = QRectF(
            begin.x() / view.width() * width,
            begin.y() / view.height() * height,
            (end.x() - begin.x()) / view.width() * width,
            (end.y() - begin.y()) / view.height() * height,
        )
        expected = file.draw(0, part, 250 / 72, lambda: True)
        file.close()
        assert snip.image == expected
        assert snip.device_pixel_ratio == pytest.approx(250 / 96, rel=0.01)
        assert snip.place is not None
        assert snip.place.topLeft() == view.mapToGlobal(begin)


def test_click_reads_nothing_and_says_so(qtbot: QtBot, documents: PdfWindows) -> None:
    window = opened(qtbot, documents, PAGE)
    with qtbot.waitSignal(window.view.click_made):
        drag(qtbot, window, QPoint(50, 50), QPoint(52, 52))
    assert window.view.region.isEmpty()


def test_escape_gives_up_the_region_first_and_then_the_window(qtbot: QtBot, documents: PdfWindows) -> None:
    window = opened(qtbot, documents, PAGE)
    drag(qtbot, window, QPoint(50, 50), QPoint(150, 150))
    assert not window.view.region.isEmpty()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.view.region.isEmpty()
    assert window.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert documents.windows == ()


def test_pages_are_turned_by_keys_field_and_buttons(qtbot: QtBot, documents: PdfWindows, tmp_path: Path) -> None:
    window = opened(qtbot, documents, book(tmp_path / "book.pdf", 5))

    def page() -> int:
        shown(qtbot, window)
        return window.page_field.value()

    bar = window.area.verticalScrollBar()
    assert bar.maximum() > 0
    while bar.value() < bar.maximum():  # first to the end of the page
        assert page() == 1
        qtbot.keyClick(window.area, Qt.Key.Key_PageDown)
    qtbot.keyClick(window.area, Qt.Key.Key_PageDown)
    assert (page(), bar.value()) == (2, 0)
    qtbot.keyClick(window.area, Qt.Key.Key_PageUp)
    assert (page(), bar.value()) == (1, bar.maximum())  # its end joins the beginning of the second
    qtbot.keyClick(window, Qt.Key.Key_End)
    assert page() == 5
    assert not window.after.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Home)
    assert page() == 1
    window.after.click()
    assert page() == 2
    window.page_field.selectAll()
    qtbot.keyClicks(window.page_field, "4")
    qtbot.keyClick(window.page_field, Qt.Key.Key_Return)
    assert page() == 4
    assert window.area.hasFocus()


def test_wheel_turns_the_page_only_where_it_ends(qtbot: QtBot, documents: PdfWindows, tmp_path: Path) -> None:
    # A touchpad that still rolls must not leaf through the book.
    window = opened(qtbot, documents, book(tmp_path / "book.pdf", 3))
    wheel(window, -1)
    assert window.page_field.value() == 1
    assert window.area.verticalScrollBar().value() > 0
    window.area.go_to_edge(is_end=True)
    wheel(window, -1)
    assert window.page_field.value() == 1
    wheel(window, -1)
    assert window.page_field.value() == 2


def test_page_is_drawn_for_its_zoom(qtbot: QtBot, documents: PdfWindows) -> None:
    window = opened(qtbot, documents, PAGE)
    qtbot.keyClick(window, Qt.Key.Key_1, CONTROL)
    assert window.zoom_label.text() == "100%"
    qtbot.waitUntil(lambda: window.view.image is not None and window.view.image.width() == window.view.width())
    before = window.view.width()
    wheel(window, 1, CONTROL)
    assert window.zoom_label.text() == "110%"
    assert window.view.width() == pytest.approx(1.1 * before, abs=1)
    qtbot.waitUntil(lambda: window.view.image is not None and window.view.image.width() == window.view.width())
    qtbot.keyClick(window, Qt.Key.Key_Minus, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_Minus, CONTROL)
    assert window.zoom_label.text() == "90%"
    window.fit_button.click()
    assert window.view.width() == window.area.viewport().width()
    assert window.fit_button.isChecked()


def test_page_fits_a_window_that_was_made_wider(qtbot: QtBot, documents: PdfWindows) -> None:
    window = opened(qtbot, documents, PAGE)
    window.resize(window.width() + 50, window.height())
    qtbot.waitUntil(lambda: window.view.width() == window.area.viewport().width())


def test_damaged_file_opens_no_window(qtbot: QtBot, documents: PdfWindows, tmp_path: Path) -> None:
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.7\n")
    with qtbot.waitSignal(documents.failed) as failed:
        documents.open([tmp_path / "notes.pdf"])
    assert failed.args == ["notes.pdf can't be read; it may be damaged."]
    assert documents.windows == ()


def test_file_that_was_opened_again_is_read_anew(qtbot: QtBot, documents: PdfWindows, tmp_path: Path) -> None:
    # After a run of TeX, say; it may have fewer pages now.
    path = book(tmp_path / "book.pdf", 3)
    window = opened(qtbot, documents, path)
    qtbot.keyClick(window, Qt.Key.Key_End)
    shown(qtbot, window)
    shutil.copyfile(PAGE, path)
    documents.open([path])
    qtbot.waitUntil(lambda: window.page_field.maximum() == 1)
    shown(qtbot, window)
    assert documents.windows == (window,)
    assert window.page_field.value() == 1


def test_page_that_cannot_be_drawn_says_why(qtbot: QtBot, documents: PdfWindows, tmp_path: Path) -> None:
    path = book(tmp_path / "book.pdf", 2)
    window = opened(qtbot, documents, path)
    window.show_file(9)  # as a damaged file may say
    window.turn_to(8)
    qtbot.waitUntil(lambda: bool(window.view.sentence))
    assert window.view.sentence == "Page 9 of book.pdf is damaged and can't be shown."
    qtbot.keyClick(window, Qt.Key.Key_Home)
    shown(qtbot, window)


def test_unforeseen_error_is_a_sentence_too(
    qtbot: QtBot, documents: PdfWindows, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(PdfFile, "page_size", fail)
    documents.open([PAGE])
    qtbot.waitUntil(lambda: bool(documents.windows) and bool(documents.windows[0].view.sentence))
    assert documents.windows[0].view.sentence.startswith("page.pdf can't be shown; the log says why:")
