"""What else is in the program, and under which licences, as its packages say it themselves."""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path

from desktop_app.system.bundled_resources import is_bundle, resources_folder

# Some packages give the whole text where its name belongs.
_LONGEST_NAME = 120
# No package, but a file beside its licence; previews are drawn in it.
_FONT = "Latin Modern Math", "1.959", "GUST Font License"
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def third_party_packages() -> list[tuple[str, str, str]]:
    """Name, version and licence of each package that Snaptex uses, by name."""
    found = distributions() if is_bundle() else _required_by("snaptex")
    packages = {(one.name, one.version, licence_name(one)) for one in found if one.name != "snaptex"}
    packages.add(_FONT)
    return sorted(packages, key=lambda package: package[0].lower())


def licences_folder() -> Path | None:
    """Where the licences' texts are; only a bundle brings them, elsewhere they are with their packages."""
    folder = resources_folder().parent / "licences"
    return folder if folder.is_dir() else None


def licence_name(package: Distribution) -> str:
    """The licence that a package names, in its own words."""
    metadata = package.metadata
    named = [str(value).strip() for key in ("License-Expression", "License") for value in metadata.get_all(key) or []]
    for name in named:
        if name and name != "UNKNOWN" and len(name) <= _LONGEST_NAME:
            return name
    classes = [value for value in metadata.get_all("Classifier") or [] if value.startswith("License ::")]
    return ", ".join(value.rpartition(":: ")[2] for value in classes) or "see its files"


def _required_by(name: str) -> list[Distribution]:
    """The installed packages that one needs, those that they need, and so on."""
    found: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        wanted = waiting.pop()
        key = re.sub(r"[-_.]+", "-", wanted).lower()
        if key in found:
            continue
        try:
            found[key] = distribution(wanted)
        except PackageNotFoundError:  # of another platform, or an extra that was not asked for
            continue
        requirements = [line for line in found[key].requires or [] if "extra ==" not in line]
        waiting.extend(match[0] for line in requirements if (match := _NAME.match(line)))
    return list(found.values())
