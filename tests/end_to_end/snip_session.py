"""One person at a virtual desktop with Snaptex running: opens a PDF, presses the hotkey, drags, pastes."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
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

_BETWEEN_LOOKS = 0.3  # seconds
_EMPTY_CLIPBOARD = "nothing was copied"
_BAR, _FOOT, _SCROLL_BAR = 56, 44, 24  # pixels of a PDF file's window that are no page


def typeset_formula(name: str) -> str:
    """The LaTeX that a PDF of the formulas was made of."""
    source = (FORMULAS / f"{name}.tex").read_text(encoding="utf-8")
    return source.partition("$\\displaystyle\n")[2].partition("\n$")[0]


def start_snaptex(
    desktop: VirtualDesktop, *, variables: Mapping[str, str] | None = None, prefix: tuple[str, ...] = ()
) -> "subprocess.Popen[bytes]":
    """Start the program as its user does, not for the first time, and wait for its window."""
    settings = Path(desktop.environment["HOME"]) / ".config" / "snaptex" / "settings.ini"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text("[General]\nhas_been_welcomed=true\n", encoding="utf-8")
    program = desktop.start("snaptex-output", [*prefix, str(SNAPTEX)], variables=variables)
    desktop.find_window(MAIN_TITLE, seconds=30)
    return program


@contextmanager
def viewed_formula(desktop: VirtualDesktop, name: str, *, resolution: int = 120) -> Iterator[tuple[str, Box]]:
    """Open a PDF in a viewer that has the focus; gives the viewer's window and where the formula is on the screen."""
    viewer = desktop.start("mupdf", ["mupdf", "-r", str(resolution), str(FORMULAS / f"{name}.pdf")])
    try:
        window = desktop.find_window(rf"^{name}\.pdf")
        desktop.run("xdotool", "windowmove", window, "60", "60")
        desktop.focus(window)
        yield window, desktop.wait_until(lambda: _steady_ink(desktop, window), "the page in the viewer")
    finally:
        end(viewer)


def _steady_ink(desktop: VirtualDesktop, window: str, page: Callable[[Box], Box] = lambda inside: inside) -> Box | None:
    """The box of the formula on a window's page once two looks see the same: it may still be painted or moved."""
    image, place = desktop.image(), page(desktop.extent(window))
    time.sleep(_BETWEEN_LOOKS)
    later, place_later = desktop.image(), page(desktop.extent(window))
    is_steady = place == place_later and image.crop(place).tobytes() == later.crop(place).tobytes()
    return ink_box(later, place, margin=8) if is_steady else None


def snip(desktop: VirtualDesktop, box: Box) -> str:
    """Press the hotkey, drag the box, and return what is on the clipboard afterwards."""
    desktop.write_clipboard(_EMPTY_CLIPBOARD)
    desktop.press(HOTKEY)
    desktop.find_window(OVERLAY_TITLE)
    with desktop.drag(box):
        pass
    # The first snip waits until the recogniser is loaded.
    desktop.wait_until(lambda: desktop.read_clipboard() != _EMPTY_CLIPBOARD, "the formula", seconds=90)
    return desktop.read_clipboard()


def open_file(desktop: VirtualDesktop, path: Path) -> str:
    """Open a PDF file by the program's dialog, and return its window, which has the keys."""
    desktop.focus(desktop.find_window(MAIN_TITLE))
    desktop.press("ctrl+o")
    desktop.focus(desktop.find_window(IMAGES_TITLE, seconds=30))
    desktop.run("xdotool", "type", str(path))
    desktop.press("Return")
    window = desktop.find_window(f"^{path.name} ", seconds=30)
    desktop.run("xdotool", "windowmove", "--sync", window, "40", "40")
    desktop.focus(window)
    return window


def formula_on_page(desktop: VirtualDesktop, window: str) -> Box | None:
    """The box of what is written on the page of a PDF file's window, once two looks see the same."""
    return _steady_ink(
        desktop, window, lambda it: Box(it.left, it.top + _BAR, it.right - _SCROLL_BAR, it.bottom - _FOOT)
    )
