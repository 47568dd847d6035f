"""The licences of everything that is bundled: Python itself, its packages, and system libraries.

A package without a licence file has its licence named in the list; the LGPL, under which Qt and PySide come without
their text, is added whole.
"""

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from importlib.metadata import Distribution
from pathlib import Path

from desktop_app.system.third_party import licence_name

Entry = tuple[str, str, str]

_TEXTS = Path(__file__).resolve().parent / "licences"
_LICENCE_WORDS = ("licen", "copying", "notice", "authors")


def collect_licences(packages: Iterable[Distribution], collected: Iterable[Entry], folder: Path) -> list[Entry]:
    """Gather the licence texts in a folder and return its entries for the table of files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines = [f"Python {sys.version.split()[0]}: PSF-2.0"]
    _copy(_python_licence(), folder / "Python" / "LICENSE.txt")
    for distribution in packages:
        lines.append(f"{distribution.name} {distribution.version}: {licence_name(distribution)}")
        for source, name in _licence_files(distribution):
            _copy(source, folder / distribution.name / name)
    for text in sorted(_TEXTS.glob("*.txt")):
        _copy(text, folder / "GNU" / text.name)
    lines += _collect_from_debian(collected, folder)
    (folder / "LIST.txt").write_text(
        "Snaptex contains the following, each under its own licence:\n\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )
    return [
        (str(Path("licences") / path.relative_to(folder)), str(path), "DATA")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def _licence_files(distribution: Distribution) -> list[tuple[Path, str]]:
    """The licence files of a package, with the names that they get."""
    found = []
    for file in distribution.files or []:
        is_of_metadata = ".dist-info" in file.parts[0]
        is_licence = "licenses" in file.parts or any(word in file.name.lower() for word in _LICENCE_WORDS)
        if is_of_metadata and is_licence and file.suffix != ".py":
            found.append((Path(str(file.locate())), "/".join(file.parts[1:]).removeprefix("licenses/")))
    return found


def _collect_from_debian(collected: Iterable[Entry], folder: Path) -> list[str]:
    """Gather the copyright files of the system libraries that were bundled, where dpkg knows them."""
    if shutil.which("dpkg") is None:
        return []
    system = ("/usr/lib/", "/lib/")
    sources = {source for _, source, _ in collected if source.startswith(system) and ".so" in source}
    # A library may be known by the path before /lib became a link to /usr/lib, or after.
    paths = sorted(sources | {source.removeprefix("/usr") for source in sources} | {f"/usr{one}" for one in sources})
    found = subprocess.run(["dpkg", "-S", *paths], capture_output=True, text=True, check=False).stdout
    packages = {line.partition(":")[0] for line in found.splitlines()}
    for package in sorted(packages):
        _copy(Path("/usr/share/doc") / package / "copyright", folder / "Debian" / f"{package}.txt")
    return [f"{package}, of Debian: see Debian/{package}.txt" for package in sorted(packages)]


def _python_licence() -> Path:
    places = [
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(f"/usr/share/doc/python3.{sys.version_info.minor}/copyright"),
        Path(f"/usr/share/doc/libpython3.{sys.version_info.minor}-minimal/copyright"),
    ]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise FileNotFoundError("Python's own licence is not where it usually is.")
    return found


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
