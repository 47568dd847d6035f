"""The product, with nothing faked: a formula in a PDF viewer becomes LaTeX that another program pastes.

The PDFs in formulas/ are made of the .tex files beside them, with `pdflatex`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.latex import normalise
from tests.end_to_end.snip_session import (
    HOTKEY,
    OVERLAY_TITLE,
    RESULT_TITLE,
    snip,
    start_snaptex,
    typeset_formula,
    viewed_formula,
)
from tests.end_to_end.system_calls import read_trace, tracer
from tests.end_to_end.virtual_desktop import VirtualDesktop

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualDesktop]:
    """A desktop on which Snaptex runs."""
    with VirtualDesktop(tmp_path_factory.mktemp("desktop")) as desktop:
        start_snaptex(desktop)
        yield desktop


@pytest.mark.parametrize(
    ("name", "resolution"),
    [
        ("fraction", 120),
        ("sum_with_limits", 120),
        ("matrix", 120),
        ("cases", 120),
        ("greek_with_scripts", 120),
        ("text", 120),
        ("root", 96),
        ("white_on_dark", 120),
        ("double_scale", 240),
    ],
)
def test_formula_reaches_the_clipboard(desktop: VirtualDesktop, name: str, resolution: int) -> None:
    # Hotkey, capture, recognition and clipboard together; a break anywhere shows here.
    with viewed_formula(desktop, name, resolution=resolution) as (_, box):
        pasted = snip(desktop, box)
    assert normalise(pasted) == normalise(typeset_formula(name)), pasted


def test_formula_reaches_the_clipboard_on_a_dense_screen(tmp_path: Path) -> None:
    # With two device pixels a point, a crop in the wrong unit misses the formula.
    with VirtualDesktop(tmp_path / "dense", size=(2800, 2000)) as desktop:
        start_snaptex(desktop, variables={"QT_SCALE_FACTOR": "2"})
        with viewed_formula(desktop, "fraction", resolution=240) as (_, box):
            pasted = snip(desktop, box)
    assert normalise(pasted) == normalise(typeset_formula("fraction")), pasted


def test_clipboard_outlives_the_result_window(desktop: VirtualDesktop) -> None:
    # On X11 a text vanishes with the window that owns it, unless somebody cares.
    with viewed_formula(desktop, "fraction") as (_, box):
        pasted = snip(desktop, box)
    window = desktop.find_window(RESULT_TITLE)
    desktop.focus(window)
    desktop.press("alt+F4")
    desktop.wait_until(lambda: not desktop.visible_window(RESULT_TITLE), "the result window to close")
    assert desktop.read_clipboard() == pasted


def test_escape_leaves_focus_and_clipboard(desktop: VirtualDesktop) -> None:
    # Whoever changes their mind goes on typing where they were.
    with viewed_formula(desktop, "fraction") as (viewer, _):
        desktop.write_clipboard("kept")
        desktop.press(HOTKEY)
        desktop.find_window(OVERLAY_TITLE)
        desktop.settle()  # it has the keys
        desktop.press("Escape")
        desktop.wait_until(lambda: not desktop.visible_window(OVERLAY_TITLE), "the overlay to close")
        assert desktop.read_clipboard() == "kept"
        desktop.wait_until(lambda: desktop.active_window() == viewer, "the old focus")


def test_nothing_is_sent_anywhere(tmp_path: Path) -> None:
    # The promise to the user. The kernel's own list of connections also holds those made below Python.
    trace = tmp_path / "trace.txt"
    prefix = tracer(trace)
    if prefix is None:
        pytest.skip("tracing is not allowed here")
    with VirtualDesktop(tmp_path / "traced") as desktop:
        start_snaptex(desktop, prefix=prefix)
        with viewed_formula(desktop, "fraction") as (_, box):
            snip(desktop, box)
        home, runtime = (Path(desktop.environment[name]) for name in ("HOME", "XDG_RUNTIME_DIR"))
    calls = read_trace(trace)
    assert calls.elsewhere == []
    assert calls.domains == {"AF_UNIX"}, "or the trace has not even the X server"
    # The display, the desktop's buses, the system's list of names, and the program's own socket.
    known = ("/tmp/.X11-unix/", "/run/dbus/", "/var/run/dbus/", "/var/run/nscd/", f"{runtime}/")  # noqa: S108
    assert not [peer for peer in calls.peers if not peer.startswith(known)]
    # And nothing is left where the program has no folder: docs/security.md names them.
    own = [home / folder / "snaptex" for folder in (".config", ".local/share", ".local/state", ".cache")]
    folders = {parent for folder in own for parent in (folder, *folder.parents)}
    outside = [
        path
        for path in calls.written - folders - {Path("/dev/null")}
        if not any(path.is_relative_to(folder) for folder in (*own, runtime))
        and "__pycache__" not in path.parts  # Python's own
    ]
    assert outside == []
