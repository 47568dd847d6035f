"""A desktop on a virtual X display, and the hands and eyes of a user at it.

Nothing here knows the program from inside: windows are found by their titles, keys and mouse go through the X server,
and the clipboard is read by another program. No step waits a fixed time; each polls for what it needs. Where nothing
that can be seen says that keys were heard or a window is painted, `settle` waits until no program has anything to do.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self, TypeVar

import mss
import numpy as np
from PIL import Image
from Xlib import X
from Xlib.display import Display
from Xlib.error import BadDrawable, BadWindow
from Xlib.xobject.drawable import Window

PROGRAMS = ("Xvfb", "openbox", "xdotool", "xclip", "xwininfo", "xrandr", "mupdf")

PATIENCE = 300  # seconds; a computer under load is slow

_POLL_SECONDS = 0.05
_REST_SECONDS = 0.3
_ASK_AGAIN_SECONDS = 2.0
_Found = TypeVar("_Found")


class Box(NamedTuple):
    """A rectangle on the screen, in pixels."""

    left: int
    top: int
    right: int
    bottom: int


class Screen(NamedTuple):
    """One screen of a desktop of several, in pixels, and how many of them Qt is to count as a unit."""

    name: str
    left: int
    top: int
    width: int
    height: int
    scale: float = 1.0


class VirtualDesktop(AbstractContextManager["VirtualDesktop"]):
    """An X server with a window manager, and a home folder that is empty at first."""

    def __init__(self, folder: Path, *, size: tuple[int, int] = (1400, 1000)) -> None:
        self.folder = folder
        self._size = size
        self._processes = ExitStack()
        self._started: dict[str, list[subprocess.Popen[bytes]]] = {}
        self._display: Display
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        missing = [program for program in PROGRAMS if shutil.which(program) is None]
        if missing:
            raise RuntimeError(f"Not installed: {', '.join(missing)}. `make test` installs what it needs.")
        home = self.folder / "home"
        home.mkdir(parents=True)
        # Sockets lie there, whose paths must be short.
        runtime = self._processes.enter_context(
            tempfile.TemporaryDirectory(prefix="snaptex-", ignore_cleanup_errors=True)
        )
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "OMP_NUM_THREADS") if name in os.environ}
        kept["LANG"] = "C.UTF-8"  # the windows are found by their English titles
        self.environment = {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": runtime, "DISPLAY": self._start_x()}
        self._display = Display(self.environment["DISPLAY"])
        self._processes.callback(self._display.close)
        # A window that opens before the window manager's own start is over may never be shown.
        ready = self.folder / "openbox-is-ready"
        self.start("openbox", ["openbox", "--startup", shlex.join(["touch", str(ready)])])
        self.wait_until(ready.exists, "the window manager")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._processes.close()

    def _start_x(self) -> str:
        """Start Xvfb on a display that it chooses itself, and return the display's name."""
        reading, writing = os.pipe()
        width, height = self._size
        with open(self.folder / "Xvfb.log", "wb") as log:  # noqa: PTH123
            server = subprocess.Popen(
                ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
                pass_fds=[writing],
                stdout=log,
                stderr=log,
            )
        self._processes.callback(end, server)
        self._started["Xvfb"] = [server]
        os.close(writing)
        with open(reading, encoding="ascii") as answer:  # noqa: PTH123
            number = answer.readline().strip()  # Xvfb writes it when it takes connections
        if not number:
            raise RuntimeError(f"Xvfb has not started: {(self.folder / 'Xvfb.log').read_text(errors='replace')}")
        return f":{number}"

    def start(
        self, name: str, command: Sequence[str], *, variables: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[bytes]":
        """Start a program on this desktop; it ends with the desktop, and its output is kept as NAME.log."""
        with open(self.folder / f"{name}.log", "ab") as log:  # noqa: PTH123
            process = subprocess.Popen(
                command, env={**self.environment, **(variables or {})}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._processes.callback(end, process)
        self._started.setdefault(name, []).append(process)
        return process

    def run(self, *command: str) -> str:
        """Run a short command on this desktop and return what it prints; empty when it fails."""
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, timeout=PATIENCE, check=False)
        return done.stdout.decode(errors="replace") if done.returncode == 0 else ""  # a clipboard may hold an image

    def wait_until(self, condition: Callable[[], _Found | None], what: str, *, seconds: float = PATIENCE) -> _Found:
        """Poll until the condition holds; on failure leave an image of the screen and tell all logs."""
        deadline = time.monotonic() + seconds
        while True:
            found = condition()
            if found:
                return found
            if time.monotonic() > deadline:
                break
            time.sleep(_POLL_SECONDS)
        image = self.folder / "screen.png"
        if "DISPLAY" in self.environment:
            self.image().save(image)
        raise AssertionError(f"Waited {seconds} s for {what}.\nThe screen: {image}\n{self.logs()}")

    def settle(self, *names: str) -> None:
        """Wait until the programs of these names, or all, have nothing to do: keys are heard, windows are painted.

        A process that waits for its turn on a busy computer counts as one that has something to do.
        """
        since = time.monotonic()

        def is_at_rest() -> bool:
            nonlocal since
            if not all(_sleeps(process) for process in self._running(*names)):
                since = time.monotonic()
            return time.monotonic() - since > _REST_SECONDS

        self.wait_until(is_at_rest, "an end of what the programs do")

    def _running(self, *names: str) -> list[int]:
        """The X server, the window manager, and the programs started by these names, or all of them."""
        chosen = {"Xvfb", "openbox", *(names or self._started)}
        return [process.pid for name in chosen for process in self._started[name] if process.poll() is None]

    @contextmanager
    def held_up(self, name: str) -> Iterator[None]:
        """Have a program do nothing for a while, as if the computer had no time for it."""
        self._started[name][-1].send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._started[name][-1].send_signal(signal.SIGCONT)

    def settled_image(self, *names: str) -> Image.Image:
        """What the screen shows once those programs, or all, have painted it."""

        def look() -> Image.Image | None:
            before = self.image()
            self.settle(*names)
            after = self.image()
            return after if before.tobytes() == after.tobytes() else None

        return self.wait_until(look, "an image that stays")

    def logs(self) -> str:
        """The last lines of every log of this desktop's programs."""
        logs = sorted(self.folder.rglob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in logs)

    def image(self) -> Image.Image:
        """What the screen shows."""
        with mss.MSS(display=self.environment["DISPLAY"]) as screen:
            shot = screen.grab(screen.monitors[0])
        return Image.frombytes("RGB", shot.size, shot.rgb)

    def plug_in(self, screens: Sequence[Screen]) -> None:
        """Divide the desktop into screens, the first one primary; programs that start later see their scales."""
        for number, screen in enumerate(screens):
            across, down = (f"{pixels}/{round(pixels * 25.4 / 96)}" for pixels in (screen.width, screen.height))
            place = f"{across}x{down}+{screen.left}+{screen.top}"
            self.run(
                "xrandr", "--setmonitor", f"{'*' * (number == 0)}{screen.name}", place, "none" if number else "screen"
            )
        seen = self.run("xrandr", "--listmonitors")
        if not all(f" {screen.width}/" in seen and screen.name in seen for screen in screens):
            raise RuntimeError(f"The X server has other screens: {seen}")
        factors = ";".join(f"{screen.name}={screen.scale}" for screen in screens)
        self.environment["QT_SCREEN_SCALE_FACTORS"] = factors

    def show_wallpaper(self, image: Image.Image) -> None:
        """Show an image behind all windows."""
        display = Display(self.environment["DISPLAY"])
        root = display.screen().root
        pixmap = root.create_pixmap(image.width, image.height, display.screen().root_depth)
        pixmap.put_pil_image(pixmap.create_gc(), 0, 0, image)
        root.change_attributes(background_pixmap=pixmap)
        root.clear_area()
        display.sync()
        display.close()
        expected = image.convert("RGB").crop((0, 0, 50, 50)).tobytes()
        self.wait_until(lambda: self.image().crop((0, 0, 50, 50)).tobytes() == expected, "the wallpaper")

    def find_window(self, title: str, *, seconds: float = PATIENCE) -> str:
        """Wait for a visible window by its title, a regular expression, and return its X id."""
        return self.wait_until(lambda: self.visible_window(title), f"the window '{title}'", seconds=seconds)

    def visible_window(self, title: str) -> str:
        """The X id of a visible window, or nothing."""
        return next(iter(self.visible_windows(title)), "")

    def visible_windows(self, title: str = "") -> list[str]:
        """The X ids of the visible windows of a title; of all of them without one."""
        return self.wait_until(lambda: self._look_for_windows(title), "windows that stay")[0]

    def _look_for_windows(self, title: str) -> tuple[list[str]] | None:
        """Those windows; None where one went away meanwhile, for others may have moved then."""
        try:
            outer = [one for one in self._display.screen().root.query_tree().children if _is_viewable(one)]
            inner = [one for frame in outer for one in frame.query_tree().children if _is_viewable(one)]
            return ([str(one.id) for one in (*outer, *inner) if re.search(title, self._title_of(one))],)
        except (BadWindow, BadDrawable):
            return None

    def _title_of(self, window: Window) -> str:
        name = window.get_full_text_property(self._display.intern_atom("_NET_WM_NAME"))
        return name or window.get_wm_name() or ""

    def active_window(self) -> str:
        """The X id of the window that has the focus, or nothing."""
        root = self._display.screen().root
        active = root.get_full_property(self._display.intern_atom("_NET_ACTIVE_WINDOW"), X.AnyPropertyType)
        return str(active.value[0]) if active is not None and active.value[0] else ""

    def focus(self, window: str) -> None:
        """Bring a window to the front and give it the keys, again where others still come to the front."""
        asked = -_ASK_AGAIN_SECONDS

        def has_focus() -> bool:
            nonlocal asked
            if self.active_window() != window and time.monotonic() - asked > _ASK_AGAIN_SECONDS:
                self.run("xdotool", "windowactivate", window)
                asked = time.monotonic()
            return self.active_window() == window

        self.wait_until(has_focus, "the focus")

    def extent(self, window: str) -> Box:
        """Where the inside of a window is; xdotool itself counts the frame twice under some window managers."""
        facts = dict(
            re.findall(r"(Absolute upper-left [XY]|Width|Height):\s+(-?\d+)", self.run("xwininfo", "-id", window))
        )
        left, top = int(facts["Absolute upper-left X"]), int(facts["Absolute upper-left Y"])
        return Box(left, top, left + int(facts["Width"]), top + int(facts["Height"]))

    def press(self, keys: str) -> None:
        """Press a key combination in whichever window has the focus."""
        self.run("xdotool", "key", "--clearmodifiers", keys)

    @contextmanager
    def drag(self, box: Box) -> Iterator[None]:
        """Drag a rectangle; the button is let go when the block ends."""
        middle = ((box.left + box.right) // 2, (box.top + box.bottom) // 2)
        self.run("xdotool", "mousemove", str(box.left), str(box.top), "mousedown", "1")
        for x, y in (middle, (box.right - 1, box.bottom - 1), (box.right, box.bottom)):
            self.run("xdotool", "mousemove", str(x), str(y))
        yield
        self.run("xdotool", "mouseup", "1")

    def read_clipboard(self) -> str:
        """The text on the clipboard, as another program gets it."""
        return self.run("xclip", "-out", "-selection", "clipboard")

    def wait_for_text(self, before: str) -> str:
        """Wait for another text on the clipboard than the one before, and return it."""

        def another() -> str:
            text = self.read_clipboard()  # nothing where its owner is just changing
            return text if text != before else ""

        return self.wait_until(another, "another text on the clipboard")

    def write_clipboard(self, text: str) -> None:
        """Put a text on the clipboard."""
        # It stays behind to serve the text, so its output must not be waited for.
        subprocess.run(
            ["xclip", "-in", "-selection", "clipboard"],
            env=self.environment,
            input=text,
            stdout=subprocess.DEVNULL,
            timeout=PATIENCE,
            text=True,
            check=True,
        )
        self.wait_until(lambda: self.read_clipboard() == text, "the clipboard")


def ink_box(image: Image.Image, window: Box, *, margin: int) -> Box | None:
    """The box around everything in a window that differs from its corner, with a margin; None if all is one colour."""
    pixels = np.asarray(image.crop(window).convert("L"), dtype=np.int16)
    inked = np.abs(pixels - pixels[2, 2]) > 40
    inked[-4:] = inked[:, -4:] = False  # the frame may overlap the last rows and columns
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if rows.size == 0:
        return None
    return Box(
        window.left + int(columns[0]) - margin,
        window.top + int(rows[0]) - margin,
        window.left + int(columns[-1]) + 1 + margin,
        window.top + int(rows[-1]) + 1 + margin,
    )


def _is_viewable(window: Window) -> bool:
    return bool(window.get_attributes().map_state == X.IsViewable)


def _sleeps(process: int) -> bool:
    """Whether all threads of a process, and of what it has started, wait for something to come."""
    for task in Path(f"/proc/{process}/task").glob("*"):
        try:
            state = (task / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
            children = (task / "children").read_text(encoding="ascii").split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended
        # One that is held up, or has ended and was not waited for yet, does nothing either.
        if state not in ("S", "T", "Z", "X") or not all(_sleeps(int(child)) for child in children):
            return False
    return True


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a program that was started here."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
