"""The hotkey in every state of every window: the snip works, and what was open is back afterwards as it was."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.end_to_end.program_session import image_read, start_program
from tests.end_to_end.snip_session import (
    HOTKEY,
    IMAGES_TITLE,
    MAIN_TITLE,
    OVERLAY_TITLE,
    RESULT_TITLE,
    log_of,
    wait_for_hotkeys,
)
from tests.end_to_end.virtual_desktop import Box, VirtualDesktop, end

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]

HISTORY_TITLE = "^Snaptex: history$"
SETTINGS_TITLE = "^Snaptex: settings$"
ABOUT_TITLE = "^About Snaptex$"
EXPORT_TITLE = "^Export the history$"

_NOTHING_YET = "nothing was copied"


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[VirtualDesktop]:
    with VirtualDesktop(tmp_path / "desktop", size=(1400, 1000)) as desktop:
        yield desktop


class Walk:
    """One user who goes through the windows by the keyboard, and snips in each."""

    def __init__(self, desktop: VirtualDesktop, images: Path) -> None:
        self.desktop = desktop
        self._images = images
        self._count = 0

    def open(self, window: str, keys: Sequence[str], opened: str) -> str:
        """Press keys in a window that is open, and wait for the one they open."""
        self.desktop.focus(self.desktop.find_window(window))
        for key in keys:
            self.desktop.press(key)
        return self.desktop.find_window(opened)

    def press(self, window: str, keys: Sequence[str]) -> None:
        """Press keys in a window that is open."""
        self.open(window, keys, window)

    def snip(self) -> None:
        """Press the hotkey, drag a region, and wait until the formula is copied: Esc now closes its window."""
        self.desktop.write_clipboard(_NOTHING_YET)
        self.desktop.settle()  # the keys before have their effect: the hotkey comes another way
        self.desktop.press(HOTKEY)
        self.desktop.find_window(OVERLAY_TITLE)
        with self.desktop.drag(Box(1000, 700, 1100, 760)):
            pass
        image_read(self.desktop, self._images, self._count)
        self.desktop.wait_until(lambda: not self.desktop.visible_window(OVERLAY_TITLE), "the end of the overlay")
        self.desktop.wait_for_text(_NOTHING_YET)
        self.desktop.settle()  # all windows are back
        self._count += 1

    def close(self, window: str) -> None:
        """Close a window with Esc."""
        self.desktop.focus(self.desktop.find_window(window))
        self.desktop.press("Escape")
        self.desktop.wait_until(lambda: not self.desktop.visible_window(window), f"the end of {window}")

    def active(self) -> str:
        """The title of the window that has the keys."""
        return self.desktop.run("xdotool", "getactivewindow", "getwindowname").strip()


def test_hotkey_works_in_every_state_of_every_window(desktop: VirtualDesktop, tmp_path: Path) -> None:
    # A dialog that is hidden for the image must neither take that for an answer nor end the snips for good.
    program = start_program(desktop, tmp_path)
    wait_for_hotkeys(desktop)
    walk = Walk(desktop, tmp_path)

    # an open drop-down, whose list has every key
    walk.press(MAIN_TITLE, ["Tab", "Tab", "space"])
    walk.snip()
    walk.close(RESULT_TITLE)

    # a dialog with a name half typed
    walk.open(MAIN_TITLE, ["ctrl+o"], IMAGES_TITLE)
    for key in ("n", "a", "m", "e"):
        desktop.press(key)
    walk.snip()
    desktop.find_window(IMAGES_TITLE)
    desktop.find_window(MAIN_TITLE)
    desktop.wait_until(lambda: walk.active() == "Pictures of formulas", "the dialog's keys")
    walk.close(RESULT_TITLE)
    walk.close(IMAGES_TITLE)

    # the history, its menu, and the question of that menu
    walk.open(MAIN_TITLE, ["ctrl+h"], HISTORY_TITLE)
    walk.snip()
    walk.close(RESULT_TITLE)
    walk.press(HISTORY_TITLE, ["ctrl+f", "Tab", "Tab", "space"])
    walk.snip()
    walk.close(RESULT_TITLE)
    walk.press(HISTORY_TITLE, ["ctrl+f", "Tab", "Tab", "space", "Up"])
    desktop.press("Return")
    desktop.wait_until(lambda: walk.active() == "Snaptex", "the question")
    question = desktop.active_window()
    walk.snip()
    desktop.wait_until(lambda: desktop.active_window() == question, "the question again")
    desktop.press("Return")  # No is what Return says
    desktop.wait_until(lambda: question not in desktop.visible_windows(), "the end of the question")
    walk.close(RESULT_TITLE)

    # a file's name
    walk.open(HISTORY_TITLE, ["ctrl+f", "Tab", "Tab", "space", "Down", "Return"], EXPORT_TITLE)
    walk.snip()
    walk.open(EXPORT_TITLE, ["Return"], HISTORY_TITLE)
    exported = Path(desktop.environment["HOME"]) / "formulas.tex"
    desktop.wait_until(exported.exists, "the export")
    desktop.settle()  # it is written to its end
    assert exported.read_text().count(r"\frac{1}{2}") == 6  # none was deleted
    walk.close(RESULT_TITLE)

    assert "Traceback" not in log_of(desktop)
    assert program.poll() is None
    end(program)
