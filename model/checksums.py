"""SHA-256 of the files that ship, in a file that `sha256sum --check` reads too: one flipped bit is another network.

The one hard fact: only a folder that has such a file is checked; weights of one's own need none.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

CHECKSUMS_NAME = "SHA256SUMS"

_LINE = re.compile(r"([0-9a-f]{64})  ([\w.-]+)")


class ChecksumError(ValueError):
    """A file is not the one that was shipped; the message is one plain sentence."""


def check_files(folder: Path) -> None:
    """Compare the files of a folder with the checksums in it, if there are any.

    Raises:
        ChecksumError: A file is missing or was changed, or the checksums themselves were.
    """
    path = folder / CHECKSUMS_NAME
    if not path.exists():
        return
    for name, checksum in _read(path).items():
        try:
            is_same = checksum_of(folder / name) == checksum
        except OSError as error:
            raise ChecksumError(f"{folder / name} cannot be read; install Snaptex again.") from error
        if not is_same:
            raise ChecksumError(f"{folder / name} is damaged: it is not the file that was installed.")


def record_checksums(*paths: Path) -> None:
    """Write the checksums of files of one folder that ship, in place of earlier ones; others' stay as they are.

    Raises:
        ChecksumError: The folder's checksums are damaged.
    """
    sums = paths[0].with_name(CHECKSUMS_NAME)
    lines = _read(sums) if sums.exists() else {}
    lines |= {path.name: checksum_of(path) for path in paths}
    text = "".join(f"{checksum}  {name}\n" for name, checksum in sorted(lines.items()))
    sums.write_text(text, encoding="utf-8", newline="\n")


def renew_checksum(path: Path) -> None:
    """Write the checksum of a file that was made anew, where its folder has checksums.

    Raises:
        ChecksumError: The folder's checksums are damaged.
    """
    if path.with_name(CHECKSUMS_NAME).exists():
        record_checksums(path)


def checksum_of(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, ValueError) as error:
        raise ChecksumError(f"{path} cannot be read; install Snaptex again.") from error
    found = [_LINE.fullmatch(line) for line in lines]
    if not found or None in found:
        raise ChecksumError(f"{path} is damaged; install Snaptex again.")
    return {one[2]: one[1] for one in found if one is not None}
