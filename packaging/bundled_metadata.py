"""Names, versions and licences of what is bundled, in the form that `importlib.metadata` reads.

The installed metadata also holds the paths and the time of the installation, which differ from build to build; only the
header's facts and the entry points are kept.
"""

import os
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

from project import DESCRIPTION, VERSION

from desktop_app.system.third_party import licence_name

Entry = tuple[str, str, str]


def bundled_distributions(collected: Iterable[Entry]) -> list[Distribution]:
    """The installed distributions of which at least one file was collected, by name."""
    sources = {os.path.normpath(source) for _, source, _ in collected if source}
    found = {
        distribution.name.lower(): distribution
        for distribution in distributions()
        if any(os.path.normpath(str(file.locate())) in sources for file in distribution.files or [])
    }
    return [found[name] for name in sorted(found)]


def write_metadata(packages: Iterable[Distribution], folder: Path) -> list[Entry]:
    """Write the metadata of everything bundled and return its entries for the table of files."""
    entries = [_write(folder, "snaptex", VERSION, [f"Summary: {DESCRIPTION}", "License-Expression: MIT"])]
    for distribution in packages:
        facts = [f"License: {licence_name(distribution)}"]
        entries.append(_write(folder, distribution.name, distribution.version, facts))
        if points := distribution.read_text("entry_points.txt"):
            place = Path(entries[-1][0]).with_name("entry_points.txt")
            (folder / place).write_text(points, encoding="utf-8")
            entries.append((place.as_posix(), str(folder / place), "DATA"))
    return entries


def _write(folder: Path, name: str, version: str, facts: list[str]) -> Entry:
    place = Path(f"{name.replace('-', '_')}-{version}.dist-info") / "METADATA"
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *facts]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return (place.as_posix(), str(path), "DATA")
