"""Take the images of the README from the running program: `python -m tests.end_to_end.take_screenshots docs`."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from tests.end_to_end.snip_session import HOTKEY, OVERLAY_TITLE, RESULT_TITLE, start_snaptex, viewed_formula
from tests.end_to_end.virtual_desktop import Box, VirtualDesktop

# Where the second formula of page.pdf is, from the corner of the viewer's window at 120 dots per inch.
_FORMULA_ON_PAGE = Box(248, 308, 464, 374)
_STEADY_SECONDS = 1.0


def steady_image(desktop: VirtualDesktop, box: Box) -> Image.Image:
    """A part of the screen once nothing in it has moved for a while."""
    shown = desktop.image().crop(box)
    since = time.monotonic()

    def is_steady() -> bool:
        nonlocal shown, since
        now = desktop.image().crop(box)
        if now.tobytes() != shown.tobytes():
            shown, since = now, time.monotonic()
        return time.monotonic() - since > _STEADY_SECONDS

    desktop.wait_until(is_steady, "a steady image", seconds=30)
    return shown


def has_preview(desktop: VirtualDesktop, window: Box) -> bool:
    """Whether the right half of the result's window shows a formula, which is darker than words in its place."""
    left, top, right, bottom = window
    half = desktop.image().crop(((left + right) // 2, top + 40, right - 20, (top + bottom) // 2))
    return int((np.asarray(half) < 60).all(axis=2).sum()) > 100


def main() -> int:
    """Snip a formula of a page and keep the overlay and the result as PNG files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the images go")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        VirtualDesktop(Path(scratch) / "desktop", size=(1280, 800)) as desktop,
    ):
        start_snaptex(desktop)
        desktop.write_clipboard("nothing was copied")
        with viewed_formula(desktop, "page") as (viewer, _):
            page = desktop.extent(viewer)
            desktop.press(HOTKEY)
            desktop.find_window(OVERLAY_TITLE)
            left, top, right, bottom = _FORMULA_ON_PAGE
            with desktop.drag(Box(page.left + left, page.top + top, page.left + right, page.top + bottom)):
                seen = Box(page.left - 20, page.top - 30, page.right + 20, page.bottom + 20)
                steady_image(desktop, seen).save(folder / "overlay.png", optimize=True)
            desktop.wait_until(lambda: desktop.read_clipboard() != "nothing was copied", "the formula", seconds=90)
            result = desktop.find_window(RESULT_TITLE)
            desktop.run("xdotool", "windowraise", result)  # without the focus, whose cursor blinks
            desktop.wait_until(lambda: has_preview(desktop, desktop.extent(result)), "the preview", seconds=60)
            steady_image(desktop, desktop.extent(result)).save(folder / "result.png", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
