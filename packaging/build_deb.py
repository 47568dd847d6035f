"""Make the Debian package of the bundle: `python build_deb.py dist/snaptex`."""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

from project import DIST, ROOT, VERSION, commit_date, commit_time

_LINUX = Path(__file__).resolve().parent / "linux"

# What Qt loads and PyInstaller leaves to the system, for it must fit the graphics driver or the X server.
_DEPENDS = "libc6 (>= 2.36), libegl1, libgl1, libdbus-1-3, libfontconfig1, libx11-6, libx11-xcb1, libxcb1"
_CONTROL = """\
Package: snaptex
Version: {version}
Section: science
Priority: optional
Architecture: {architecture}
Maintainer: Snaptex developers <snaptex@localhost>
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: xclip | wl-clipboard
Description: formula on the screen becomes LaTeX on the clipboard
 Press a hotkey, drag a rectangle round a formula on the screen, and paste its
 LaTeX. The formula is read on this computer by a network that comes with the
 program; nothing is sent anywhere and nothing is downloaded.
"""


def build_deb(bundle: Path) -> Path:
    """Lay out the package's tree and pack it; returns the package."""
    architecture = _output("dpkg", "--print-architecture")
    tree = ROOT / "build" / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(bundle, tree / "usr" / "lib" / "snaptex", symlinks=True, copy_function=_link)
    programs = tree / "usr" / "bin"
    programs.mkdir(parents=True)
    (programs / "snaptex").symlink_to("../lib/snaptex/snaptex")
    share = tree / "usr" / "share"
    _place(_LINUX / "snaptex.desktop", share / "applications")
    _place(_LINUX / "org.snaptex.Snaptex.metainfo.xml", share / "metainfo")
    _place(ROOT / "resources" / "icons" / "snaptex.svg", share / "icons" / "hicolor" / "scalable" / "apps")
    _place(ROOT / "LICENSE", share / "doc" / "snaptex", name="copyright")
    completions = _LINUX / "completions"
    _place(completions / "snaptex.bash", share / "bash-completion" / "completions", name="snaptex")
    _place(completions / "_snaptex", share / "zsh" / "vendor-completions")
    _place(completions / "snaptex.fish", share / "fish" / "vendor_completions.d")
    _place_compressed(_LINUX / "snaptex.1", share / "man" / "man1" / "snaptex.1.gz")
    _place_compressed(ROOT / "CHANGELOG.md", share / "doc" / "snaptex" / "changelog.gz")
    size = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(
        _CONTROL.format(version=VERSION, architecture=architecture, kilobytes=size // 1024, depends=_DEPENDS),
        encoding="utf-8",
    )
    for path in tree.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
        os.utime(path, (commit_time(), commit_time()), follow_symlinks=False)
    package = DIST / f"snaptex_{VERSION}_{architecture}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z12", "--build", str(tree), str(package)],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(commit_time())},
        check=True,
    )
    shutil.rmtree(tree)
    return package


def _place(source: Path, folder: Path, *, name: str = "") -> None:
    """Put a file into a folder, with version and date filled in where it asks for them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / (name or source.name)).write_text(_filled_in(source), encoding="utf-8")


def _place_compressed(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(_filled_in(source).encode(), mtime=0))


def _filled_in(source: Path) -> str:
    text = source.read_text(encoding="utf-8")
    return text.replace("@VERSION@", VERSION).replace("@DATE@", commit_date())


def _link(source: str, target: str) -> str:
    """A second name of the same file costs neither time nor space; on another disk it is a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    print(build_deb(Path(sys.argv[1])))
