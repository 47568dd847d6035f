"""Measure what the running program costs: `python -m tests.benchmarks.snip_time`.

On a virtual display, with the bundled weights: the time from its first launch to the window, from later ones to the
frozen screen and to the ready recogniser, its share of a processor, its wake-ups and its memory while idle, its memory
after ten snips and after the recogniser was released, how long the recogniser takes to come back, the time from letting
go of the mouse to the formula on the clipboard, and from quitting to the end of the process.
"""

import argparse
import os
import platform
import re
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from tests.end_to_end.snip_session import HOTKEY, MAIN_TITLE, OVERLAY_TITLE, SNAPTEX, viewed_formula
from tests.end_to_end.virtual_desktop import Box, VirtualDesktop

_WELCOME_TITLE = "^Welcome to Snaptex$"

_LAUNCHES = 5
_IDLE_SECONDS = 30.0
_SETTLING_SECONDS = 10.0
_SETTINGS = "[General]\nhas_been_welcomed=true\nidle_minutes=1\ndevice=cpu\n"
_WAITS = re.compile(r"^voluntary_ctxt_switches:\s+(\d+)", re.MULTILINE)
_RECOGNISED = re.compile(r"Recognised in (\d+) ms\.")
_LOADED = re.compile(r"Recogniser loaded, .+, in (\d+) ms\.")
_RELEASED = re.compile(r"The recogniser was released\.")


class RunningSnaptex:
    """The program on a desktop, looked at from outside.

    Attributes:
        seconds_to_ready: From its launch until its recogniser could read.
        processor_seconds_to_ready: What it used of them, which other programs change less.
    """

    def __init__(self, desktop: VirtualDesktop) -> None:
        self._desktop = desktop
        self._home = Path(desktop.environment["HOME"])
        launched = time.perf_counter()
        self._launched = desktop.start("snaptex-output", [str(SNAPTEX)])
        self._process = Path("/proc") / str(self._launched.pid)
        self.wait_for(_LOADED, count=1)
        self.seconds_to_ready = time.perf_counter() - launched
        self.processor_seconds_to_ready = self.processor_seconds()
        self._window = desktop.find_window(MAIN_TITLE, seconds=60)

    def seconds_to_end(self) -> float:
        """Close its window, which ends it where there is no tray; from the window's end to the process's."""
        self._desktop.focus(self._window)
        self._desktop.press("alt+F4")
        while self._desktop.visible_window(MAIN_TITLE):
            pass
        closed = time.perf_counter()
        self._launched.wait(timeout=60)
        return time.perf_counter() - closed

    def wait_for(self, line: re.Pattern[str], *, count: int, seconds: float = 180) -> str:
        """Wait until the log has so many of these lines; returns what the last of them says."""
        found = self._desktop.wait_until(
            lambda: matches if len(matches := line.findall(self._log())) >= count else None,
            f"{count} lines of '{line.pattern}'",
            seconds=seconds,
        )
        return str(found[-1])

    def count(self, line: re.Pattern[str]) -> int:
        """How many of these lines the log has."""
        return len(line.findall(self._log()))

    def resident_megabytes(self) -> float:
        """Its memory that is not swapped out, with that of the processes that draw; what they share counts once."""
        helpers = " ".join(path.read_text(encoding="ascii") for path in self._process.glob("task/*/children"))
        processes = [self._process, *(Path("/proc") / number for number in helpers.split())]
        maps = "".join(_memory_of(process) for process in processes)
        return sum(int(kilobytes) for kilobytes in re.findall(r"^Pss:\s+(\d+) kB", maps, re.MULTILINE)) / 1024

    def processor_seconds(self) -> float:
        """What it has used so far, on all processors together."""
        fields = (self._process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wake_ups(self) -> dict[str, int]:
        """How often each of its threads has waited for something and gone on."""
        return {
            path.parent.name: int(_WAITS.findall(path.read_text(encoding="utf-8"))[0])
            for path in self._process.glob("task/*/status")
        }

    def _log(self) -> str:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in self._home.rglob("*.log"))


class Hand:
    """The mouse and the clipboard, without the delay of other programs: straight through the X server."""

    def __init__(self, desktop: VirtualDesktop) -> None:
        from Xlib import X
        from Xlib.display import Display
        from Xlib.ext import xfixes

        self._desktop = desktop
        self._display = Display(desktop.environment["DISPLAY"])
        self._clipboard = self._display.intern_atom("CLIPBOARD")
        self._display.xfixes_query_version()
        root = self._display.screen().root
        self._display.xfixes_select_selection_input(root, self._clipboard, xfixes.XFixesSetSelectionOwnerNotifyMask)
        self._display.sync()
        self._x = X

    def snip(self, box: Box) -> float:
        """Press the hotkey and drag the box; returns the seconds from letting go to a new owner of the clipboard."""
        self._desktop.press(HOTKEY)
        self._desktop.find_window(OVERLAY_TITLE, seconds=60)
        self._move(box.left, box.top)
        self._button(self._x.ButtonPress)
        self._move((box.left + box.right) // 2, (box.top + box.bottom) // 2)
        self._move(box.right, box.bottom)
        time.sleep(0.3)  # a user lets go some time after the last move
        while self._display.pending_events():
            self._display.next_event()
        released = time.perf_counter()
        self._button(self._x.ButtonRelease)
        self._display.next_event()  # only the clipboard's owner was asked for
        return time.perf_counter() - released

    def _move(self, x: int, y: int) -> None:
        from Xlib.ext import xtest

        xtest.fake_input(self._display, self._x.MotionNotify, x=x, y=y)
        self._display.sync()
        time.sleep(0.05)

    def _button(self, kind: int) -> None:
        from Xlib.ext import xtest

        xtest.fake_input(self._display, kind, 1)
        self._display.sync()


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--snips", type=int, default=10, help="how many formulas are snipped (10)")
    snips = parser.parse_args().snips
    load = f"a load of {os.getloadavg()[0]:.1f}"
    print(f"{_processor()}, {os.cpu_count()} processors with {load}; Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as scratch, VirtualDesktop(Path(scratch) / "desktop") as desktop:
        print(f"first launch to window: {1000 * _first_launch(desktop):.0f} ms")
        settings = Path(desktop.environment["HOME"]) / ".config" / "snaptex" / "settings.ini"
        settings.write_text(_SETTINGS, encoding="utf-8")
        _print_spread("launch to frozen screen", [_launch_to_capture(desktop) for _ in range(_LAUNCHES)])
        snaptex = RunningSnaptex(desktop)
        ready, processor = 1000 * snaptex.seconds_to_ready, 1000 * snaptex.processor_seconds_to_ready
        print(f"launch to ready recogniser: {ready:.0f} ms, {processor:.0f} ms of processor time")
        time.sleep(_SETTLING_SECONDS)
        _print_idle(snaptex)
        hand = Hand(desktop)
        with viewed_formula(desktop, "sum_with_limits") as (_, box):
            whole, added = [], []
            for number in range(1, snips + 1):
                seconds = hand.snip(box)
                recognition = int(snaptex.wait_for(_RECOGNISED, count=number)) / 1000
                whole.append(seconds)
                added.append(seconds - recognition)
            _print_spread("mouse released to clipboard", whole)
            _print_spread("the same without recognition", added)
            print(f"memory after {snips} snips: {snaptex.resident_megabytes():.0f} MB")
            snaptex.wait_for(_RELEASED, count=1)
            print(f"memory after the recogniser was released: {snaptex.resident_megabytes():.0f} MB")
            loads = snaptex.count(_LOADED)
            back = hand.snip(box)
            loading = int(snaptex.wait_for(_LOADED, count=loads + 1)) / 1000
            print(f"recogniser loaded again in {1000 * loading:.0f} ms; that snip took {1000 * back:.0f} ms")
        print(f"window closed to end of the process: {1000 * snaptex.seconds_to_end():.0f} ms")
    return 0


def _memory_of(process: Path) -> str:
    try:
        return (process / "smaps_rollup").read_text(encoding="ascii")
    except OSError:  # it has ended meanwhile
        return ""


def _first_launch(desktop: VirtualDesktop) -> float:
    """Launch the program in a home that has nothing of it; returns the seconds until its first window is there."""
    return _launch_to(desktop, _WELCOME_TITLE)


def _launch_to_capture(desktop: VirtualDesktop) -> float:
    """Launch the program to snip at once; returns the seconds until the overlay is there."""
    return _launch_to(desktop, OVERLAY_TITLE, "snip")


def _launch_to(desktop: VirtualDesktop, title: str, *arguments: str) -> float:
    begun = time.perf_counter()
    program = desktop.start("snaptex-launch", [str(SNAPTEX), *arguments])
    desktop.find_window(title, seconds=60)
    seconds = time.perf_counter() - begun
    program.terminate()
    program.wait(timeout=60)
    return seconds


def _print_idle(snaptex: RunningSnaptex) -> None:
    began, used, woken = time.perf_counter(), snaptex.processor_seconds(), snaptex.wake_ups()
    time.sleep(_IDLE_SECONDS)
    seconds = time.perf_counter() - began
    share = (snaptex.processor_seconds() - used) / seconds
    wake_ups = sum(count - woken.get(thread, 0) for thread, count in snaptex.wake_ups().items())
    memory = snaptex.resident_megabytes()
    print(f"idle: {100 * share:.2f}% of a processor, {wake_ups / seconds:.1f} wake-ups a second, {memory:.0f} MB")


def _print_spread(what: str, seconds: list[float]) -> None:
    p95 = quantiles(seconds, n=20, method="inclusive")[-1]
    print(f"{what}: {1000 * median(seconds):.0f} ms in the middle, {1000 * p95:.0f} ms at the 95th percentile")


def _processor() -> str:
    names = re.findall(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    sys.exit(main())
