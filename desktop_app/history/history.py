"""History: every snip with its image and formula, in one SQLite file that a kill at any moment leaves whole.

Images have a table of their own, so that a search never reads past them. The index holds every three letters that
stand together, because a formula is looked for by a part of it, such as `frac{a`; it knows no difference of case.
"""

import logging
import math
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TypeVar

import platformdirs
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Signal
from PySide6.QtGui import QImage

from desktop_app.history.history_salvage import COLUMNS, salvaged_rows, side_files
from desktop_app.history.history_store import (
    HistoryStore,
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    image_of,
    piece,
    png_of,
)
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import Snip
from model.recognition.calibration import ConfidenceLevel

logger = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")

_DAY_SECONDS = 86_400
_PATIENCE_SECONDS = 10.0
_INDEXED_LETTERS = 3  # a shorter word is in the index of pieces
_MANY = 1000  # entries that can be looked into one by one


@dataclass(frozen=True)
class HistoryEntry:
    """One formula of the history, without its image."""

    entry_id: int
    latex: str
    confidence: float  # nan where the recogniser said none
    time: float  # seconds since 1970
    copy_format: str  # the value of a CopyFormat, perhaps one of a later version
    is_favourite: bool
    device_pixel_ratio: float  # of the screen the image was taken from
    trust: ConfidenceLevel | None = None  # none for what a user wrote, and what earlier versions read
    number: str = ""  # of the equation

    def as_snip(self, image: QImage) -> Snip:
        """The snip that it was, with its image."""
        snip = Snip(image, self.device_pixel_ratio, self.latex, self.confidence, confidence_level=self.trust)
        return replace(snip, number=self.number)


def history_path() -> Path:
    """The file of this person's history."""
    return platformdirs.user_data_path("snaptex", appauthor=False) / "history.sqlite"


class History(QObject):
    """The snips made so far.

    Signals:
        changed: Entries were added, changed or removed.
        failed(str): The history did not do what it was asked; one plain sentence.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        self.path = path or history_path()
        self._store: HistoryStore | None = None

    def add(self, snip: Snip, copy_format: CopyFormat, *, at: float | None = None) -> int:
        """Keep a snip; returns the number of its entry, 0 where it could not be kept."""
        confidence = None if math.isnan(snip.confidence) else snip.confidence
        trust = None if snip.confidence_level is None else snip.confidence_level.value
        when = time.time() if at is None else at
        values = (snip.latex, confidence, when, copy_format.value, snip.device_pixel_ratio, trust, snip.number)

        def insert(store: HistoryStore) -> int:
            columns = "latex, confidence, time, copy_format, device_pixel_ratio, trust, number"
            command = f"INSERT INTO entry ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
            entry_id = store.execute(command, values).lastrowid or 0
            store.execute("INSERT INTO picture (entry_id, png) VALUES (?, ?)", (entry_id, png_of(snip.image)))
            return entry_id

        return self._change(insert, otherwise=0)

    def search(
        self, text: str = "", *, favourites_only: bool = False, limit: int = 200, before: int | None = None
    ) -> list[HistoryEntry]:
        """The newest entries that have every word of the text in their LaTeX.

        Args:
            text: Words, parts of words and commands; none for all entries.
            favourites_only: Leave the others out.
            limit: No more than so many.
            before: Only entries older than the one of this number, for the next page.
        """
        words = text.replace("\0", " ").split()

        def select(store: HistoryStore) -> list[HistoryEntry]:
            # Favourites are few and have an index of their own.
            index = "" if favourites_only or not words else _index_for(store, words)
            conditions, values = _conditions(words, index)
            # The index is asked for the order and the page too: it would else run through every newer entry that fits.
            number = f"{index}.rowid" if index else "entry_id"
            tables = f"{index} JOIN entry ON entry_id = {index}.rowid" if index else "entry"
            if favourites_only:
                conditions.append("is_favourite")
            if before is not None:
                conditions.append(f"{number} < ?")
                values.append(before)
            where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
            # Only names from this module are put into the command; what a user typed goes in as values.
            command = f"SELECT {_COLUMNS} FROM {tables} {where} ORDER BY {number} DESC LIMIT ?"  # noqa: S608
            return [_entry(row) for row in store.execute(command, (*values, limit))]

        none: list[HistoryEntry] = []
        return self._ask(select, otherwise=none)

    def entry(self, entry_id: int) -> HistoryEntry | None:
        """One entry, unless it was removed."""

        def select(store: HistoryStore) -> HistoryEntry | None:
            row = store.execute(f"SELECT {_COLUMNS} FROM entry WHERE entry_id = ?", (entry_id,)).fetchone()  # noqa: S608
            return _entry(row) if row else None

        return self._ask(select, otherwise=None)

    def image(self, entry_id: int) -> QImage:
        """The image of an entry; a null image where there is none."""

        def select(store: HistoryStore) -> QImage:
            row = store.execute("SELECT png FROM picture WHERE entry_id = ?", (entry_id,)).fetchone()
            return image_of(row[0]) if row else QImage()

        return self._ask(select, otherwise=QImage())

    def count(self) -> int:
        """How many entries there are."""
        return self._ask(lambda store: int(store.execute("SELECT count(*) FROM entry").fetchone()[0]), otherwise=0)

    def set_latex(self, entry_id: int, latex: str) -> None:
        """Give an entry the formula that a user wrote, which has no confidence and no mark; its number stays."""
        command = "UPDATE entry SET latex = ?, confidence = NULL, trust = NULL WHERE entry_id = ?"
        self._change_each(command, [(latex, entry_id)])

    def set_reading(self, snip: Snip) -> None:
        """Give the entry of a snip the formula that was read anew."""
        sureness = None if math.isnan(snip.confidence) else snip.confidence
        trust = None if snip.confidence_level is None else snip.confidence_level.value
        command = "UPDATE entry SET latex = ?, confidence = ?, trust = ?, number = ? WHERE entry_id = ?"
        self._change_each(command, [(snip.latex, sureness, trust, snip.number, snip.entry_id)])

    def set_favourite(self, entry_id: int, is_favourite: bool) -> None:
        """Make an entry a favourite, or none; favourites are kept whatever their age."""
        self._change_each("UPDATE entry SET is_favourite = ? WHERE entry_id = ?", [(is_favourite, entry_id)])

    def remove(self, entry_ids: Sequence[int]) -> None:
        """Forget entries and their images."""
        self._change_each("DELETE FROM entry WHERE entry_id = ?", [(one,) for one in entry_ids])

    def clear(self) -> None:
        """Forget everything, and give the disk its space back."""
        self._change_each("DELETE FROM entry", [()])
        self._ask(lambda store: store.execute("VACUUM"), otherwise=None)

    def count_older_than(self, days: int, *, now: float | None = None) -> tuple[int, int]:
        """How many entries `forget_older_than` would forget, and of how many that are no favourites."""
        oldest = (time.time() if now is None else now) - days * _DAY_SECONDS

        def select(store: HistoryStore) -> tuple[int, int]:
            command = "SELECT count(*) FILTER (WHERE time < ?), count(*) FROM entry WHERE NOT is_favourite"
            old, all_of_them = store.execute(command, (oldest,)).fetchone()
            return int(old), int(all_of_them)

        return self._ask(select, otherwise=(0, 0))

    def forget_older_than(self, days: int, *, now: float | None = None) -> None:
        """Forget entries of more than so many days, but for favourites; 0 days forgets none."""
        if days > 0:
            oldest = (time.time() if now is None else now) - days * _DAY_SECONDS
            self._change_each("DELETE FROM entry WHERE time < ? AND NOT is_favourite", [(oldest,)])

    def close(self) -> None:
        """Leave the file."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _change_each(self, command: str, rows: Sequence[Sequence[object]]) -> None:
        self._change(lambda store: store.connection.executemany(command, rows), otherwise=None)

    def _change(self, step: Callable[[HistoryStore], _Answer], *, otherwise: _Answer) -> _Answer:
        """Take a step that changes entries, whole or not at all."""

        def in_transaction(store: HistoryStore) -> tuple[_Answer, bool]:
            with store.transaction():
                return step(store), True

        answer, has_changed = self._ask(in_transaction, otherwise=(otherwise, False))
        if has_changed:
            self.changed.emit()
        return answer

    def _ask(self, step: Callable[[HistoryStore], _Answer], *, otherwise: _Answer) -> _Answer:
        """Take a step; whatever goes wrong ends here as one sentence. A new file in place of a damaged one is asked."""
        until = time.monotonic() + _PATIENCE_SECONDS
        damages = 0
        while damages < 2:
            try:
                if self._store is None:
                    self._store = HistoryStore(self.path)
                with self._store.errors_named():
                    return step(self._store)
            except StoreDamagedError:
                logger.exception("The history at %s is damaged.", self.path)
                damages += 1
                if not self._set_aside():
                    break
            except StoreBusyError as error:
                if time.monotonic() > until:
                    logger.exception("The history at %s is in use.", self.path)
                    self.failed.emit(str(error))
                    break
                # The windows are painted meanwhile; what is kept is told only when it stands in the file.
                QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            except StoreError as error:
                logger.exception("The history at %s was not used.", self.path)
                self.failed.emit(str(error))
                break
        return otherwise

    def _set_aside(self) -> bool:
        """Keep the damaged file for whoever can mend it, so that a new one can begin."""
        self.close()
        aside = self._name_aside()
        try:
            # What SQLite keeps beside the file belongs to it; a new one must not read it.
            for side in side_files(self.path):
                side.replace(aside.with_name(aside.name + side.name.removeprefix(self.path.name)))
            self.path.replace(aside)
        except OSError:
            logger.exception("The damaged history can't be moved.")
            self.failed.emit(self.tr("The history is damaged and can't be moved away: {path}").format(path=self.path))
            return False
        kept = self._salvage(aside)
        sentence = self.tr(
            "The history was damaged. Entries that came over into a new one: {count}. The old file is kept as {name}."
        )
        self.failed.emit(sentence.format(count=kept, name=aside.name))
        return True

    def _name_aside(self) -> Path:
        stem = f"history-damaged-{time.strftime('%Y%m%d-%H%M%S')}"
        endings = ("" if number == 1 else f"-{number}" for number in count(1))
        names = (self.path.with_name(f"{stem}{ending}.sqlite") for ending in endings)
        return next(name for name in names if not name.exists())

    def _salvage(self, damaged: Path) -> int:
        """Bring what can be read of the damaged file into a new one; returns how many entries came over."""
        marks = ", ".join("?" * len(COLUMNS))
        insert = f"INSERT OR IGNORE INTO entry ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608
        kept = 0
        try:
            self._store = HistoryStore(self.path)
            with self._store.transaction():
                for values, png in salvaged_rows(damaged):
                    try:
                        self._store.execute(insert, values)
                    except sqlite3.IntegrityError:
                        continue  # the row itself is damaged
                    kept += 1
                    if png is not None:
                        self._store.execute("INSERT INTO picture (entry_id, png) VALUES (?, ?)", (values[0], png))
        except StoreError:
            logger.exception("Nothing came over from the damaged history.")
            return 0
        return kept


_MARKS = {mark.value for mark in ConfidenceLevel}
_COLUMNS = "entry_id, entry.latex, confidence, time, copy_format, is_favourite, device_pixel_ratio, trust, number"
_Row = tuple[int, str, float | None, float, str, int, float, str | None, str | None]


def _entry(row: _Row) -> HistoryEntry:
    entry_id, latex, confidence, when, copy_format, is_favourite, ratio, trust, number = row
    sureness = math.nan if confidence is None else confidence
    mark = ConfidenceLevel(trust) if trust in _MARKS else None  # a later version may have others
    return HistoryEntry(entry_id, latex, sureness, when, copy_format, bool(is_favourite), ratio, mark, number or "")


def _index_for(store: HistoryStore, words: Sequence[str]) -> str:
    """The index that leaves the fewest entries to look into: that of long words, unless the short ones are rare."""
    short = [word for word in words if len(word) < _INDEXED_LETTERS]
    if not short:
        return "formula_index"
    if len(short) == len(words):
        return "piece_index"
    some = "SELECT count(*) FROM (SELECT 1 FROM piece_index WHERE piece_index MATCH ? LIMIT ?)"
    found = store.execute(some, (_pieces(short), _MANY)).fetchone()[0]
    return "piece_index" if found < _MANY else "formula_index"


def _conditions(words: Sequence[str], index: str) -> tuple[list[str], list[str | int]]:
    """What a search asks for, with its values; words that the index does not know are looked for in each entry."""
    asked: list[str] = []
    if index:
        asked = [word for word in words if (len(word) < _INDEXED_LETTERS) == (index == "piece_index")]
    conditions: list[str] = []
    values: list[str | int] = []
    if asked:
        conditions.append(f"{index} MATCH ?")
        values.append(_pieces(asked) if index == "piece_index" else " ".join(map(_quoted, asked)))
    for word in words:
        if word not in asked:
            conditions.append("entry.latex LIKE ? ESCAPE '!'")
            values.append("%" + "".join("!" + one if one in "%_!" else one for one in word) + "%")
    return conditions, values


def _pieces(words: Sequence[str]) -> str:
    return " ".join(f'"{piece(word)}"' for word in words)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
