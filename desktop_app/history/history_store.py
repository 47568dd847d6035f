"""The file of the history: its tables, its images as PNG, and SQLite's errors as sentences.

Changes go into a write-ahead log first, so that a program killed in the middle of one leaves the file as it was before.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QBuffer, QByteArray, QCoreApplication, QIODevice
from PySide6.QtGui import QImage

from desktop_app.history.history_salvage import side_files
from desktop_app.system.private_files import make_private, make_private_folder

# For a program on another desktop of the same user that is writing just now; the history asks again and again.
_PATIENCE_SECONDS = 0.2
_TABLES = """
    CREATE TABLE IF NOT EXISTS entry (
        entry_id INTEGER PRIMARY KEY AUTOINCREMENT,
        latex TEXT NOT NULL,
        confidence REAL,
        time REAL NOT NULL,
        copy_format TEXT NOT NULL,
        is_favourite INTEGER NOT NULL DEFAULT 0,
        device_pixel_ratio REAL NOT NULL,
        trust TEXT,
        number TEXT
    );
    CREATE INDEX IF NOT EXISTS entry_of_favourite ON entry (entry_id) WHERE is_favourite;
    CREATE TABLE IF NOT EXISTS picture (
        entry_id INTEGER PRIMARY KEY REFERENCES entry ON DELETE CASCADE,
        png BLOB NOT NULL
    );
    CREATE VIRTUAL TABLE IF NOT EXISTS formula_index USING fts5(
        latex, content='entry', content_rowid='entry_id', tokenize='trigram'
    );
    CREATE TRIGGER IF NOT EXISTS entry_added AFTER INSERT ON entry BEGIN
        INSERT INTO formula_index (rowid, latex) VALUES (new.entry_id, new.latex);
    END;
    CREATE TRIGGER IF NOT EXISTS entry_removed AFTER DELETE ON entry BEGIN
        INSERT INTO formula_index (formula_index, rowid, latex) VALUES ('delete', old.entry_id, old.latex);
    END;
    CREATE TRIGGER IF NOT EXISTS entry_corrected AFTER UPDATE OF latex ON entry BEGIN
        INSERT INTO formula_index (formula_index, rowid, latex) VALUES ('delete', old.entry_id, old.latex);
        INSERT INTO formula_index (rowid, latex) VALUES (new.entry_id, new.latex);
    END;
"""
# The other index knows no word of fewer than three letters; this one knows which letters and pairs an entry has.
_PIECES = """
    CREATE VIRTUAL TABLE IF NOT EXISTS piece_index USING fts5(
        pieces, content='', columnsize=0, detail='none', tokenize='ascii'
    );
    CREATE TRIGGER IF NOT EXISTS pieces_added AFTER INSERT ON entry BEGIN
        INSERT INTO piece_index (rowid, pieces) VALUES (new.entry_id, pieces_of(new.latex));
    END;
    CREATE TRIGGER IF NOT EXISTS pieces_removed AFTER DELETE ON entry BEGIN
        INSERT INTO piece_index (piece_index, rowid, pieces) VALUES ('delete', old.entry_id, pieces_of(old.latex));
    END;
    CREATE TRIGGER IF NOT EXISTS pieces_corrected AFTER UPDATE OF latex ON entry BEGIN
        INSERT INTO piece_index (piece_index, rowid, pieces) VALUES ('delete', old.entry_id, pieces_of(old.latex));
        INSERT INTO piece_index (rowid, pieces) VALUES (new.entry_id, pieces_of(new.latex));
    END;
"""
_LATER_COLUMNS = ("trust", "number")  # the first version had neither, the third no number
_INDEXES_ANEW = """
    INSERT INTO formula_index (formula_index) VALUES ('rebuild');
    INSERT INTO piece_index (piece_index) VALUES ('delete-all');
    INSERT INTO piece_index (rowid, pieces) SELECT entry_id, pieces_of(latex) FROM entry;
"""
# What is done later, compiled, and both indexes opened.
_CHECKS = (
    """EXPLAIN INSERT INTO entry (latex, confidence, time, copy_format, device_pixel_ratio, trust, number)
    VALUES ('', 0, 0, '', 1, '', '')""",
    "EXPLAIN INSERT INTO picture (entry_id, png) VALUES (0, x'')",
    "EXPLAIN UPDATE entry SET latex = '', is_favourite = 0",
    "EXPLAIN DELETE FROM entry",
    "SELECT 1 FROM formula_index WHERE formula_index MATCH 'abc' LIMIT 1",
    "SELECT 1 FROM piece_index WHERE piece_index MATCH 'abc' LIMIT 1",
)
_VERSION = 4
_BUSY = sqlite3.SQLITE_BUSY
_DAMAGES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SENTENCES = {
    sqlite3.SQLITE_FULL: QT_TRANSLATE_NOOP("HistoryStore", "The disk is full, so the history was not changed."),
    sqlite3.SQLITE_BUSY: QT_TRANSLATE_NOOP(
        "HistoryStore", "Another program is using the history, so it was not changed."
    ),
    sqlite3.SQLITE_READONLY: QT_TRANSLATE_NOOP(
        "HistoryStore", "The history may not be written, so it was not changed."
    ),
    sqlite3.SQLITE_CANTOPEN: QT_TRANSLATE_NOOP(
        "HistoryStore", "The history can't be opened; the log says where it should be."
    ),
}
_OTHER_ERROR = QT_TRANSLATE_NOOP("HistoryStore", "The history could not be used: {reason}.")


class StoreError(Exception):
    """The history could not be read or changed; the text says why in one sentence."""


class StoreDamagedError(StoreError):
    """The file is no whole database."""


class StoreBusyError(StoreError):
    """Another program is writing."""


class HistoryStore:
    """One open file.

    Attributes:
        connection: To the database; commits only inside transaction().
    """

    def __init__(self, path: Path) -> None:
        try:
            make_private_folder(path.parent)
        except OSError as error:
            raise StoreError(
                QCoreApplication.translate("HistoryStore", "There is no folder for the history: {reason}.").format(
                    reason=error.strerror or error
                )
            ) from error
        with self.errors_named():
            # No implicit transactions: each change begins its own, and VACUUM stands in none.
            self.connection = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)
        make_private(path, *side_files(path))  # SQLite makes the files beside it with the permissions of this one
        try:
            with self.errors_named():
                self._set_up()
        except StoreError:
            self.close()
            raise

    def execute(self, command: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """Run one command."""
        return self.connection.execute(command, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, or nothing of it."""
        with self.errors_named():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def errors_named(self) -> Iterator[None]:
        """SQLite's errors inside become StoreErrors."""
        try:
            yield
        except UnicodeDecodeError as error:  # SQLite's message quotes what it met in the file, which is no text
            raise StoreDamagedError(str(error)) from error
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest of the code tells kinds of one error apart
            if code in _DAMAGES:
                raise StoreDamagedError(str(error)) from error
            if code == _BUSY:
                raise StoreBusyError(QCoreApplication.translate("HistoryStore", str(_SENTENCES[code]))) from error
            if code not in _SENTENCES and not self._is_whole():
                raise StoreDamagedError(str(error)) from error
            sentence = QCoreApplication.translate("HistoryStore", str(_SENTENCES.get(code, _OTHER_ERROR)))
            raise StoreError(sentence.format(reason=error)) from error

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def _set_up(self) -> None:
        self.connection.create_function("pieces_of", 1, _pieces_of, deterministic=True)
        self.execute("PRAGMA journal_mode = WAL")
        self.execute("PRAGMA synchronous = NORMAL")  # a kill loses nothing; a power cut perhaps the last snip
        self.execute("PRAGMA foreign_keys = ON")
        version = self.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            raise StoreError(
                QCoreApplication.translate(
                    "HistoryStore",
                    "The history was written by a later version of Snaptex, so this one leaves it alone.",
                )
            )
        if version == _VERSION:
            self._check_definitions()
            return
        # Whatever version the file says, and however far another start came: each step sees for itself what is missing.
        with self.transaction():
            self._run(_TABLES)
            known = [row[1] for row in self.execute("PRAGMA table_info(entry)")]
            for column in _LATER_COLUMNS:
                if column not in known:
                    self.execute(f"ALTER TABLE entry ADD COLUMN {column} TEXT")
            self._run(_PIECES)
            self._run(_INDEXES_ANEW)
            self.execute(f"PRAGMA user_version = {_VERSION}")

    def _check_definitions(self) -> None:
        """Find damage to the definitions of tables, indexes and triggers here, and not in the middle of use.

        Raises:
            StoreDamagedError: One says something else than what this program wrote.
        """
        try:
            for command in _CHECKS:
                self.execute(command).fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
                raise StoreDamagedError(str(error)) from error
            raise

    def _is_whole(self) -> bool:
        """Whether all pages of the file fit together; asked after an error that no command explains."""
        try:
            return bool(self.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        except sqlite3.Error:
            return False

    def _run(self, script: str) -> None:
        """Run several commands inside of a transaction; sqlite3's own way to do so would end it first."""
        command = ""
        for line in script.splitlines():
            command += line + "\n"
            if sqlite3.complete_statement(command):
                self.execute(command)
                command = ""


def piece(word: str) -> str:
    """The name under which the index of pieces knows one or two letters, whatever their case."""
    return "x".join(f"{ord(letter):x}" for letter in word.lower())


def _pieces_of(latex: str) -> str:
    """Every letter and every two letters that stand together, as the words of an index."""
    text = " ".join(latex.lower().split())
    pairs = {pair for pair in map("".join, pairwise(text)) if " " not in pair}
    return " ".join(map(piece, sorted({*text, *pairs} - {" "})))


def png_of(image: QImage) -> bytes:
    """An image as the bytes of a PNG file."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # PySide reads the format as a string, whatever its hints say.
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


def image_of(png: Any) -> QImage:
    """The image in such bytes; a null image where they are none."""
    return QImage.fromData(png) if isinstance(png, bytes) else QImage()
