"""The program in a session that counts as Wayland: the screen and the keys come through the desktop's portal.

The desktop itself is a virtual X display, so that a test has hands and eyes; the portal is a fake one on a bus of the
test's own, and takes its images from that display.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.desktop_app.private_bus import PortalControl, private_bus
from tests.end_to_end.program_session import image_read, start_program
from tests.end_to_end.snip_session import HOTKEY, MAIN_TITLE, OVERLAY_TITLE, RESULT_TITLE, log_of
from tests.end_to_end.virtual_desktop import PATIENCE, Box, VirtualDesktop

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]

PERMISSION_TITLE = "^Snaptex: permission$"
SHORTCUT_TITLE = "^Snaptex: keyboard shortcut$"
SIZE = (1400, 1000)
BOX = Box(900, 700, 1100, 760)


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[VirtualDesktop]:
    """A desktop with noise behind its windows."""
    with VirtualDesktop(tmp_path / "desktop", size=SIZE) as desktop:
        desktop.show_wallpaper(wallpaper())
        yield desktop


@pytest.fixture
def portal(desktop: VirtualDesktop, tmp_path: Path) -> Iterator[PortalControl]:
    with private_bus(tmp_path / "portal", display=desktop.environment["DISPLAY"]) as control:
        desktop.environment |= {"DBUS_SESSION_BUS_ADDRESS": control.address, "XDG_SESSION_TYPE": "wayland"}
        desktop.environment["QT_QPA_PLATFORM"] = "xcb"  # as Qt itself chooses without a Wayland display
        yield control


def wallpaper() -> Image.Image:
    """An image in which a region that is off by a pixel is another image."""
    return Image.fromarray(np.random.default_rng(seed=6).integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8))


def drag(desktop: VirtualDesktop) -> None:
    """Choose the region."""
    desktop.find_window(OVERLAY_TITLE)
    with desktop.drag(BOX):
        pass


def test_granted_portals_give_hotkeys_and_exact_pixels(
    desktop: VirtualDesktop, portal: PortalControl, tmp_path: Path
) -> None:
    # The first snip asks with the portal's dialog, the next ones in silence; no file is left behind.
    expected = np.asarray(wallpaper())[BOX.top : BOX.bottom + 1, BOX.left : BOX.right + 1]
    start_program(desktop, tmp_path)
    desktop.find_window(MAIN_TITLE)
    desktop.wait_until(lambda: "The desktop's shortcuts are" in log_of(desktop), "the shortcuts")
    portal.press("snip")
    drag(desktop)
    assert (image_read(desktop, tmp_path, 0) == expected).all()
    desktop.find_window(RESULT_TITLE)
    portal.press("repeat")
    assert (image_read(desktop, tmp_path, 1) == expected).all()
    calls = portal.calls("Screenshot")
    assert [call["options"]["interactive"] for call in calls] == [True, False, False]
    assert calls[0]["window"].startswith("x11:")
    assert portal.images() == []
    # The key is the desktop's: the program takes none from X, where it would hear but a part of the keys.
    desktop.press(HOTKEY)
    assert len(portal.calls("Screenshot")) == 3
    assert not desktop.visible_window(SHORTCUT_TITLE)


def test_denied_portals_are_said_and_the_desktops_own_shortcut_explained(
    desktop: VirtualDesktop, portal: PortalControl, tmp_path: Path
) -> None:
    # Once, with a command that works; a refused image brings back the window that asked.
    portal.order(session="denied", dialog="denied")
    first = start_program(desktop, tmp_path)
    desktop.find_window(SHORTCUT_TITLE)
    desktop.focus(desktop.find_window(SHORTCUT_TITLE))
    desktop.press("Escape")
    desktop.wait_until(lambda: not desktop.visible_window(SHORTCUT_TITLE), "the end of the dialog")
    assert start_program(desktop, tmp_path, "snip").wait(timeout=PATIENCE) == 0
    desktop.wait_until(lambda: len(portal.calls("Screenshot")) == 1, "the request")
    desktop.find_window(MAIN_TITLE)
    desktop.wait_until(lambda: not desktop.visible_window(PERMISSION_TITLE), "the end of it")
    assert not desktop.visible_window(OVERLAY_TITLE)
    portal.order(dialog="granted")  # and the user changes their mind
    assert start_program(desktop, tmp_path, "snip").wait(timeout=PATIENCE) == 0
    drag(desktop)
    expected = np.asarray(wallpaper())[BOX.top : BOX.bottom + 1, BOX.left : BOX.right + 1]
    assert (image_read(desktop, tmp_path, 0) == expected).all()
    assert portal.images() == []

    first.terminate()
    first.wait(timeout=PATIENCE)
    start_program(desktop, tmp_path)
    desktop.find_window(MAIN_TITLE)
    desktop.wait_until(lambda: len(portal.calls("CreateSession")) == 2, "the shortcuts")
    desktop.wait_until(lambda: log_of(desktop).count("refused the shortcuts") == 2, "the answer")
    assert not desktop.visible_window(SHORTCUT_TITLE)  # it was explained
