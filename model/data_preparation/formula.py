"""What the readers of raw sources yield: formulas as typed, and a count of what they could not read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# How many entries were lost while reading, by reason.
Losses = Counter[str]

NOT_UTF8 = "not UTF-8"
_BINARY_PROBE = 8192


class SourceError(ValueError):
    """A source that cannot be read; names the file and what is wrong with it."""


@dataclass(frozen=True)
class Formula:
    """One formula as somebody typed it.

    Attributes:
        latex: Its source, unchanged.
        source: Name of the collection it comes from.
        image: Path of an image that shows it, where the collection has one.
    """

    latex: str
    source: str
    image: str | None = None


def read_bytes(path: Path) -> bytes:
    """Returns what a text file holds.

    Raises:
        SourceError: It is missing, unreadable or no text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    if b"\0" in content[:_BINARY_PROBE]:
        raise SourceError(f"{path} is not a text file")
    return content


def read_json_lines(path: Path, what: str, **fields: type) -> list[dict[str, Any]]:
    """Returns the objects of a file of JSON lines.

    Args:
        path: The file, in UTF-8.
        what: What each line is, for the error.
        fields: What an object has at least, and of which type.

    Raises:
        SourceError: The file cannot be read, or a line is no such object.
    """
    try:
        text = path.read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} can't be read: {error}.") from error
    records = []
    for number, line in enumerate(text.split("\n") if text else (), start=1):
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            record = None
        if not isinstance(record, dict) or not all(isinstance(record.get(name), kind) for name, kind in fields.items()):
            raise SourceError(f"Line {number} of {path} is no {what}.")
        records.append(record)
    return records


def read_lines(path: Path, losses: Losses, *, encoding: str = "utf-8") -> Iterator[tuple[int, str]]:
    r"""Yields the lines of a text file with their numbers from 0; a line in another encoding is counted as lost.

    Only `\n` and `\r\n` end a line: formulas of old collections contain form feeds and lone carriage returns.
    """
    content = read_bytes(path).removeprefix(b"\xef\xbb\xbf")
    for number, line in enumerate(content.removesuffix(b"\n").split(b"\n") if content else ()):
        try:
            yield number, line.removesuffix(b"\r").decode(encoding)
        except UnicodeDecodeError:
            losses[NOT_UTF8] += 1
