"""What a user does with a result: other readings of a symbol, a format that stays, and finding it again later."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from model.latex import normalise
from tests.end_to_end.snip_session import (
    HOTKEY,
    MAIN_TITLE,
    OVERLAY_TITLE,
    RESULT_TITLE,
    log_of,
    snip,
    start_snaptex,
    viewed_formula,
)
from tests.end_to_end.virtual_desktop import PATIENCE, Box, VirtualDesktop, end

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]

MENU_TITLE = "^Snaptex: other readings$"
HISTORY_TITLE = "^Snaptex: history$"


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[VirtualDesktop]:
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        yield desktop


def snipped(desktop: VirtualDesktop, name: str) -> str:
    """Snip a formula of the test's PDFs; returns what was copied."""
    with viewed_formula(desktop, name) as (_, box):
        return snip(desktop, box)


def test_another_reading_of_a_symbol_is_read_on(desktop: VirtualDesktop) -> None:
    # By keyboard: the cursor to the beginning, Ctrl+Space for other readings, the first of them. The network reads the
    # rest anew, and what it read is copied; one undo brings the first reading back.
    start_snaptex(desktop)
    first = snipped(desktop, "fraction")
    desktop.focus(desktop.find_window(RESULT_TITLE))
    desktop.press("ctrl+Home")
    desktop.press("ctrl+space")
    desktop.find_window(MENU_TITLE)
    desktop.press("Down")
    desktop.press("Return")
    second = desktop.wait_for_text(first)
    assert normalise(second)  # a whole formula
    assert normalise(second)[0] != normalise(first)[0]
    desktop.wait_until(lambda: not desktop.visible_window(MENU_TITLE), "the menu to close")
    desktop.press("ctrl+z")
    desktop.press("ctrl+Return")
    assert desktop.wait_for_text(second) == first


def test_each_other_reading_has_a_share_of_its_own(desktop: VirtualDesktop) -> None:
    # All of them had that of the first. What is written at the right of each entry is compared as an image. Most
    # symbols leave less than one in a hundred to each other reading; a Greek letter of very small print does not.
    start_snaptex(desktop)
    for resolution in (44, 42, 40, 36):
        with viewed_formula(desktop, "greek_with_scripts", resolution=resolution) as (_, box):
            drag_over(desktop, box)
        desktop.focus(desktop.find_window(RESULT_TITLE))
        desktop.press("ctrl+Home")
        desktop.press("ctrl+space")
        _heading, *others = shares_of(desktop, desktop.find_window(MENU_TITLE))
        if len(set(others)) > 1:
            return
        desktop.press("Escape")
    pytest.fail("Each entry had the same share.")


def drag_over(desktop: VirtualDesktop, box: Box) -> None:
    """Snip a box whose formula may be so doubtful that it is not copied, and wait until it is read."""
    desktop.press(HOTKEY)
    desktop.find_window(OVERLAY_TITLE)
    readings = log_of(desktop).count("Recognised in")
    with desktop.drag(box):
        pass
    desktop.wait_until(lambda: log_of(desktop).count("Recognised in") > readings, "the reading")
    desktop.find_window(RESULT_TITLE)
    desktop.settled_image()


def shares_of(desktop: VirtualDesktop, menu: str) -> list[bytes]:
    """What is written at the right of each entry of a menu, once it is there."""

    def written() -> list[bytes]:
        image = desktop.settled_image()
        _, top, right, bottom = desktop.extent(menu)
        strip = np.asarray(image.crop((right - 64, top + 4, right - 6, bottom - 4)).convert("L"), dtype=int)
        inked = np.abs(strip - strip[1, 1]) > 40
        edges = np.flatnonzero(np.diff(np.concatenate(([0], inked.any(axis=1), [0]))))
        lines = [inked[above:below] for above, below in edges.reshape(-1, 2) if below - above > 4]
        return [line.tobytes() for line in lines]

    found: list[bytes] = desktop.wait_until(lambda: it if len(it := written()) > 2 else None, "the menu's entries")
    return found


def test_format_is_remembered_over_a_restart(desktop: VirtualDesktop) -> None:
    program = start_snaptex(desktop)
    plain = snipped(desktop, "fraction")
    desktop.focus(desktop.find_window(RESULT_TITLE))
    desktop.press("Tab")  # from the LaTeX to the choice of the format
    desktop.press("Down")
    assert desktop.wait_for_text(plain) == f"${plain}$"
    end(program)
    start_snaptex(desktop)
    assert snipped(desktop, "fraction") == f"${plain}$"


def test_history_is_searched_after_a_restart(desktop: VirtualDesktop) -> None:
    # Killed, not closed: what was snipped is on the disk at once.
    program = start_snaptex(desktop)
    snipped(desktop, "fraction")
    root = snipped(desktop, "root")
    snipped(desktop, "greek_with_scripts")
    assert "sqrt" in root
    desktop.wait_until(lambda: any(desktop.folder.rglob("history.sqlite")), "the history")
    program.kill()
    program.wait(timeout=PATIENCE)
    start_snaptex(desktop)
    desktop.write_clipboard("nothing was copied")
    desktop.focus(desktop.find_window(MAIN_TITLE))
    desktop.press("ctrl+h")
    desktop.focus(desktop.find_window(HISTORY_TITLE))
    desktop.press("ctrl+f")
    desktop.run("xdotool", "type", "sqrt")
    desktop.press("ctrl+Return")
    assert desktop.wait_for_text("nothing was copied") == root
