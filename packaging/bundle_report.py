"""Print how large the bundle is, and its ten largest parts: `python bundle_report.py dist/snaptex`."""

import sys
from collections import Counter
from pathlib import Path

_PARTS = 10
_LARGE_FILE = 10_000_000


def parts_of(folder: Path) -> Counter[str]:
    """Bytes of each part: a large file by itself, other files with the folder that they belong to."""
    parts: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        place = path.relative_to(folder)
        size = path.stat().st_size
        below = place.parts[1:] if place.parts[0] == "_internal" else place.parts
        name = place.as_posix() if size >= _LARGE_FILE else "/".join(below[:1])
        if len(below) == 1 and size < _LARGE_FILE:
            name = "small files and libraries of the system"
        parts[name.removeprefix("_internal/")] += size
    return parts


def main(folder: Path) -> None:
    """Print the report."""
    parts = parts_of(folder)
    print(f"{folder}: {sum(parts.values()) / 1e6:.0f} MB in {sum(1 for _ in folder.rglob('*'))} files and folders")
    for name, size in parts.most_common(_PARTS):
        print(f"  {size / 1e6:7.1f} MB  {name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
