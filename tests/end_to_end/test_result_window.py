"""The result window by hand: a reading is stopped, several files are gone through, the window is out of the way."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.desktop_app.program_with_fake_recogniser import LATEX
from tests.end_to_end.program_session import start_program
from tests.end_to_end.snip_session import (
    HOTKEY,
    IMAGES_TITLE,
    MAIN_TITLE,
    OVERLAY_TITLE,
    RESULT_TITLE,
    be_welcomed,
    log_of,
    wait_for_hotkeys,
)
from tests.end_to_end.virtual_desktop import Box, VirtualDesktop

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]

COLOURS = {"red": (200, 20, 20), "green": (20, 160, 20)}


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[VirtualDesktop]:
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        yield desktop


def snip(desktop: VirtualDesktop, box: Box) -> None:
    """Press the hotkey and drag."""
    desktop.press(HOTKEY)
    desktop.find_window(OVERLAY_TITLE)
    with desktop.drag(box):
        pass


def colour_shown(desktop: VirtualDesktop) -> str:
    """Which of the files' colours the result's window shows."""
    window = desktop.visible_window(RESULT_TITLE)
    if not window:
        return ""
    pixels = np.asarray(desktop.image().crop(desktop.extent(window)).convert("RGB")).reshape(-1, 3)
    counts = {name: int((pixels == colour).all(axis=1).sum()) for name, colour in COLOURS.items()}
    shown = [name for name, count in counts.items() if count > 100]
    return shown[0] if len(shown) == 1 else ""


def test_esc_stops_a_reading_and_the_clipboard_stays(desktop: VirtualDesktop, tmp_path: Path) -> None:
    start_program(desktop, tmp_path, READING_SECONDS="3600")
    wait_for_hotkeys(desktop)
    desktop.write_clipboard("kept")
    snip(desktop, Box(900, 700, 1000, 760))
    desktop.wait_until((tmp_path / "0.npy").exists, "the reading")
    desktop.focus(desktop.find_window(RESULT_TITLE))
    desktop.press("Escape")
    desktop.wait_until(lambda: "A reading was cancelled." in log_of(desktop), "its end")
    assert desktop.read_clipboard() == "kept"
    assert desktop.visible_window(RESULT_TITLE)
    desktop.press("Escape")  # now there is nothing to stop
    desktop.wait_until(lambda: not desktop.visible_window(RESULT_TITLE), "the end of the window")


def test_files_opened_together_are_gone_through_by_keys(desktop: VirtualDesktop, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, colour in COLOURS.items():
        Image.new("RGB", (120, 60), colour).save(folder / f"{name}.png")
    be_welcomed(desktop)
    settings = Path(desktop.environment["HOME"]) / ".config" / "snaptex" / "settings.ini"
    settings.write_text(f"[General]\nhas_been_welcomed=true\nlast_folder={folder}\n", encoding="utf-8")
    start_program(desktop, tmp_path)
    wait_for_hotkeys(desktop)
    desktop.focus(desktop.find_window(MAIN_TITLE))
    desktop.press("ctrl+o")
    desktop.focus(desktop.find_window(IMAGES_TITLE))
    desktop.run("xdotool", "type", '"red.png" "green.png"')
    desktop.press("Return")
    desktop.focus(desktop.find_window(RESULT_TITLE))
    desktop.wait_until(lambda: colour_shown(desktop) == "red", "the first file")
    desktop.wait_until((tmp_path / "1.npy").exists, "the second reading")
    desktop.settle()
    desktop.press("alt+Right")
    desktop.wait_until(lambda: colour_shown(desktop) == "green", "the second file")
    desktop.press("alt+Left")
    desktop.wait_until(lambda: colour_shown(desktop) == "red", "the first file again")


def test_window_comes_where_it_was_and_covers_nothing_that_was_snipped(desktop: VirtualDesktop, tmp_path: Path) -> None:
    start_program(desktop, tmp_path)
    wait_for_hotkeys(desktop)
    desktop.write_clipboard("nothing was copied")
    snip(desktop, Box(1100, 100, 1200, 160))
    desktop.wait_until(lambda: desktop.read_clipboard() == LATEX, "the formula")
    window = desktop.find_window(RESULT_TITLE)
    desktop.run("xdotool", "windowmove", "--sync", window, "30", "400")
    moved = desktop.extent(window)
    desktop.focus(window)
    desktop.press("Escape")
    desktop.wait_until(lambda: not desktop.visible_window(RESULT_TITLE), "the end of the window")

    desktop.run("xdotool", "mousemove", "1200", "100")
    snip(desktop, Box(1100, 100, 1200, 160))
    desktop.find_window(RESULT_TITLE)
    desktop.settle()  # it is where it stays
    again = desktop.extent(desktop.find_window(RESULT_TITLE))
    assert (abs(again.left - moved.left) < 40, abs(again.top - moved.top) < 60) == (True, True)

    # Now in the middle of where it stands.
    region = Box(again.left + 200, again.top + 150, again.left + 300, again.top + 200)
    snip(desktop, region)
    desktop.wait_until((tmp_path / "2.npy").exists, "the third reading")

    def is_beside() -> bool:
        shown = desktop.visible_window(RESULT_TITLE)
        place = desktop.extent(shown) if shown else region
        return (
            place.left > region.right
            or place.right < region.left
            or place.top > region.bottom
            or place.bottom < region.top
        )

    desktop.wait_until(is_beside, "a place beside what was snipped")
