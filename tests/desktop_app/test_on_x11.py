"""The program on a real X server, where hotkey, overlay, pixels and clipboard are the desktop's own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.desktop_app.program_with_fake_recogniser import LATEX
from tests.end_to_end.snip_session import HOTKEY, MAIN_TITLE, OVERLAY_TITLE, RESULT_TITLE, be_welcomed
from tests.end_to_end.virtual_desktop import PATIENCE, Box, VirtualDesktop, end, ink_box

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]

ROOT = Path(__file__).parent.parent.parent
PROGRAM = [sys.executable, "-m", "tests.desktop_app.program_with_fake_recogniser"]
PDF = ROOT / "tests" / "end_to_end" / "formulas" / "fraction.pdf"
# Another program with the same hotkey, and one with it by the way of the other platforms, which works on X11 too.
OTHER_PROGRAM = """
from PySide6.QtGui import QGuiApplication
from desktop_app.hotkeys.global_hotkey import GlobalHotkey
program, hotkey = QGuiApplication([]), GlobalHotkey()
hotkey.register("Ctrl+Alt+M")
print("taken", flush=True)
program.exec()
"""
LISTENING_PROGRAM = """
import threading
from desktop_app.hotkeys.global_hotkey import parse_hotkey
from desktop_app.hotkeys.global_hotkey_pynput import PynputHotkey
pressed = threading.Event()
hotkey = PynputHotkey(*parse_hotkey("Ctrl+Shift+F9"), pressed.set)
hotkey._listener.wait()
print("listening", flush=True)
if pressed.wait(300):
    print("pressed", flush=True)
hotkey.close()
"""
Program = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualDesktop]:
    """A desktop with a PDF viewer in the middle, which has the focus."""
    with VirtualDesktop(tmp_path_factory.mktemp("desktop")) as desktop:
        desktop.environment["PYTHONPATH"] = str(ROOT)
        be_welcomed(desktop)
        desktop.start("mupdf", ["mupdf", "-r", "150", str(PDF)])
        desktop.run("xdotool", "windowmove", desktop.find_window("^fraction"), "400", "300")
        yield desktop


@pytest.fixture
def viewer(desktop: VirtualDesktop) -> str:
    """The viewer's window."""
    window = desktop.find_window("^fraction")
    desktop.focus(window)
    return window


@pytest.fixture
def start(desktop: VirtualDesktop, tmp_path: Path) -> Iterator[Program]:
    """Starts the program with arguments and environment variables; it ends with the test."""
    processes = []
    for log in desktop.folder.rglob("snaptex.log"):
        log.unlink()

    def start_program(*arguments: str, **variables: str) -> "subprocess.Popen[bytes]":
        processes.append(desktop.start("program", [*PROGRAM, str(tmp_path), *arguments], variables=variables))
        return processes[-1]

    yield start_program
    for process in processes:
        end(process)


def wait_for_hotkey(desktop: VirtualDesktop) -> None:
    """Wait until the program can be called by its hotkey."""
    desktop.wait_until(lambda: "The hotkey is" in log_of(desktop), "the hotkey")


def is_gone(desktop: VirtualDesktop, title: str) -> bool:
    """Whether no window of that title is visible."""
    return not desktop.visible_window(title)


def image_read(desktop: VirtualDesktop, folder: Path) -> NDArray[np.uint8]:
    """The image that the recogniser was given first."""
    desktop.wait_until((folder / "0.npy").exists, "the image")
    image: NDArray[np.uint8] = np.load(folder / "0.npy")
    return image


def log_of(desktop: VirtualDesktop) -> str:
    """What the program of this test has logged."""
    return "".join(log.read_text(encoding="utf-8") for log in desktop.folder.rglob("snaptex.log"))


@pytest.mark.parametrize("scale", ["1", "1.5", "2"])
def test_hotkey_in_another_program_reads_the_exact_pixels(
    desktop: VirtualDesktop, viewer: str, start: Program, tmp_path: Path, scale: str
) -> None:
    # At every scale: the pixels on the screen before are the pixels the recogniser gets.
    start(QT_SCREEN_SCALE_FACTORS=scale)
    desktop.find_window(MAIN_TITLE)
    wait_for_hotkey(desktop)
    desktop.run("xdotool", "windowminimize", desktop.find_window(MAIN_TITLE))
    desktop.focus(viewer)
    image = desktop.settled_image()
    before = np.asarray(image)
    box = ink_box(image, desktop.extent(viewer), margin=7)
    assert box is not None
    desktop.press(HOTKEY)
    desktop.find_window(OVERLAY_TITLE)
    with desktop.drag(box):
        pass
    read = image_read(desktop, tmp_path)
    expected = before[box.top : box.bottom + 1, box.left : box.right + 1]
    assert read.shape == expected.shape
    assert (read == expected).all()
    # and the user can go on in the program they were in
    desktop.find_window(RESULT_TITLE)
    desktop.settle()
    assert desktop.active_window() == viewer


def test_own_window_is_not_in_the_image(desktop: VirtualDesktop, viewer: str, start: Program, tmp_path: Path) -> None:
    # The formula lies under Snaptex's own window: it is the formula that is read.
    start()
    wait_for_hotkey(desktop)
    main = desktop.find_window(MAIN_TITLE)
    desktop.focus(viewer)
    image = desktop.settled_image()
    box = ink_box(image, desktop.extent(viewer), margin=5)
    assert box is not None
    expected = np.asarray(image)[box.top : box.bottom + 1, box.left : box.right + 1]
    desktop.run("xdotool", "windowmove", main, str(box.left - 50), str(box.top - 50))
    desktop.focus(main)
    covered = np.asarray(desktop.settled_image())[box.top : box.bottom + 1, box.left : box.right + 1]
    assert (covered != expected).any()
    desktop.press(HOTKEY)
    desktop.find_window(OVERLAY_TITLE)
    with desktop.drag(box):
        pass
    assert (image_read(desktop, tmp_path) == expected).all()
    assert desktop.find_window(MAIN_TITLE)  # it is back


@pytest.mark.parametrize("cancel", [("key", "Escape"), ("click", "3")])
def test_cancelled_selection_leaves_everything_as_it_was(
    desktop: VirtualDesktop, viewer: str, start: Program, tmp_path: Path, cancel: tuple[str, str]
) -> None:
    # Esc reaches the overlay although another program has the focus, and that one keeps it.
    start("snip")
    desktop.find_window(OVERLAY_TITLE)
    desktop.settle()  # it has the keys
    desktop.run("xdotool", "mousemove", "500", "500", *cancel)
    desktop.wait_until(lambda: is_gone(desktop, OVERLAY_TITLE), "the end of the overlay")
    desktop.wait_until(lambda: desktop.active_window() == viewer, "the old focus")
    assert not list(tmp_path.glob("*.npy"))


@pytest.mark.parametrize("lock", ["Caps_Lock", "Num_Lock"])
def test_hotkey_works_with_a_lock_on(desktop: VirtualDesktop, viewer: str, start: Program, lock: str) -> None:
    # To X a lock is a modifier, and Ctrl+Alt+M with it another combination.
    start()
    wait_for_hotkey(desktop)
    desktop.focus(viewer)
    desktop.run("xdotool", "key", lock)
    try:
        desktop.run("xdotool", "key", HOTKEY)
        desktop.find_window(OVERLAY_TITLE)
        desktop.run("xdotool", "key", "Escape")
    finally:
        desktop.run("xdotool", "key", lock)


@pytest.mark.parametrize("layout", ["ru,us", "ru", "de"])
def test_hotkey_works_after_a_change_of_layout(
    desktop: VirtualDesktop, viewer: str, start: Program, layout: str
) -> None:
    # The key stays where it is, whatever letter it types now.
    start()
    wait_for_hotkey(desktop)
    desktop.focus(viewer)
    desktop.run("setxkbmap", layout)
    desktop.settle()  # the program has heard of it
    try:
        desktop.run("xdotool", "key", "ctrl+alt+58")  # the key of M by its code
        desktop.find_window(OVERLAY_TITLE)
        desktop.press("Escape")
    finally:
        desktop.run("setxkbmap", "us")


def test_hotkey_works_where_no_layout_has_its_letter(desktop: VirtualDesktop, viewer: str, start: Program) -> None:
    # A computer that knows Russian alone, and later gets a second layout in which the letter has another place.
    desktop.run("setxkbmap", "ru")
    try:
        start()
        wait_for_hotkey(desktop)
        desktop.focus(viewer)
        for layout, key in (("ru", "58"), ("fr", "47")):
            desktop.run("setxkbmap", layout)
            desktop.settle()  # the program has heard of it
            desktop.run("xdotool", "key", f"ctrl+alt+{key}")
            desktop.find_window(OVERLAY_TITLE)
            desktop.settle()  # it has the keys
            desktop.press("Escape")
            desktop.wait_until(lambda: is_gone(desktop, OVERLAY_TITLE), "the end of the overlay")
    finally:
        desktop.run("setxkbmap", "us")


@pytest.mark.parametrize("arguments", [(), ("snip",)])
def test_second_launch_makes_the_running_one_snip(
    desktop: VirtualDesktop, viewer: str, start: Program, arguments: tuple[str, ...]
) -> None:
    # The way to a hotkey on desktops that give programs none.
    first = start()
    desktop.find_window(MAIN_TITLE)
    assert start(*arguments).wait(timeout=PATIENCE) == 0
    desktop.find_window(OVERLAY_TITLE)
    assert first.poll() is None
    desktop.press("Escape")


def test_formula_outlives_the_program(desktop: VirtualDesktop, viewer: str, start: Program) -> None:
    # On X11 the clipboard is lost with the program that filled it, unless another keeps it.
    desktop.write_clipboard("before")
    program = start("snip")
    desktop.find_window(OVERLAY_TITLE)
    with desktop.drag(Box(500, 400, 600, 450)):
        pass
    desktop.wait_until(lambda: desktop.read_clipboard() == LATEX, "the formula")
    end(program)
    assert desktop.read_clipboard() == LATEX


def test_hotkey_of_another_program_is_said(desktop: VirtualDesktop, viewer: str, start: Program) -> None:
    # Not silence: the user would press a key that does nothing.
    other = desktop.start("other", [sys.executable, "-c", OTHER_PROGRAM])
    try:
        desktop.wait_until(lambda: "taken" in (desktop.folder / "other.log").read_text(), "the other")
        start()
        desktop.wait_until(lambda: "Another program has this hotkey" in log_of(desktop), "the notice")
    finally:
        end(other)


def test_listener_of_the_other_platforms_hears_the_hotkey(desktop: VirtualDesktop, viewer: str) -> None:
    # Windows and macOS listen through pynput, whose names for keys are not Qt's.
    listening = desktop.start("listening", [sys.executable, "-c", LISTENING_PROGRAM])
    log = desktop.folder / "listening.log"
    desktop.wait_until(lambda: "listening" in log.read_text(), "the listener")

    def press() -> bool:
        desktop.press("ctrl+shift+F9")  # again, if the listener's thread wasn't quite there
        return "pressed" in log.read_text()

    desktop.wait_until(press, "the hotkey")
    assert listening.wait(timeout=PATIENCE) == 0


def test_capture_waits_for_nothing_that_it_does_not_need(desktop: VirtualDesktop, viewer: str, start: Program) -> None:
    # From the launch to the frozen screen a user waits. `make bench` says how long; what would make it long is
    # loading what only later steps need.
    program = start("snip")
    desktop.find_window(OVERLAY_TITLE)
    loaded = Path(f"/proc/{program.pid}/maps").read_text(encoding="utf-8")
    assert "PySide6" in loaded
    for later in ("torch", "matplotlib", "scipy", "PIL"):
        assert f"/{later}/" not in loaded
