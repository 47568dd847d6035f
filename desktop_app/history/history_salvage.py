"""Reads out of a damaged history what can still be read, entry by entry.

The one hard fact: SQLite refuses a command that meets a damaged page, and everything behind it with it, while single
rows elsewhere in the file are whole. So each row is asked for by its number.
"""

import logging
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

logger = logging.getLogger(__name__)

COLUMNS = (
    "entry_id", "latex", "confidence", "time", "copy_format", "is_favourite", "device_pixel_ratio", "trust", "number",
)  # fmt: skip
_MOST_ENTRIES = 1_000_000
_SIDE_FILES = ("-wal", "-shm")

READING_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What reading a damaged file ends in; the second where SQLite's own message quotes what it met there."""

SalvagedRow = tuple[tuple[object, ...], bytes | None]


def side_files(path: Path) -> list[Path]:
    """The files that SQLite keeps beside a database, where there are any."""
    return [side for ending in _SIDE_FILES if (side := path.with_name(path.name + ending)).exists()]


def salvaged_rows(damaged: Path) -> Iterator[SalvagedRow]:
    """The values of each entry that can be read, in the order of COLUMNS, and its image where that can be.

    The damaged file itself is left as it is: a copy is opened, with what SQLite had not yet brought into it.
    """
    with tempfile.TemporaryDirectory(prefix="snaptex-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "history.sqlite"
        try:
            shutil.copyfile(damaged, copy)
            for side in side_files(damaged):
                if side.name.endswith("-wal"):
                    shutil.copyfile(side, copy.with_name(copy.name + "-wal"))
            with closing(sqlite3.connect(copy)) as connection:
                yield from _rows(connection)
        except (OSError, *READING_ERRORS):
            logger.warning("Nothing more can be read from %s.", damaged, exc_info=True)


def _rows(connection: sqlite3.Connection) -> Iterator[SalvagedRow]:
    connection.execute("PRAGMA writable_schema = ON")  # a damaged definition of an index is no reason to read no table
    known = [row[1] for row in connection.execute("PRAGMA table_info(entry)")]
    columns = ", ".join(name if name in known else f"NULL AS {name}" for name in COLUMNS)
    for number in range(1, _last_number(connection) + 1):
        try:
            row = connection.execute(f"SELECT {columns} FROM entry WHERE entry_id = ?", (number,)).fetchone()  # noqa: S608
        except READING_ERRORS:
            continue
        if row is not None and isinstance(row[1], str) and isinstance(row[3], float | int):
            yield (number, *row[1:]), _image(connection, number)


def _last_number(connection: sqlite3.Connection) -> int:
    """The largest number that an entry may have, by whichever of three places can be read."""
    numbers = [0]
    for command in (
        "SELECT seq FROM sqlite_sequence WHERE name = 'entry'",
        "SELECT max(entry_id) FROM entry",
        "SELECT max(entry_id) FROM picture",
    ):
        try:
            found = connection.execute(command).fetchone()
        except READING_ERRORS:
            continue
        if found and isinstance(found[0], int):
            numbers.append(found[0])
    return min(max(numbers), _MOST_ENTRIES)


def _image(connection: sqlite3.Connection, number: int) -> bytes | None:
    try:
        found = connection.execute("SELECT png FROM picture WHERE entry_id = ?", (number,)).fetchone()
    except READING_ERRORS:
        return None
    return found[0] if found and isinstance(found[0], bytes) else None
