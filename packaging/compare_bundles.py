"""Name the files in which two bundles differ: `python compare_bundles.py dist/snaptex build/second/dist/snaptex`.

The exit status is 1 if there are any.
"""

import filecmp
import sys
from pathlib import Path


def differences(first: Path, second: Path) -> list[str]:
    """The places of files that only one of them has, or that differ in content, kind or permissions."""
    places = {path.relative_to(folder) for folder in (first, second) for path in folder.rglob("*")}
    return [str(place) for place in sorted(places) if not _is_same(first / place, second / place)]


def _is_same(one: Path, other: Path) -> bool:
    if one.is_symlink() or other.is_symlink():
        return one.is_symlink() and other.is_symlink() and one.readlink() == other.readlink()
    if one.is_dir() or other.is_dir():
        return one.is_dir() and other.is_dir()
    if not (one.is_file() and other.is_file()) or one.stat().st_mode != other.stat().st_mode:
        return False
    return filecmp.cmp(one, other, shallow=False)


if __name__ == "__main__":
    found = differences(Path(sys.argv[1]), Path(sys.argv[2]))
    for place in found:
        print(f"differs: {place}")
    print(f"{len(found)} files differ.")
    sys.exit(bool(found))
