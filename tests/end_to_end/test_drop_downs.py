"""Drop-downs under the mouse: the entry pointed at is marked and readable, in light and in dark."""

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from desktop_app.widgets.appearance import DARK, LIGHT, Colours
from tests.end_to_end.program_session import start_program
from tests.end_to_end.snip_session import MAIN_TITLE, wait_for_hotkeys
from tests.end_to_end.virtual_desktop import Box, VirtualDesktop

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]


def pixels(desktop: VirtualDesktop) -> NDArray[np.uint8]:
    return np.asarray(desktop.image())


def list_that_opened(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> Box | None:
    """The box of what has changed on the screen; None while it is no list."""
    rows, columns = np.nonzero((before != after).any(axis=2))
    box = Box(int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())) if rows.size else None
    return box if box is not None and box.bottom - box.top > 100 else None


def has_colour(image: NDArray[np.uint8], name: str) -> NDArray[np.bool_]:
    colour = QColor(name)
    found: NDArray[np.bool_] = (image == (colour.red(), colour.green(), colour.blue())).all(axis=-1)
    return found


@pytest.mark.parametrize(("theme", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_entry_under_the_mouse_is_marked_and_readable(tmp_path: Path, theme: str, colours: Colours) -> None:
    # It was white on white in light, and no other than the rest in dark.
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        settings = Path(desktop.environment["HOME"]) / ".config" / "snaptex" / "settings.ini"
        settings.parent.mkdir(parents=True)
        settings.write_text(f"[General]\nhas_been_welcomed=true\ntheme={theme}\n", encoding="utf-8")
        start_program(desktop, tmp_path)
        wait_for_hotkeys(desktop)
        desktop.focus(desktop.find_window(MAIN_TITLE))
        for key in ("Tab", "Tab"):  # from Snip to the choice of the format
            desktop.press(key)
        before = np.asarray(desktop.settled_image())
        desktop.press("space")
        box = desktop.wait_until(lambda: list_that_opened(before, np.asarray(desktop.settled_image())), "the list")
        for share in (0.3, 0.6, 0.45):
            y = round(box.top + share * (box.bottom - box.top))
            desktop.run("xdotool", "mousemove", str(box.left + 60), str(y))

            def marked(y: int = y) -> tuple[int, int] | None:
                shown = pixels(desktop)
                accent = has_colour(shown[box.top : box.bottom, box.left + 60 : box.right - 24], colours.accent)
                rows = np.flatnonzero(accent.mean(axis=1) > 0.4) + box.top
                return (int(rows[0]), int(rows[-1])) if rows.size and rows[0] <= y <= rows[-1] else None

            top, bottom = desktop.wait_until(marked, "a mark under the mouse")
            assert bottom - top < 40  # it alone
            entry = np.asarray(desktop.settled_image())[top:bottom, box.left : box.right]
            words = QColor(colours.accent_text)
            light = (entry.astype(int) >= np.array((words.red(), words.green(), words.blue())) - 40).all(axis=-1)
            assert light.sum() > 20
