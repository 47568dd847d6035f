"""Earlier snips are found, copied, corrected and forgotten in their window."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from desktop_app.history.history import History, HistoryEntry
from desktop_app.history.history_list import HistoryList, remark_of
from desktop_app.history.history_window import HistoryWindow
from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.settings.settings import Settings
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import Snip
from desktop_app.widgets.appearance import current_colours
from desktop_app.widgets.trust_badge import level_colour, level_title
from model.recognition.calibration import ConfidenceLevel
from tests.desktop_app.conftest import numbered_image, pixel_numbers

pytestmark = pytest.mark.gui

FORMULAS = (r"\frac{1}{2}", r"\alpha + \beta", "x^2")


@pytest.fixture
def history(qtbot: QtBot, tmp_path: Path) -> History:
    history = History(tmp_path / "history.sqlite")
    for latex in FORMULAS:
        history.add(Snip(numbered_image(60, 20), 2.0, latex, 0.9), CopyFormat.LATEX)
    return history


@pytest.fixture
def window(qtbot: QtBot, history: History, previews: PreviewRenderer, settings: Settings) -> HistoryWindow:
    window = HistoryWindow(history, previews, settings)
    qtbot.addWidget(window)
    window.show()
    return window


def listed(window: HistoryWindow) -> list[str]:
    return [str(window.entries.index(row).data()) for row in range(window.entries.rowCount())]


def choose(window: HistoryWindow, *rows: int) -> None:
    window.list.clearSelection()
    for row in rows:
        window.list.selectionModel().select(window.entries.index(row), QItemSelectionModel.SelectionFlag.Select)


def test_newest_is_shown_first_with_its_image(qtbot: QtBot, window: HistoryWindow) -> None:
    assert listed(window) == ["x^2", r"\alpha + \beta", r"\frac{1}{2}"]
    assert window.editor.toPlainText() == "x^2"
    assert window.remark.text() == "3 formulas in the history"
    image = window.image_card.image
    assert image is not None
    assert image.deviceIndependentSize().width() == 30  # as large as it was on the screen
    qtbot.waitUntil(lambda: window.preview.image is not None, timeout=30_000)


def test_search_follows_the_typing(qtbot: QtBot, window: HistoryWindow) -> None:
    qtbot.keyClicks(window.search_field, "alp")
    assert listed(window) == [r"\alpha + \beta"]
    assert window.editor.toPlainText() == r"\alpha + \beta"
    qtbot.keyClicks(window.search_field, "q")
    assert listed(window) == []
    assert window.remark.text() == "No formula fits."
    assert not window.copy_button.isEnabled()  # there is nothing to copy, not what was shown before
    window.search_field.clear()
    assert len(listed(window)) == 3


def test_correction_is_kept_without_a_button(qtbot: QtBot, window: HistoryWindow, history: History) -> None:
    window.editor.setPlainText("x^3")
    choose(window, 1)  # at once, before the pause in typing
    assert [entry.latex for entry in history.search()] == ["x^3", r"\alpha + \beta", r"\frac{1}{2}"]
    assert window.editor.toPlainText() == r"\alpha + \beta"
    window.editor.setPlainText(r"\alpha")
    qtbot.waitUntil(lambda: history.search()[1].latex == r"\alpha")
    assert window.editor.toPlainText() == r"\alpha"
    window.editor.setPlainText(r"\beta")
    window.close()
    assert history.search()[1].latex == r"\beta"


def test_cursor_stays_where_the_person_types(qtbot: QtBot, window: HistoryWindow, history: History) -> None:
    # Keeping a correction lists the entries anew; the text being typed must not jump.
    window.editor.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(window.editor, "+1")
    qtbot.waitUntil(lambda: history.search()[0].latex == "x^2+1")
    qtbot.keyClicks(window.editor, "+z")
    assert window.editor.toPlainText() == "x^2+1+z"


def test_snip_made_meanwhile_appears_and_the_choice_stays(window: HistoryWindow, history: History) -> None:
    choose(window, 2)
    history.add(Snip(numbered_image(5, 5), latex="new"), CopyFormat.LATEX)
    assert listed(window)[0] == "new"
    assert window.editor.toPlainText() == r"\frac{1}{2}"


def test_copy_takes_what_is_typed(qtbot: QtBot, window: HistoryWindow) -> None:
    window.editor.setPlainText("x^4")
    with qtbot.waitSignal(window.copy_requested) as requested:
        qtbot.mouseClick(window.copy_button, Qt.MouseButton.LeftButton)
    assert requested.args == ["x^4", ""]


def test_recognising_again_sends_the_image_with_its_number(
    qtbot: QtBot, window: HistoryWindow, history: History
) -> None:
    with qtbot.waitSignal(window.recognise_requested) as requested:
        window.again_button.click()
    snip = requested.args[0]
    assert snip.entry_id == history.search()[0].entry_id
    assert snip.device_pixel_ratio == 2.0
    assert (pixel_numbers(snip.image) == pixel_numbers(numbered_image(60, 20))).all()


def test_favourites_can_be_listed_alone(window: HistoryWindow) -> None:
    choose(window, 1)
    window.favourite_button.click()
    window.favourites_box.setChecked(True)
    assert listed(window) == [r"\alpha + \beta"]
    window.favourite_button.click()
    assert listed(window) == []


def test_several_are_deleted_at_once(qtbot: QtBot, window: HistoryWindow) -> None:
    choose(window, 0, 2)
    window.activateWindow()
    window.list.setFocus()
    qtbot.waitUntil(window.list.hasFocus)
    qtbot.keyClick(window.list, Qt.Key.Key_Delete)
    assert listed(window) == [r"\alpha + \beta"]
    assert window.editor.toPlainText() == r"\alpha + \beta"  # and nothing typed before is kept into another entry


def test_what_was_deleted_comes_back(qtbot: QtBot, window: HistoryWindow, history: History) -> None:
    before = {(entry.latex, entry.time) for entry in history.search()}
    choose(window, 0, 2)
    window._delete()
    assert history.count() == 1
    assert window.undo_button.isVisible()
    window.undo_button.click()
    assert {(entry.latex, entry.time) for entry in history.search()} == before
    assert not window.undo_button.isVisible()


def test_double_click_shows_the_result(qtbot: QtBot, window: HistoryWindow) -> None:
    area = window.list.visualRect(window.entries.index(1))
    qtbot.mouseClick(window.list.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    with qtbot.waitSignal(window.result_requested) as shown:
        qtbot.mouseDClick(window.list.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert shown.args[0].latex == listed(window)[1]


def test_several_are_copied_as_lines_or_as_rows(qtbot: QtBot, window: HistoryWindow) -> None:
    choose(window, 0, 1)
    window.list.customContextMenuRequested.emit(window.list.rect().center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    actions = {action.text(): action for action in menu.actions()}
    first, second = listed(window)[:2]
    with qtbot.waitSignal(window.lines_copy_requested) as copied:
        actions["Copy as lines"].trigger()
    assert copied.args == [f"{first}\n{second}"]
    with qtbot.waitSignal(window.lines_copy_requested) as copied:
        actions["Copy as an align environment"].trigger()
    assert copied.args == [f"\\begin{{align*}}\n{first} \\\\\n{second}\n\\end{{align*}}"]
    menu.close()


def test_correction_is_kept_beside_a_new_reading(qtbot: QtBot, window: HistoryWindow) -> None:
    window.editor.setPlainText("y_1")
    window._keep_correction()
    with qtbot.waitSignal(window.recognise_requested) as asked:
        window.again_button.click()
    assert asked.args[0].entry_id == 0  # no reading of the recogniser's own: its formula is the user's


def test_clearing_asks_first_and_no_is_what_return_says(qtbot: QtBot, window: HistoryWindow, history: History) -> None:
    def question() -> QMessageBox:
        window._clear()
        qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        return box

    box = question()
    assert "all 3 formulas" in box.text()
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert history.count() == 3
    question().button(QMessageBox.StandardButton.Yes).click()
    assert history.count() == 0
    assert window.remark.text() == "The formulas you snip will be here."
    assert window.image_card.image is None


def test_export_says_what_came_of_it(window: HistoryWindow, tmp_path: Path) -> None:
    window.export_to(tmp_path / "all.tex")
    assert window.remark.text() == "3 formulas written to all.tex"
    window.export_to(tmp_path / "pairs")
    assert len(list((tmp_path / "pairs").iterdir())) == 6
    window.export_to(tmp_path / "all.tex" / "pairs")
    assert window.remark.text().startswith("There can't be a folder")


def test_long_history_comes_in_pages(qtbot: QtBot, history: History) -> None:
    for number in range(150):
        history.add(Snip(numbered_image(2, 2), latex=str(number)), CopyFormat.LATEX)
    entries = HistoryList(history)
    entries.search("", favourites_only=False)
    root = entries.index(-1)
    assert (entries.rowCount(), entries.canFetchMore(root)) == (100, True)
    entries.fetchMore(root)
    assert (entries.rowCount(), entries.canFetchMore(root)) == (153, False)
    entries.search("", favourites_only=False)
    assert entries.rowCount() == 153  # listing anew doesn't throw the user back to the first page


def test_thumbnail_is_never_larger_than_the_image_was(history: History) -> None:
    entries = HistoryList(history)
    entry = history.search()[0]
    assert entries.thumbnail(entry, device_pixel_ratio=2.0).deviceIndependentSize().width() == 30
    wide = history.add(Snip(numbered_image(900, 30), 1.0, "w"), CopyFormat.LATEX)
    kept = history.entry(wide)
    assert kept is not None
    assert entries.thumbnail(kept, device_pixel_ratio=1.0).width() == 132


def test_row_says_when_and_how_surely() -> None:
    now = datetime.now().astimezone().replace(hour=12, minute=30)
    entry = HistoryEntry(1, "x", 0.97, now.timestamp(), "latex", is_favourite=True, device_pixel_ratio=1.0)
    assert remark_of(entry, now=now) == "Today 12:30  ·  97%  ·  ★"
    assert remark_of(entry, now=now + timedelta(days=1)).startswith("Yesterday 12:30")
    assert remark_of(entry, now=now + timedelta(days=9)).startswith(f"{now:%Y-%m-%d} 12:30")


@pytest.mark.parametrize("mark", list(ConfidenceLevel))
def test_entry_has_its_mark(
    qtbot: QtBot, history: History, previews: PreviewRenderer, settings: Settings, mark: ConfidenceLevel
) -> None:
    history.add(Snip(numbered_image(60, 20), 1.0, "y", 0.5, confidence_level=mark), CopyFormat.LATEX)
    window = HistoryWindow(history, previews, settings)
    qtbot.addWidget(window)
    window.show()
    index = window.entries.index(0)
    described = index.data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert described.startswith(f"{level_title(mark)}  ·  Today")
    # Seen in its colour: the row below, without a mark, has none of it. The selected row is white on blue.
    window.list.clearSelection()
    shot = window.list.grab().toImage()
    colour = QColor(level_colour(mark, current_colours())).rgb()

    def count(row: int) -> int:
        area = window.list.visualRect(window.entries.index(row)).translated(window.list.viewport().pos())
        return sum(
            shot.pixel(x, y) == colour
            for x in range(area.left(), min(area.right(), shot.width()))
            for y in range(area.top(), area.bottom())
        )

    assert count(0) >= 5  # most of its edge is blended
    assert count(1) == 0


def test_window_fits_a_small_screen(qtbot: QtBot, window: HistoryWindow) -> None:
    # 1280 x 720 pixels at 175% are 731 x 411 units, of which a title bar takes some.
    window.show()
    window.resize(720, 370)
    assert (window.width(), window.height()) == (720, 370)
    foot = window.copy_button.mapTo(window, window.copy_button.rect().bottomRight())
    assert window.rect().contains(foot)
