"""The built desktop program: hotkey, capture, recognition and clipboard, on computers of many kinds."""

import os
import shutil
from pathlib import Path

from tests.bundle.built_program import WITHOUT_NETWORK, BuiltProgram, read_only
from tests.bundle.conftest import SnipOnce
from tests.end_to_end.snip_session import FORMULAS, be_welcomed, formula_on_page, open_file
from tests.end_to_end.virtual_desktop import VirtualDesktop


def test_snip_with_an_empty_home(built: BuiltProgram, snip_once: SnipOnce) -> None:
    # The first start on a fresh computer.
    before = built.contents()
    snipped = snip_once([str(built.executable)], is_first_start=True)
    assert snipped.pasted == snipped.read_from_source
    assert built.contents() == before, "the program wrote into its own folder"


def test_snip_without_network(built: BuiltProgram, snip_once: SnipOnce) -> None:
    # Nothing of the windows' half is downloaded either.
    snipped = snip_once([*WITHOUT_NETWORK, str(built.executable)])
    assert snipped.pasted == snipped.read_from_source


def test_snip_from_a_read_only_folder(built: BuiltProgram, snip_once: SnipOnce) -> None:
    # Caches and settings belong elsewhere.
    snipped = snip_once([*read_only(built.folder), str(built.executable)])
    assert snipped.pasted == snipped.read_from_source


def test_snip_in_the_c_locale(built: BuiltProgram, snip_once: SnipOnce) -> None:
    # Started by a bare window manager.
    snipped = snip_once([str(built.executable)], variables={"LANG": "C", "LC_ALL": "C"})
    assert snipped.pasted == snipped.read_from_source


def test_snip_without_a_clipboard_tool(built: BuiltProgram, snip_once: SnipOnce, tmp_path: Path) -> None:
    # Few desktops have xclip; Qt must do.
    programs = tmp_path / "programs"
    programs.mkdir()
    path = str(programs)
    assert all(shutil.which(tool, path=path) is None for tool in ("xclip", "xsel", "wl-copy"))
    snipped = snip_once([str(built.executable)], variables={"PATH": path})
    assert snipped.pasted == snipped.read_from_source


def test_snip_from_a_path_with_spaces_and_other_letters(
    built: BuiltProgram, snip_once: SnipOnce, tmp_path: Path
) -> None:
    # The plugins of Qt are looked for beside the program, by a path.
    folder = tmp_path / "Programme für Ω 数学"
    try:
        shutil.copytree(built.folder, folder, symlinks=True, copy_function=os.link)
    except OSError:  # on another file system
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(built.folder, folder, symlinks=True)
    snipped = snip_once([str(folder / "snaptex")])
    assert snipped.pasted == snipped.read_from_source


def test_page_of_a_pdf_file_is_read(built: BuiltProgram, desktop: VirtualDesktop) -> None:
    # What draws pages is a library of its own, which is loaded with the first file.
    be_welcomed(desktop)
    desktop.start("snaptex-output", [str(built.executable)])
    window = open_file(desktop, FORMULAS / "fraction.pdf")
    box = desktop.wait_until(lambda: formula_on_page(desktop, window), "the page")
    desktop.write_clipboard("nothing was copied")
    with desktop.drag(box):
        pass
    desktop.wait_until(lambda: "frac" in desktop.read_clipboard(), "the formula")
