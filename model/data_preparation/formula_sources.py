"""Reads formulas from the files people keep them in; which layout it is shows from the files themselves.

Plain text has one formula a line; JSON lines are what `collect_formulas` writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


class SourceError(ValueError):
    """A source that cannot be read; names the file and what is wrong with it."""


@dataclass(frozen=True)
class Formula:
    """One formula as somebody typed it.

    Attributes:
        latex: Its source, unchanged.
        source: Name of the collection it comes from.
        image: Picture that shows it, where the collection has one.
    """

    latex: str
    source: str
    image: str | None = None


def read_formulas(path: Path) -> Iterator[Formula]:
    """Yields the formulas of a file of one formula a line, or of JSON lines.

    Raises:
        SourceError: The file is missing, not UTF-8, or a JSON line is malformed.
    """
    for number, line in enumerate(_read_text(path).splitlines(), start=1):
        if path.suffix != ".jsonl":
            yield Formula(line, path.stem)
        elif line.strip():
            yield _from_json(line, f"{path}, line {number}", path.stem)


def write_json_lines(path: Path, lines: Iterable[Mapping[str, object]]) -> None:
    """Writes one JSON object a line; the file appears whole or not at all."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    part.replace(path)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 text (byte {error.start})") from error


def _from_json(line: str, place: str, default_source: str) -> Formula:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise SourceError(f"{place}: not JSON ({error.msg})") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("latex"), str):
        raise SourceError(f'{place}: no "latex" text in it')
    image = fields.get("image")
    return Formula(fields["latex"], str(fields.get("source") or default_source), str(image) if image else None)
