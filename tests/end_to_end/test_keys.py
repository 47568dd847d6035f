"""The keys of the windows, by hand: they copy, undo and open wherever the keyboard's letters are others."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop_app.program_with_fake_recogniser import LATEX
from tests.end_to_end.program_session import start_program
from tests.end_to_end.snip_session import MAIN_TITLE, OVERLAY_TITLE, RESULT_TITLE, wait_for_hotkeys
from tests.end_to_end.virtual_desktop import Box, VirtualDesktop

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]

HISTORY_TITLE = "^Snaptex: history$"
# The codes of the keys, whatever they type.
A, C, F, H, M, V, Z = "38", "54", "41", "43", "58", "55", "52"


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[VirtualDesktop]:
    """A desktop whose keyboard has no Latin letter."""
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        desktop.run("setxkbmap", "ru")
        yield desktop


def press(desktop: VirtualDesktop, *keys: str) -> None:
    """Press a key with others held."""
    desktop.run("xdotool", "key", "+".join(keys))


def copied(desktop: VirtualDesktop, text: str) -> None:
    """Wait for a text on the clipboard."""
    desktop.wait_until(lambda: desktop.read_clipboard() == text, f"{text!r} on the clipboard")


def test_shortcuts_are_where_they_are_on_the_keyboard(desktop: VirtualDesktop, tmp_path: Path) -> None:
    # Under a Russian layout alone Ctrl and the key of C is Ctrl+С, which no shortcut of Qt knows.
    start_program(desktop, tmp_path)
    wait_for_hotkeys(desktop)
    press(desktop, "ctrl", "alt", M)
    desktop.find_window(OVERLAY_TITLE)
    with desktop.drag(Box(900, 700, 1000, 760)):
        pass
    copied(desktop, LATEX)

    # The field of the result: a correction is undone, and nothing selected means the whole formula.
    desktop.write_clipboard("another program's text")
    desktop.focus(desktop.find_window(RESULT_TITLE))
    desktop.press("End")
    desktop.press("minus")
    press(desktop, "ctrl", C)
    copied(desktop, LATEX + "-")
    press(desktop, "ctrl", Z)
    press(desktop, "ctrl", C)
    copied(desktop, LATEX)

    # Shortcuts of windows, and the keys that a field knows itself.
    desktop.focus(desktop.find_window(MAIN_TITLE))
    press(desktop, "ctrl", H)
    desktop.focus(desktop.find_window(HISTORY_TITLE))
    press(desktop, "ctrl", F)
    press(desktop, "ctrl", V)
    press(desktop, "ctrl", A)
    desktop.settle()  # what is pasted is still what was copied
    desktop.write_clipboard("another program's text")
    press(desktop, "ctrl", C)
    copied(desktop, LATEX)
