"""What was snipped is found again, whatever happened to the program or to the file in between."""

import math
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.history.history import History
from desktop_app.history.history_recorder import HistoryRecorder
from desktop_app.history.history_store import HistoryStore
from desktop_app.settings.settings import Settings
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import Snip
from model.recognition.calibration import ConfidenceLevel
from tests.desktop_app.conftest import numbered_image, pixel_numbers

ROOT = Path(__file__).parents[3]
DAY = 86_400.0
# Adds snips without end, and says after each that it is kept.
ADDING_PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtGui import QImage
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.history.history import History
from desktop_app.snips.snip import Snip
image = QImage(300, 80, QImage.Format.Format_RGB32)
image.fill(0xFF336699)
history = History(Path(sys.argv[1]))
while True:
    print(history.add(Snip(image, latex="x + y"), CopyFormat.LATEX), flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite"


@pytest.fixture
def history(qtbot: QtBot, path: Path) -> History:
    return History(path)


def snip(latex: str) -> Snip:
    return Snip(numbered_image(30, 10), device_pixel_ratio=2.0, latex=latex, confidence=0.75)


def found(history: History, text: str = "", **options: bool) -> list[str]:
    return [entry.latex for entry in history.search(text, **options)]


def test_snip_comes_back_whole_after_a_restart(history: History, path: Path) -> None:
    # The image too, to the pixel: it may be recognised again.
    before = snip(r"\frac{1}{2}")
    number = history.add(before, CopyFormat.EQUATION, at=1234.5)
    history.close()
    after = History(path)
    entry = after.entry(number)
    assert entry is not None
    assert (entry.latex, entry.confidence, entry.time) == (r"\frac{1}{2}", 0.75, 1234.5)
    assert (entry.copy_format, entry.is_favourite, entry.device_pixel_ratio) == ("equation", False, 2.0)
    assert (pixel_numbers(after.image(number)) == pixel_numbers(before.image)).all()


def test_search_finds_parts_of_formulas(history: History) -> None:
    for latex in (r"\frac{a}{b}", r"\sqrt{x}", r"\frac{x}{100%}", r"a_1"):
        history.add(snip(latex), CopyFormat.LATEX)
    assert found(history) == [r"a_1", r"\frac{x}{100%}", r"\sqrt{x}", r"\frac{a}{b}"]  # the newest first
    assert found(history, "rac{a") == [r"\frac{a}{b}"]
    assert found(history, r"\FRAC x") == [r"\frac{x}{100%}"]  # every word, any case
    assert found(history, "x") == [r"\frac{x}{100%}", r"\sqrt{x}"]
    assert found(history, "0%") == [r"\frac{x}{100%}"]  # no wildcards
    assert found(history, "_1") == ["a_1"]
    assert found(history, "nothing like it") == []


@pytest.mark.parametrize("text", ['"', '""" OR', "a\0b", "NEAR(", "latex:", "^x*", "!!", "'; DROP TABLE entry; --"])
def test_search_takes_any_text(history: History, qtbot: QtBot, text: str) -> None:
    # The index has a language of its own, and people type whatever a formula has.
    history.add(snip("x + y"), CopyFormat.LATEX)
    with qtbot.assertNotEmitted(history.failed):
        history.search(text)
    assert history.count() == 1


def test_pages_join_without_a_gap(history: History) -> None:
    for number in range(7):
        history.add(snip(f"frac {number}"), CopyFormat.LATEX)
    for text in ("", "frac"):
        first = history.search(text, limit=4)
        second = history.search(text, limit=4, before=first[-1].entry_id)
        assert [entry.latex for entry in first + second] == [f"frac {number}" for number in (6, 5, 4, 3, 2, 1, 0)]


def test_corrected_formula_is_found_by_its_new_text_alone(history: History) -> None:
    number = history.add(snip("alpha"), CopyFormat.LATEX)
    history.set_latex(number, "gamma")
    assert (found(history, "alpha"), found(history, "gamma")) == ([], ["gamma"])
    entry = history.entry(number)
    assert entry is not None
    assert math.isnan(entry.confidence)  # the network's was for another formula


def test_removed_entries_leave_nothing_behind(history: History) -> None:
    # A user deletes what nobody is to see: neither the image nor the index may keep it.
    first, second = (history.add(snip(latex), CopyFormat.LATEX) for latex in ("alpha", "beta"))
    history.remove([first])
    assert (found(history), found(history, "alpha")) == (["beta"], [])
    assert history.image(first).isNull()
    assert not history.image(second).isNull()
    history.clear()
    assert (history.count(), history.image(second).isNull()) == (0, True)


def test_old_entries_are_forgotten_and_favourites_kept(history: History) -> None:
    for latex, age in (("today", 0.5), ("old", 40), ("old favourite", 50)):
        number = history.add(snip(latex), CopyFormat.LATEX, at=100 * DAY - age * DAY)
        history.set_favourite(number, "favourite" in latex)
    history.forget_older_than(0, now=100 * DAY)
    assert history.count() == 3
    history.forget_older_than(30, now=100 * DAY)
    assert sorted(found(history)) == ["old favourite", "today"]
    assert found(history, "old", favourites_only=True) == ["old favourite"]


def test_kill_at_any_moment_loses_nothing_that_was_kept(qtbot: QtBot, path: Path) -> None:
    # Once with a kill soon after the start, once in the middle of the work.
    kept = 0
    for count in (1, 23):
        command = [sys.executable, "-c", ADDING_PROGRAM, str(path)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            for _ in range(count):
                kept = max(kept, int(program.stdout.readline()))
            time.sleep(0.005)  # it is in the middle of a later one by now
            program.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        history = History(path)
        with qtbot.assertNotEmitted(history.failed):
            entries = history.search(limit=100_000)
        assert entries[0].entry_id >= kept
        assert [entry.entry_id for entry in entries] == list(range(len(entries), 0, -1))
        assert not any(history.image(entry.entry_id).isNull() for entry in entries)
        assert HistoryStore(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)
        history.close()


@pytest.mark.parametrize("content", [b"no database at all " * 100, b"SQLite format 3\0" + bytes(4080), b"\xff" * 9000])
def test_damaged_file_is_set_aside_with_a_message(qtbot: QtBot, path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    history = History(path)
    with qtbot.waitSignal(history.failed) as said:
        number = history.add(snip("x"), CopyFormat.LATEX)
    assert "was damaged" in said.args[0]
    assert found(history) == ["x"]  # and the snip that met the damage is kept
    assert number == 1
    aside = list(path.parent.glob("history-damaged-*.sqlite"))
    assert [one.read_bytes() for one in aside] == [content]


def test_damage_in_the_middle_is_met_in_use(qtbot: QtBot, history: History, path: Path) -> None:
    for number in range(200):
        history.add(snip(f"formula {number}"), CopyFormat.LATEX)
    history.close()
    with path.open("r+b") as file:
        for page in range(2, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)
    with qtbot.waitSignal(history.failed) as said:
        history.add(snip("after"), CopyFormat.LATEX)
    assert "was damaged" in said.args[0]
    assert found(history) == ["after"]


def test_what_can_be_read_of_a_damaged_file_comes_over(qtbot: QtBot, history: History, path: Path) -> None:
    # One page was damaged, and the history of years was gone.
    for number in range(400):
        history.add(snip(f"x_{number}"), CopyFormat.LATEX)
    history.set_favourite(7, True)
    history.close()
    content = bytearray(path.read_bytes())
    tables = [page for page in range(1, len(content) // 4096) if content[page * 4096] == 0x0D]  # leaves with rows
    for page in tables[len(tables) // 2 : len(tables) // 2 + 1]:
        content[page * 4096 : (page + 1) * 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    with qtbot.waitSignal(history.failed) as said:
        for number in range(400, 900):  # sooner or later the damage is met
            history.add(snip(f"y_{number}"), CopyFormat.LATEX)
            history.search(f"x_{number - 400}")
            history.image(number - 399)
    kept = int(re.search(r": (\d+)\.", said.args[0])[1])  # type: ignore[index]
    assert kept > 200
    assert history.count() >= kept
    whole = [entry for entry in history.search(limit=1000) if not history.image(entry.entry_id).isNull()]
    assert len(whole) > 200
    for entry in whole[::50]:  # the indexes know them, too
        assert entry.latex in found(history, entry.latex)


def test_name_of_a_table_that_is_no_text_is_damage(qtbot: QtBot, history: History, path: Path) -> None:
    # SQLite quotes the name in its message, and Python cannot read the message.
    history.add(snip("x_1"), CopyFormat.LATEX)
    history.close()
    content = path.read_bytes()
    damaged = content.replace(b"tableentryentry", b"table\xba\xff\xba\xff\xbaentry").replace(
        b"CREATE TABLE entry", b"CREATE no_TABLE  "
    )
    assert damaged.count(b"\xba\xff\xba") == damaged.count(b"no_TABLE") == 1
    path.write_bytes(damaged)
    with qtbot.waitSignal(history.failed) as said:
        assert history.add(snip("y"), CopyFormat.LATEX)
    assert said.args[0].endswith(".")
    assert found(history, "y") == ["y"]


@pytest.mark.parametrize(
    ("word", "damaged"),
    [(b"new.latex", b"new.latdx"), (b"trigram", b"trigvam"), (b"pieces_of(o", b"pheces_of(o"), (b" png ", b" pnh ")],
)
def test_definition_that_says_something_else_is_damage(
    qtbot: QtBot, history: History, path: Path, word: bytes, damaged: bytes
) -> None:
    # Its words are good SQL, so SQLite only said that there is no such thing, at every start anew.
    for number in range(30):
        history.add(snip(f"x_{number}"), CopyFormat.LATEX)
    history.close()
    content = path.read_bytes()
    assert word in content[:8192]
    path.write_bytes(content[:8192].replace(word, damaged) + content[8192:])
    with qtbot.waitSignal(history.failed) as said:
        assert history.add(snip("y"), CopyFormat.LATEX)
    assert "came over" in said.args[0]
    assert len(found(history)) == 31


def test_two_damaged_files_within_a_second_are_both_kept(qtbot: QtBot, path: Path) -> None:
    path.parent.mkdir()
    for content in (b"first damaged file", b"second damaged file", b"third damaged file"):
        path.write_bytes(content * 100)
        history = History(path)
        with qtbot.waitSignal(history.failed):
            history.count()
        history.close()
    assert len(list(path.parent.glob("history-damaged-*.sqlite"))) == 3


@pytest.mark.parametrize("version", [0, 1, 2, -1])
def test_any_start_can_take_the_last_steps_again(qtbot: QtBot, history: History, path: Path, version: int) -> None:
    # The number of the file's version may be lost, as by a program that repairs it; its tables are there all the same.
    history.add(snip("a+b"), CopyFormat.LATEX)
    history.close()
    store = HistoryStore(path)
    store.execute(f"PRAGMA user_version = {version}")
    store.close()
    with qtbot.assertNotEmitted(history.failed):
        assert found(history, "a+b") == ["a+b"]
        assert found(history, "b") == ["a+b"]
        history.add(snip("c"), CopyFormat.LATEX)
    assert found(history) == ["c", "a+b"]


def test_a_change_waits_for_another_program_that_writes(qtbot: QtBot, history: History, path: Path) -> None:
    # Entries were lost to a lock of two seconds.
    history.add(snip("a"), CopyFormat.LATEX)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(3.0, lambda: other.execute("COMMIT")).start()
    with qtbot.assertNotEmitted(history.failed):
        assert history.add(snip("b"), CopyFormat.LATEX) == 2
    assert found(history) == ["b", "a"]
    other.close()


def test_a_wrong_clock_deletes_nothing_unasked(qtbot: QtBot, history: History, settings: Settings) -> None:
    # In the far future everything is old.
    for number in range(30):
        history.add(snip(f"x_{number}"), CopyFormat.LATEX, at=time.time() - 400 * DAY)
    settings.history_days = 30
    recorder = HistoryRecorder(history, settings)
    with qtbot.waitSignal(recorder.forgetting_asked) as asked:
        recorder.forget_old()
    assert asked.args == [30]
    recorder.forget_old()
    assert history.count() == 30
    parent = QWidget()
    qtbot.addWidget(parent)
    box = recorder.ask_before_forgetting(30, parent)
    assert "30" in box.text()
    box.button(box.StandardButton.Yes).click()
    assert history.count() == 0


def test_history_of_a_later_version_is_left_alone(qtbot: QtBot, path: Path) -> None:
    # After a step back to an older Snaptex; setting it aside would look like a loss.
    store = HistoryStore(path)
    store.execute("PRAGMA user_version = 99")
    store.close()
    history = History(path)
    with qtbot.waitSignal(history.failed) as said:
        assert history.search() == []
    assert "later version" in said.args[0]
    assert path.exists()


def test_history_of_the_first_version_gets_room_for_marks(qtbot: QtBot, path: Path) -> None:
    # Version 1 had no marks; what it kept must be there after an update of the program.
    store = HistoryStore(path)
    store.execute("ALTER TABLE entry DROP COLUMN trust")
    store.execute("ALTER TABLE entry DROP COLUMN number")
    store.execute("DROP TABLE piece_index")
    for name in ("pieces_added", "pieces_removed", "pieces_corrected"):
        store.execute(f"DROP TRIGGER {name}")
    store.execute("PRAGMA user_version = 1")
    store.execute("INSERT INTO entry (latex, time, copy_format, device_pixel_ratio) VALUES ('x+y', 5.0, 'latex', 1.0)")
    store.close()
    history = History(path)
    for text in ("x+y", "x"):  # each in an index of its own
        assert [(entry.latex, entry.trust) for entry in history.search(text)] == [("x+y", None)]
    doubtful = replace(snip("z"), confidence_level=ConfidenceLevel.DOUBTFUL, number="3.14")
    number = history.add(doubtful, CopyFormat.LATEX)
    history.close()
    again = History(path)
    assert [entry.trust for entry in again.search()] == [ConfidenceLevel.DOUBTFUL, None]
    assert [entry.number for entry in again.search()] == ["3.14", ""]
    again.set_reading(replace(doubtful, entry_id=number, confidence_level=ConfidenceLevel.SURE, number="A.2"))
    assert again.search()[0].trust is ConfidenceLevel.SURE
    again.set_latex(number, "z+1")  # a user wrote this
    assert again.search()[0].trust is None
    assert again.search()[0].number == "A.2"  # the equation is still that one
    assert again.search()[0].as_snip(numbered_image(3, 3)).number == "A.2"
    again.close()


def test_folder_that_cannot_be_written_is_one_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("where the folder should be")
    history = History(tmp_path / "file" / "history.sqlite")
    with qtbot.waitSignal(history.failed) as said:
        assert history.add(snip("x"), CopyFormat.LATEX) == 0
    assert said.args[0].startswith("There is no folder for the history")


def test_change_is_told(qtbot: QtBot, history: History) -> None:
    # The window shows a snip that was made while it is open.
    with qtbot.waitSignal(history.changed):
        number = history.add(snip("x"), CopyFormat.LATEX)
    with qtbot.waitSignal(history.changed):
        history.set_favourite(number, True)
    with qtbot.assertNotEmitted(history.changed):
        history.search("x")


@given(
    st.lists(st.text("abA\\{ }%é", min_size=1, max_size=8), max_size=8),
    st.lists(st.text("abA\\{}%é", min_size=1, max_size=4), min_size=1, max_size=3),
)
@example(["ab", "a", "abab"], ["b"])
@example([r"\a{b}"], ["a{", "}", r"\a{"])
@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_search_finds_what_looking_at_each_entry_finds(history: History, formulas: list[str], words: list[str]) -> None:
    # Short words, long words and both together are found by three different ways.
    history.clear()
    for latex in formulas:
        history.add(snip(latex), CopyFormat.LATEX)
    expected = [latex for latex in reversed(formulas) if all(_has(latex, word) for word in words)]
    assert found(history, " ".join(words)) == expected


def _has(latex: str, word: str) -> bool:
    return word.lower() in latex.lower()
