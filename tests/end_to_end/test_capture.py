"""From the hotkey to the recogniser, on desktops such as people have: each pixel that was dragged over arrives."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.desktop_app.program_with_fake_recogniser import LATEX
from tests.end_to_end.program_session import image_read, start_program
from tests.end_to_end.snip_session import HOTKEY, MAIN_TITLE, OVERLAY_TITLE, RESULT_TITLE, log_of, wait_for_hotkeys
from tests.end_to_end.virtual_desktop import PATIENCE, Box, Screen, VirtualDesktop

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]

REPEAT_HOTKEY = "ctrl+alt+shift+m"
COUNTDOWN_TITLE = "^Snaptex: countdown$"
SIZE = (2600, 1500)
# A primary screen with one to its left that begins above it and stands upright, and an upright one to its right.
SCREENS = (
    Screen("middle", 700, 300, 1200, 800),
    Screen("left", 0, 0, 700, 1100, scale=1.5),
    Screen("right", 1900, 200, 600, 1200, scale=2.0),
)
NOTEPAD = """
import sys
from PySide6.QtWidgets import QApplication, QPlainTextEdit
program = QApplication([])
notes = QPlainTextEdit()
notes.setWindowTitle("Notes")
notes.show()
program.exec()
"""
MENU = """
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
program = QApplication([])
button = QPushButton("Menu")
button.setWindowTitle("Menu")
menu = QMenu(button)
menu.setWindowTitle("Opened")
menu.addAction("a formula in a menu")
button.setMenu(menu)
button.resize(200, 100)
button.show()
program.exec()
"""
IMAGES = """
import sys
from PySide6.QtCore import QMimeData, QUrl, Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QWidget
class Images(QWidget):
    def mouseMoveEvent(self, event):
        drag, data = QDrag(self), QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in sys.argv[1:]])
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)
program = QApplication([])
images = Images()
images.setWindowTitle("Images")
images.resize(200, 100)
images.show()
program.exec()
"""


def noise(size: tuple[int, int]) -> Image.Image:
    """An image in which a region that is off by a pixel is another image."""
    pixels = np.random.default_rng(seed=5).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def part(image: Image.Image, box: Box) -> NDArray[np.uint8]:
    """The pixels of a drag, both ends included."""
    return np.asarray(image)[box.top : box.bottom + 1, box.left : box.right + 1]


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[VirtualDesktop]:
    """A desktop with noise behind its windows."""
    with VirtualDesktop(tmp_path / "desktop", size=(1400, 1000)) as desktop:
        desktop.show_wallpaper(noise((1400, 1000)))
        yield desktop


def start_other(desktop: VirtualDesktop, source: str, title: str, *arguments: str) -> str:
    """Start another program and return its window, which has the focus."""
    desktop.start("other", [sys.executable, "-c", source, *arguments])
    window = desktop.find_window(title)
    desktop.focus(window)
    return window


def snip(desktop: VirtualDesktop, box: Box, *, screens: int = 1) -> None:
    """Press the hotkey, wait for the overlay of each screen, and drag."""
    desktop.press(HOTKEY)
    desktop.wait_until(lambda: len(desktop.visible_windows(OVERLAY_TITLE)) == screens, "the overlays")
    with desktop.drag(box):
        pass
    desktop.wait_until(lambda: not desktop.visible_window(OVERLAY_TITLE), "the end of the overlay")


def test_each_of_several_screens_gives_its_exact_pixels(tmp_path: Path) -> None:
    # Second screens, high-resolution screens and both at once are where peers read another region than was dragged.
    wallpaper = noise(SIZE)
    with VirtualDesktop(tmp_path / "desktop", size=SIZE) as desktop:
        desktop.plug_in(SCREENS)
        desktop.show_wallpaper(wallpaper)
        start_program(desktop, tmp_path)
        wait_for_hotkeys(desktop)
        boxes = [
            Box(100, 50, 401, 133),  # left, above where the primary screen begins
            Box(333, 901, 690, 1090),  # left, at its lower edge
            Box(705, 305, 1107, 402),  # in the middle
            Box(1905, 211, 2300, 400),  # right, at its corner
            Box(2203, 1200, 2490, 1391),
        ]
        for number, box in enumerate(boxes):
            desktop.run("xdotool", "mousemove", str(box.left), str(box.top))
            snip(desktop, box, screens=len(SCREENS))
            read, expected = image_read(desktop, tmp_path, number), part(wallpaper, box)
            assert read.shape == expected.shape, box
            assert (read == expected).all(), box


def test_drag_that_leaves_its_screen_ends_at_its_edge(tmp_path: Path) -> None:
    # On the next screen a unit is something else.
    wallpaper = noise(SIZE)
    with VirtualDesktop(tmp_path / "desktop", size=SIZE) as desktop:
        desktop.plug_in(SCREENS)
        desktop.show_wallpaper(wallpaper)
        start_program(desktop, tmp_path)
        wait_for_hotkeys(desktop)
        desktop.run("xdotool", "mousemove", "1700", "900")
        desktop.press(HOTKEY)
        desktop.wait_until(lambda: len(desktop.visible_windows(OVERLAY_TITLE)) == len(SCREENS), "the overlays")
        edge = (1897, 950)  # where the drag goes over to the next screen
        before = desktop.image().getpixel(edge)
        with desktop.drag(Box(1700, 900, 2200, 1050)):
            desktop.wait_until(lambda: desktop.image().getpixel(edge) == (255, 179, 64), f"a bar, not {before}")
        assert (image_read(desktop, tmp_path) == part(wallpaper, Box(1700, 900, 1899, 1050))).all()


def test_drag_that_is_too_small_says_so_at_the_pointer(desktop: VirtualDesktop, tmp_path: Path) -> None:
    # Nothing would happen otherwise, and the user would not know why.
    start_program(desktop, tmp_path)
    wait_for_hotkeys(desktop)
    desktop.run("xdotool", "mousemove", "700", "600")
    desktop.press(HOTKEY)
    desktop.find_window(OVERLAY_TITLE)
    above = (530, 545, 870, 590)  # the pointer, where words are to stand
    with desktop.drag(Box(698, 598, 700, 600)):
        pass

    def has_words() -> bool:
        pixels = np.asarray(desktop.image().crop(above)).reshape(-1, 3)
        return int((pixels >= 230).all(axis=1).sum()) > 80  # nothing of the dimmed screen is as light as letters

    desktop.wait_until(has_words, "words at the pointer")
    assert desktop.visible_window(OVERLAY_TITLE)
    box = Box(900, 700, 1100, 760)
    with desktop.drag(box):  # and the next drag is as good as the first
        pass
    assert (image_read(desktop, tmp_path) == part(noise((1400, 1000)), box)).all()


def test_overlay_follows_screens_that_change(tmp_path: Path) -> None:
    # A projector is plugged in while a region is being chosen.
    wallpaper = noise(SIZE)
    with VirtualDesktop(tmp_path / "desktop", size=SIZE) as desktop:
        desktop.show_wallpaper(wallpaper)
        start_program(desktop, tmp_path)
        wait_for_hotkeys(desktop)
        desktop.press(HOTKEY)
        desktop.find_window(OVERLAY_TITLE)
        desktop.plug_in([Screen(one.name, *one[1:5]) for one in SCREENS])
        desktop.wait_until(lambda: len(desktop.visible_windows(OVERLAY_TITLE)) == len(SCREENS), "overlays")
        desktop.settle()  # the first one is gone
        box = Box(1905, 211, 2300, 400)
        desktop.run("xdotool", "mousemove", str(box.left), str(box.top))
        with desktop.drag(box):
            pass
        assert (image_read(desktop, tmp_path) == part(wallpaper, box)).all()


def test_hotkeys_work_while_another_program_has_the_focus(desktop: VirtualDesktop, tmp_path: Path) -> None:
    # The snip, the last region again as the screen shows it then, and the focus stays where the user writes.
    start_program(desktop, tmp_path)
    wait_for_hotkeys(desktop)
    notes = start_other(desktop, NOTEPAD, "^Notes$")
    desktop.wait_until(lambda: desktop.active_window() == notes, "the other's focus")
    box = Box(900, 700, 1100, 760)
    snip(desktop, box)
    assert (image_read(desktop, tmp_path, 0) == part(noise((1400, 1000)), box)).all()
    desktop.find_window(RESULT_TITLE)
    other_wallpaper = noise((1400, 1000)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    desktop.show_wallpaper(other_wallpaper)
    desktop.press(REPEAT_HOTKEY)
    assert (image_read(desktop, tmp_path, 1) == part(other_wallpaper, box)).all()
    assert not desktop.visible_window(OVERLAY_TITLE)
    desktop.wait_until(lambda: desktop.active_window() == notes, "the focus")


def test_focus_stays_with_the_program_that_got_it_just_before_the_hotkey(
    desktop: VirtualDesktop, tmp_path: Path
) -> None:
    # Qt still takes a window of ours for the active one then; what it says must not decide who gets the focus back.
    start_program(desktop, tmp_path)
    wait_for_hotkeys(desktop)
    notes = start_other(desktop, NOTEPAD, "^Notes$")
    desktop.focus(desktop.find_window(MAIN_TITLE))
    desktop.focus(notes)
    snip(desktop, Box(900, 700, 1100, 760))
    image_read(desktop, tmp_path)
    desktop.find_window(RESULT_TITLE)
    desktop.find_window(MAIN_TITLE)  # the moment at which it took the focus
    desktop.wait_until(lambda: desktop.active_window() == notes, "the focus")


def test_late_window_manager_leaves_no_frame_in_the_image(desktop: VirtualDesktop, tmp_path: Path) -> None:
    # It takes the frame of our own window away, which is hidden for the image; on a busy computer that takes a while.
    start_program(desktop, tmp_path)
    wait_for_hotkeys(desktop)
    desktop.settle()
    box = desktop.extent(desktop.find_window(MAIN_TITLE))
    with desktop.held_up("openbox"):
        desktop.press(HOTKEY)
        desktop.wait_until(lambda: not desktop.visible_window(MAIN_TITLE), "the end of our window")
        desktop.settle("program")  # which takes longer than a quick window manager is waited for
        assert not desktop.visible_window(OVERLAY_TITLE)
    desktop.find_window(OVERLAY_TITLE)
    with desktop.drag(box):
        pass
    assert (image_read(desktop, tmp_path) == part(noise((1400, 1000)), box)).all()


def test_changed_hotkeys_hold_over_a_restart(desktop: VirtualDesktop, tmp_path: Path) -> None:
    # A hotkey that is off stays off, and its key is left to the other programs.
    settings = desktop.folder / "home" / ".config" / "snaptex" / "settings.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text("[General]\nhas_been_welcomed=true\nhotkey=\nrepeat_hotkey=Ctrl+Shift+F8\n")
    start_program(desktop, tmp_path)
    desktop.wait_until(lambda: "The hotkey is Ctrl+Shift+F8" in log_of(desktop), "the hotkey")
    assert log_of(desktop).count("The hotkey is") == 1
    desktop.press(HOTKEY)
    desktop.press("ctrl+shift+F8")  # there is no last region, so one is chosen
    desktop.find_window(OVERLAY_TITLE)
    desktop.press("Escape")


def test_second_launch_snips_and_repeats(desktop: VirtualDesktop, tmp_path: Path) -> None:
    # What a shortcut of the desktop's own runs, where programs get no hotkey.
    start_program(desktop, tmp_path)
    wait_for_hotkeys(desktop)
    box = Box(900, 700, 1100, 760)
    assert start_program(desktop, tmp_path, "snip").wait(timeout=PATIENCE) == 0
    desktop.find_window(OVERLAY_TITLE)
    with desktop.drag(box):
        pass
    image_read(desktop, tmp_path, 0)
    assert start_program(desktop, tmp_path, "repeat").wait(timeout=PATIENCE) == 0
    assert (image_read(desktop, tmp_path, 1) == part(noise((1400, 1000)), box)).all()


def test_region_is_corrected_before_it_is_read(desktop: VirtualDesktop, tmp_path: Path) -> None:
    # Shift keeps it, the arrow keys move it by a pixel, a handle is pulled, Enter accepts.
    start_program(desktop, tmp_path)
    wait_for_hotkeys(desktop)
    desktop.press(HOTKEY)
    desktop.find_window(OVERLAY_TITLE)
    with desktop.drag(Box(700, 600, 900, 700)):
        desktop.run("xdotool", "keydown", "shift")
    desktop.run("xdotool", "keyup", "shift")
    for key in ("Right", "Right", "Up"):
        desktop.run("xdotool", "key", key)
    desktop.run("xdotool", "mousemove", "903", "700", "mousedown", "1")  # the lower right handle
    desktop.run("xdotool", "mousemove", "950", "720")
    desktop.run("xdotool", "mousemove", "953", "730", "mouseup", "1")
    assert desktop.visible_window(OVERLAY_TITLE)
    desktop.run("xdotool", "key", "Return")
    expected = part(noise((1400, 1000)), Box(702, 599, 952, 729))
    read = image_read(desktop, tmp_path)
    assert read.shape == expected.shape
    assert (read == expected).all()


def test_delayed_snip_catches_an_open_menu(desktop: VirtualDesktop, tmp_path: Path) -> None:
    # A menu closes when its program loses the focus, and keeps every key from the hotkey.
    start_program(desktop, tmp_path)
    wait_for_hotkeys(desktop)
    settings = desktop.folder / "home" / ".config" / "snaptex" / "settings.ini"
    menu = start_other(desktop, MENU, "^Menu$")
    desktop.run("xdotool", "windowmove", menu, "700", "600")
    main = desktop.find_window(MAIN_TITLE)
    desktop.focus(main)
    desktop.press("Tab")  # from Snip to the button beside it
    desktop.press("space")
    countdown = desktop.extent(desktop.find_window(COUNTDOWN_TITLE))
    with desktop.held_up("program"):  # three seconds are enough for a person, not for a slow computer
        extent = desktop.extent(menu)
        desktop.run("xdotool", "mousemove", str(extent.left + 100), str(extent.top + 50), "click", "1")
        opened = Box(extent.left, extent.bottom, extent.left + 150, extent.bottom + 20)
        desktop.find_window("^Opened$")
        shown = desktop.settled_image("other")
        assert (part(shown, opened) != part(noise((1400, 1000)), opened)).any()
    desktop.find_window(OVERLAY_TITLE)
    # The first click goes to the menu and closes it; the frozen image still has it.
    desktop.run("xdotool", "mousemove", str(opened.left), str(opened.top), "click", "1")
    desktop.wait_until(lambda: not desktop.visible_window("^Opened$"), "the end of the menu")
    with desktop.drag(opened):
        pass
    read = image_read(desktop, tmp_path)
    assert (read == part(shown, opened)).all()
    assert not settings.exists() or "delays_snip" not in settings.read_text()
    assert countdown.top < 200


def test_pasted_and_dropped_images_are_read(desktop: VirtualDesktop, tmp_path: Path) -> None:
    # Several at once, in their order, each with its own pixels.
    start_program(desktop, tmp_path)
    wait_for_hotkeys(desktop)
    first, second = noise((120, 40)), noise((90, 30)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    first.save(tmp_path / "first.png")
    second.save(tmp_path / "second.png")
    subprocess.run(
        ["xclip", "-in", "-selection", "clipboard", "-target", "image/png", str(tmp_path / "first.png")],
        env=desktop.environment,
        stdout=subprocess.DEVNULL,
        timeout=PATIENCE,
        check=True,
    )
    main = desktop.find_window(MAIN_TITLE)
    desktop.run("xdotool", "windowmove", main, "100", "100")
    desktop.focus(main)
    desktop.press("ctrl+v")
    assert (image_read(desktop, tmp_path, 0) == np.asarray(first)).all()
    desktop.wait_until(lambda: desktop.read_clipboard() == LATEX, "the formula")
    # Qt has not heard yet who has the clipboard now; that is no reason to tell of an error.
    assert "Nothing was copied" not in desktop.logs()
    assert "selection owner" not in desktop.logs()

    source = start_other(desktop, IMAGES, "^Images$", str(tmp_path / "second.png"), str(tmp_path / "first.png"))
    desktop.run("xdotool", "windowmove", source, "1000", "700")
    desktop.focus(source)
    extent, onto = desktop.extent(source), desktop.extent(main)

    def drop() -> bool:
        # Both programs talk with each other at each movement; a button let go before they agree drops nothing.
        desktop.run("xdotool", "mousemove", str(extent.left + 50), str(extent.top + 50), "mousedown", "1")
        for x, y in ((extent.left + 80, extent.top + 60), (600, 500), (onto.left + 60, onto.top + 40)):
            for step in range(10):
                desktop.run("xdotool", "mousemove", str(x + step), str(y))
        desktop.run("xdotool", "sleep", "0.3", "mouseup", "1", "sleep", "3")
        return (tmp_path / "2.npy").exists()

    desktop.wait_until(drop, "the dropped images")
    assert (image_read(desktop, tmp_path, 1) == np.asarray(second)).all()
    assert (image_read(desktop, tmp_path, 2) == np.asarray(first)).all()
