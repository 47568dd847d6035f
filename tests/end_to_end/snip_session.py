"""One person at a virtual desktop with Snaptex running: opens a PDF, presses the hotkey, drags, pastes."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.end_to_end.virtual_desktop import Box, VirtualDesktop, end, ink_box

FORMULAS = Path(__file__).parent / "formulas"
SNAPTEX = Path(sys.executable).with_name("snaptex")

HOTKEY = "ctrl+alt+m"
OVERLAY_TITLE = "^Snaptex: choose a region$"
RESULT_TITLE = "^Snaptex: result$"
MAIN_TITLE = "^Snaptex$"
IMAGES_TITLE = "^Pictures of formulas$"

_EMPTY_CLIPBOARD = "nothing was copied"
_BAR, _FOOT, _SCROLL_BAR = 56, 44, 24  # pixels of a PDF file's window that are no page


def typeset_formula(name: str) -> str:
    """The LaTeX that a PDF of the formulas was made of."""
    source = (FORMULAS / f"{name}.tex").read_text(encoding="utf-8")
    return source.partition("$\\displaystyle\n")[2].partition("\n$")[0]


def be_welcomed(desktop: VirtualDesktop) -> None:
    """Make it no first start; settings that a test has written stay."""
    settings = Path(desktop.environment["HOME"]) / ".config" / "snaptex" / "settings.ini"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text("[General]\nhas_been_welcomed=true\n", encoding="utf-8")


def log_of(desktop: VirtualDesktop) -> str:
    """What the program has logged on this desktop."""
    return "".join(log.read_text(encoding="utf-8") for log in desktop.folder.rglob("snaptex.log"))


def hotkeys_taken(desktop: VirtualDesktop) -> int:
    """How many hotkeys the program has got on this desktop, in all its runs."""
    return log_of(desktop).count("The hotkey is")


def wait_for_hotkeys(desktop: VirtualDesktop, *, before: int = 0) -> None:
    """Wait until the program's window is there and both hotkeys work; `before` were taken by earlier runs."""
    desktop.find_window(MAIN_TITLE)
    desktop.wait_until(lambda: hotkeys_taken(desktop) == before + 2, "the hotkeys")


def start_snaptex(
    desktop: VirtualDesktop, *, variables: Mapping[str, str] | None = None, prefix: tuple[str, ...] = ()
) -> "subprocess.Popen[bytes]":
    """Start the program as its user does, not for the first time, and wait for its window and its hotkeys."""
    be_welcomed(desktop)
    before = hotkeys_taken(desktop)
    program = desktop.start("snaptex-output", [*prefix, str(SNAPTEX)], variables=variables)
    wait_for_hotkeys(desktop, before=before)
    return program


@contextmanager
def viewed_formula(desktop: VirtualDesktop, name: str, *, resolution: int = 120) -> Iterator[tuple[str, Box]]:
    """Open a PDF in a viewer that has the focus; gives the viewer's window and where the formula is on the screen."""
    viewer = desktop.start("mupdf", ["mupdf", "-r", str(resolution), str(FORMULAS / f"{name}.pdf")])
    try:
        window = desktop.find_window(rf"^{name}\.pdf")
        desktop.run("xdotool", "windowmove", window, "60", "60")
        desktop.focus(window)
        # The viewer alone: the recogniser may still be loaded.
        image = desktop.settled_image("mupdf")
        box = ink_box(image, desktop.extent(window), margin=8)
        assert box is not None, "the viewer shows nothing"
        yield window, box
    finally:
        end(viewer)


def snip(desktop: VirtualDesktop, box: Box) -> str:
    """Press the hotkey, drag the box, and return what is on the clipboard afterwards."""
    desktop.write_clipboard(_EMPTY_CLIPBOARD)
    desktop.press(HOTKEY)
    desktop.find_window(OVERLAY_TITLE)
    with desktop.drag(box):
        pass
    return desktop.wait_for_text(_EMPTY_CLIPBOARD)  # the first snip waits until the recogniser is loaded


def open_file(desktop: VirtualDesktop, path: Path) -> str:
    """Open a PDF file by the program's dialog, and return its window, which has the keys."""
    desktop.focus(desktop.find_window(MAIN_TITLE))
    desktop.press("ctrl+o")
    desktop.focus(desktop.find_window(IMAGES_TITLE))
    desktop.run("xdotool", "type", str(path))
    desktop.press("Return")
    window = desktop.find_window(f"^{path.name} ")
    desktop.run("xdotool", "windowmove", "--sync", window, "40", "40")
    desktop.focus(window)
    return window


def formula_on_page(desktop: VirtualDesktop, window: str) -> Box | None:
    """The box of what is written on the page of a PDF file's window, once that is painted."""
    image = desktop.settled_image()
    left, top, right, bottom = desktop.extent(window)
    return ink_box(image, Box(left, top + _BAR, right - _SCROLL_BAR, bottom - _FOOT), margin=8)
