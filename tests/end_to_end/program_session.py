"""The real program with a recogniser that keeps the images it is given, so that a test can look at each pixel."""

import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.end_to_end.snip_session import MAIN_TITLE
from tests.end_to_end.virtual_desktop import VirtualDesktop

ROOT = Path(__file__).parent.parent.parent
PROGRAM = (sys.executable, "-m", "tests.desktop_app.program_with_fake_recogniser")
PATIENCE = 60  # seconds; a computer under load starts programs slowly


def be_welcomed(desktop: VirtualDesktop) -> None:
    """Make it no first start; settings that a test has written stay."""
    settings = Path(desktop.environment["HOME"]) / ".config" / "snaptex" / "settings.ini"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text("[General]\nhas_been_welcomed=true\n", encoding="utf-8")


def start_program(
    desktop: VirtualDesktop, images: Path, *arguments: str, **variables: str
) -> "subprocess.Popen[bytes]":
    """Start the program; it keeps the images it is given to read in a folder."""
    be_welcomed(desktop)
    command = [*PROGRAM, str(images), *arguments]
    return desktop.start("program", command, variables={"PYTHONPATH": str(ROOT), **variables})


def wait_for_hotkeys(desktop: VirtualDesktop) -> None:
    """Wait until the program's window is there and both hotkeys work."""
    desktop.find_window(MAIN_TITLE, seconds=PATIENCE)
    desktop.wait_until(lambda: log_of(desktop).count("The hotkey is") == 2, "the hotkeys", seconds=PATIENCE)


def log_of(desktop: VirtualDesktop) -> str:
    """What the program has logged on this desktop."""
    return "".join(log.read_text(encoding="utf-8") for log in desktop.folder.rglob("snaptex.log"))


def image_read(desktop: VirtualDesktop, images: Path, number: int = 0) -> NDArray[np.uint8]:
    """Wait for the image of that number that the recogniser was given."""
    path = images / f"{number}.npy"
    desktop.wait_until(path.exists, f"image {number}", seconds=PATIENCE)
    image: NDArray[np.uint8] = np.load(path)
    return image
