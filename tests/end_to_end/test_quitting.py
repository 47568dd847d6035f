"""The end of the program: nothing is waited for, and nothing of it stays behind."""

import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.desktop_app.program_with_fake_recogniser import LATEX
from tests.end_to_end.program_session import start_program
from tests.end_to_end.snip_session import (
    FORMULAS,
    HOTKEY,
    MAIN_TITLE,
    OVERLAY_TITLE,
    RESULT_TITLE,
    open_file,
    wait_for_hotkeys,
)
from tests.end_to_end.virtual_desktop import PATIENCE, Box, VirtualDesktop

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]


def helpers_of(process: int) -> set[Path]:
    """The processes that a process has started and that still run."""
    found = set()
    for one in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread has ended meanwhile
            found |= {Path("/proc") / number for number in one.read_text(encoding="ascii").split()}
    return found


def test_quitting_waits_for_no_reading(tmp_path: Path) -> None:
    # Without a tray the window's end is that of the program; the reading would take an hour.
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        program = start_program(desktop, tmp_path, READING_SECONDS="3600")
        wait_for_hotkeys(desktop)
        open_file(desktop, FORMULAS / "page.pdf")
        desktop.press(HOTKEY)
        desktop.find_window(OVERLAY_TITLE)
        with desktop.drag(Box(900, 700, 1000, 760)):
            pass
        desktop.wait_until((tmp_path / "0.npy").exists, "the reading")
        desktop.settle()  # the windows are back
        desktop.focus(desktop.find_window(MAIN_TITLE))
        desktop.press("alt+F4")
        assert program.wait(timeout=PATIENCE) == 0
        assert "Traceback" not in desktop.logs()


def test_nothing_of_the_program_stays_behind(tmp_path: Path) -> None:
    # The processes that draw previews would go on with what they have.
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        program = start_program(desktop, tmp_path)
        wait_for_hotkeys(desktop)
        desktop.press(HOTKEY)
        desktop.find_window(OVERLAY_TITLE)
        with desktop.drag(Box(900, 700, 1000, 760)):
            pass
        desktop.wait_until(lambda: desktop.read_clipboard() == LATEX, "the formula")
        desktop.find_window(RESULT_TITLE)
        helpers = desktop.wait_until(lambda: helpers_of(program.pid), "the process that draws")
        desktop.settle()  # the windows are back
        desktop.focus(desktop.find_window(MAIN_TITLE))
        desktop.press("alt+F4")
        assert program.wait(timeout=PATIENCE) == 0
        desktop.wait_until(lambda: not any(one.exists() for one in helpers), "the end of the helpers")
        log = (Path(desktop.environment["HOME"]) / ".local" / "state" / "snaptex" / "log" / "snaptex.log").read_text()
        assert "Traceback" not in log
