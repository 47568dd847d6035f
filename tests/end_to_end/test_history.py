"""The history by hand: deleted and brought back, shown again, several copied at once."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from desktop_app.history.history import History
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import Snip
from tests.end_to_end.program_session import start_program
from tests.end_to_end.snip_session import MAIN_TITLE, RESULT_TITLE, wait_for_hotkeys
from tests.end_to_end.virtual_desktop import PATIENCE, VirtualDesktop

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]

HISTORY_TITLE = "^Snaptex: history$"
FORMULAS = ("a+b", "c^2", r"\\sqrt{d}")  # the last one stands first
_ROW = 60  # pixels that a row is high
_FIRST_ROW = 110  # pixels from the upper edge of the window to within the first row


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[VirtualDesktop]:
    """A desktop on which three formulas were snipped before."""
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        path = history_file(desktop)
        path.parent.mkdir(parents=True)
        history = History(path)
        image = QImage(60, 30, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        for latex in FORMULAS:
            history.add(Snip(image, 1.0, latex, 0.9), CopyFormat.LATEX)
        history.close()
        yield desktop


def history_file(desktop: VirtualDesktop) -> Path:
    return Path(desktop.environment["HOME"]) / ".local" / "share" / "snaptex" / "history.sqlite"


def kept(desktop: VirtualDesktop) -> set[str]:
    """The formulas in the file."""
    with closing(sqlite3.connect(f"file:{history_file(desktop)}?mode=ro", timeout=PATIENCE, uri=True)) as connection:
        return {latex for (latex,) in connection.execute("SELECT latex FROM entry")}


def open_history(desktop: VirtualDesktop, images: Path) -> str:
    """Start the program and open the window of the history; the keys go to its list."""
    start_program(desktop, images)
    wait_for_hotkeys(desktop)
    desktop.focus(desktop.find_window(MAIN_TITLE))
    desktop.press("ctrl+h")
    window = desktop.find_window(HISTORY_TITLE)
    desktop.focus(window)
    for key in ("ctrl+f", "Tab", "Tab", "Tab"):
        desktop.press(key)
    desktop.settle()
    return window


def copied(desktop: VirtualDesktop, text: str) -> None:
    """Wait for a text on the clipboard."""
    desktop.wait_until(lambda: desktop.read_clipboard() == text, f"{text!r} on the clipboard")


def test_deleted_formula_comes_back_by_the_key_of_undo(desktop: VirtualDesktop, tmp_path: Path) -> None:
    # Del is beside the keys that move in the list.
    open_history(desktop, tmp_path)
    desktop.press("Delete")
    desktop.wait_until(lambda: kept(desktop) == set(FORMULAS[:2]), "the deletion")
    desktop.press("ctrl+z")
    desktop.wait_until(lambda: kept(desktop) == set(FORMULAS), "the formula again")
    desktop.press("Home")
    desktop.press("ctrl+Return")
    copied(desktop, FORMULAS[2])


def test_double_click_shows_the_result(desktop: VirtualDesktop, tmp_path: Path) -> None:
    extent = desktop.extent(open_history(desktop, tmp_path))
    place = (str(extent.left + 120), str(extent.top + _FIRST_ROW + _ROW))

    def shown() -> str:
        # Again where a busy computer leaves so much time between the two clicks that they are no double click.
        desktop.run("xdotool", "mousemove", *place, "click", "--repeat", "2", "1")
        desktop.settle()
        return desktop.visible_window(RESULT_TITLE)

    desktop.focus(desktop.wait_until(shown, "the result"))
    desktop.press("ctrl+Return")
    copied(desktop, FORMULAS[1])


def open_menu(desktop: VirtualDesktop) -> None:
    """Click with the right button, and wait for the menu: keys that come before it go to the list."""
    before = set(desktop.visible_windows())
    desktop.run("xdotool", "click", "3")
    desktop.wait_until(lambda: set(desktop.visible_windows()) - before, "the menu")


def test_several_formulas_are_copied_from_the_menu(desktop: VirtualDesktop, tmp_path: Path) -> None:
    extent = desktop.extent(open_history(desktop, tmp_path))
    newest_first = FORMULAS[:0:-1]
    for downs, text in (
        (1, "\n".join(newest_first)),
        (2, "\\begin{align*}\n" + " \\\\\n".join(newest_first) + "\n\\end{align*}"),
    ):
        desktop.press("Home")
        desktop.press("shift+Down")
        desktop.settle()
        desktop.run("xdotool", "mousemove", str(extent.left + 120), str(extent.top + _FIRST_ROW))
        open_menu(desktop)
        for key in (*["Down"] * downs, "Return"):
            desktop.press(key)
        copied(desktop, text)


def test_menu_of_one_formula_deletes_it(desktop: VirtualDesktop, tmp_path: Path) -> None:
    extent = desktop.extent(open_history(desktop, tmp_path))
    row = str(extent.top + _FIRST_ROW + 2 * _ROW)
    desktop.run("xdotool", "mousemove", str(extent.left + 120), row, "click", "1")
    open_menu(desktop)
    desktop.press("Up")  # the last entry of the menu
    desktop.press("Return")
    desktop.wait_until(lambda: kept(desktop) == set(FORMULAS[1:]), "the deletion")
