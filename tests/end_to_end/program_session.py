"""The real program with a recogniser that keeps the images it is given, so that a test can look at each pixel."""

import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.end_to_end.snip_session import be_welcomed
from tests.end_to_end.virtual_desktop import VirtualDesktop

ROOT = Path(__file__).parent.parent.parent
PROGRAM = (sys.executable, "-m", "tests.desktop_app.program_with_fake_recogniser")


def start_program(
    desktop: VirtualDesktop, images: Path, *arguments: str, **variables: str
) -> "subprocess.Popen[bytes]":
    """Start the program; it keeps the images it is given to read in a folder."""
    be_welcomed(desktop)
    command = [*PROGRAM, str(images), *arguments]
    return desktop.start("program", command, variables={"PYTHONPATH": str(ROOT), **variables})


def image_read(desktop: VirtualDesktop, images: Path, number: int = 0) -> NDArray[np.uint8]:
    """Wait for the image of that number that the recogniser was given."""
    path = images / f"{number}.npy"
    desktop.wait_until(path.exists, f"image {number}")
    image: NDArray[np.uint8] = np.load(path)
    return image
