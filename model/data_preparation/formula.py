"""A formula as somebody typed it, a formula with its label, and the reading of files that hold either."""

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


@dataclass(frozen=True)
class LabelledFormula:
    """A formula with its label, in a split of the data set as in a set to evaluate on.

    Attributes:
        latex: As the author wrote it; this is typeset.
        tokens: Canonical tokens joined by a space; this is the label.
        source: The corpus it is from.
        split: The split it belongs to.
        identity: Names it, and its image, in every evaluation set.
        group: What it stands for in the report of an evaluation.
        image: The file of an image that shows it; an empty path where there is none.
    """

    latex: str
    tokens: str
    source: str
    split: str = ""
    identity: str = ""
    group: str = ""
    image: Path = Path()


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


def read_labelled(path: Path, *, split: str = "") -> list[LabelledFormula]:
    """Returns the formulas of a split file, or of a sample to evaluate on.

    Args:
        path: The file, one formula a line.
        split: What a formula belongs to whose line does not say so.

    Raises:
        SourceError: The file cannot be read, or a line is no labelled formula.
    """
    records = read_json_lines(path, "labelled formula", latex=str, tokens=str, source=str)
    return [
        LabelledFormula(
            latex=one["latex"],
            tokens=one["tokens"],
            source=one["source"],
            split=one.get("split", split),
            identity=one.get("identity", ""),
            group=one.get("group", ""),
        )
        for one in records
    ]


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
