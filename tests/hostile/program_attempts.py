"""Attempts on the program's own parts: images, formulas, the history under kills and faults, and tampered files."""

from __future__ import annotations

import json
import logging
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtGui import QImage

from desktop_app.history.history import History
from desktop_app.settings.settings import Settings
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import Snip
from desktop_app.system.service_token import service_token
from model.formats import FormatError, FormulaFormat
from model.formats.helper_pool import HelperPool
from model.image_transform import ImageError, to_network_input
from model.layout.layout_finder import LAYOUT_NAME, LayoutError, LayoutFinder
from model.recognition.calibration import CALIBRATION_NAME, CalibrationError, load_calibration
from model.recognition.image_file import decode_image
from model.recognition.recogniser import Recogniser, RecogniserError
from model.vocabulary import VocabularyError
from model.weights_file import CheckpointError
from tests.hostile.hostile_formulas import hostile_formulas
from tests.hostile.hostile_images import hostile_images
from tests.hostile.outcome import Outcome
from tests.hostile.tampered_weights import NAMES, VOCABULARY, WEIGHTS, copy_files, tamper

ROOT = Path(__file__).parents[2]
RESOURCES = ROOT / "resources"
_DAY = 86_400.0
_ADDING = """
import sys
from pathlib import Path
from PySide6.QtGui import QImage
from desktop_app.history.history import History
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.snips.snip import Snip
if len(sys.argv) > 2:
    import resource, signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
image = QImage(300, 80, QImage.Format.Format_RGB32)
image.fill(0xFF336699)
history = History(Path(sys.argv[1]))
history.failed.connect(lambda sentence: print("refused", sentence, flush=True))
for number in range(400):
    print("kept", history.add(Snip(image, latex=f"x_{number}"), CopyFormat.LATEX), flush=True)
"""


def try_images(count: int) -> Outcome:
    """Decode damaged files and prepare them for the network: each within 5 s, all within 600 MB."""
    outcome = Outcome("images", 5.0, is_own_work=True)
    for name, content in hostile_images(count, seed=1):
        with outcome.attempt(name) as attempt:
            try:
                to_network_input(decode_image(BytesIO(content)))
            except ImageError as error:
                attempt.refused(str(error))
            else:
                attempt.read()
    if outcome.largest_mb > 600:
        outcome.failures.append(f"images: {outcome.largest_mb:.0f} MB")
    return outcome


def try_formulas(count: int) -> Outcome:
    """Draw each formula as a preview, and write it in every format: a drawing within 2.5 s."""
    outcome = Outcome("formulas", 2.5)
    taking = threading.Lock()
    with HelperPool(3) as pool, ThreadPoolExecutor(2) as threads:  # the third starts while two work

        def work(latex: str) -> None:
            mine = Outcome("formulas", 2.5)
            _try_formula(mine, pool, latex)
            with taking:
                outcome.read += mine.read
                outcome.refused += mine.refused
                outcome.failures += mine.failures
                outcome.too_slow += mine.too_slow
                outcome.slowest = max(outcome.slowest, mine.slowest)

        for _ in range(2):  # the processes load; a formula's time begins afterwards
            pool.draw_preview("x", size=24.0, colour="#000000")
        list(threads.map(work, hostile_formulas(count, seed=2)))
    return outcome


def _try_formula(outcome: Outcome, pool: HelperPool, latex: str) -> None:
    with outcome.attempt(latex) as attempt:
        try:
            pool.draw_preview(latex, size=24.0, colour="#000000")
        except FormatError as error:
            attempt.refused(str(error))
        else:
            attempt.read()
    for formula_format in FormulaFormat:
        text = ""
        try:
            text = pool.write_formula(latex, formula_format)
        except FormatError as error:
            if not str(error).endswith("."):
                outcome.failures.append(f"formulas: {latex[:80]!r}: {error}")
        except Exception as error:  # noqa: BLE001 - it is what is looked for
            outcome.failures.append(f"formulas: {latex[:80]!r} as {formula_format.value}: {error!r}")
        if text and formula_format is FormulaFormat.MATHML:
            tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter()}  # noqa: S314
            if tags & {"script", "img", "a", "style", "iframe"}:
                outcome.failures.append(f"formulas: {latex[:80]!r}: {tags}")


def try_kills(count: int) -> Outcome:
    """Kill a program that fills the history; every entry that it said was kept must be there."""
    outcome = Outcome("kills", 120.0)
    generator = random.Random(3)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.sqlite"
        for number in range(count):
            with outcome.attempt(f"kill {number}") as attempt:
                kept = _killed(path, after=generator.randint(1, 40))
                history = History(path)
                there = {entry.entry_id for entry in history.search(limit=1_000_000)}
                history.close()
                if missing := set(kept) - there:
                    attempt.failed(f"{len(missing)} entries lost")
                else:
                    attempt.read()
    return outcome


def _killed(path: Path, *, after: int) -> list[int]:
    kept = []
    with subprocess.Popen([sys.executable, "-c", _ADDING, str(path)], cwd=ROOT, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        for line in program.stdout:
            if line.startswith(b"kept "):
                kept.append(int(line.split()[1]))
            if len(kept) == after:
                program.send_signal(signal.SIGKILL)
    return kept


def try_faults(count: int) -> Outcome:
    """A full disk, another program that writes, and a wrong clock: nothing that was kept is lost, and it is said."""
    outcome = Outcome("disk, lock, clock", 60.0)
    for number in range(count):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "history.sqlite"
            kind = (_full_disk, _locked, _wrong_clock)[number % 3]
            with outcome.attempt(f"{kind.__name__} {number}") as attempt:
                sentence = kind(path, number)
                attempt.refused(sentence) if sentence else attempt.read()
    return outcome


def _full_disk(path: Path, number: int) -> str:
    limit = 100_000 + 7_000 * number
    done = subprocess.run(
        [sys.executable, "-c", _ADDING, str(path), str(limit)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = done.stdout.splitlines()
    kept = [int(line.split()[1]) for line in lines if line.startswith("kept ")]
    history = History(path)
    there = {entry.entry_id for entry in history.search(limit=1_000_000)}
    history.close()
    if done.returncode or not set(kept) - {0} <= there:
        raise RuntimeError(f"status {done.returncode}: {done.stderr[-300:]}")
    return next((line.partition(" ")[2] for line in lines if line.startswith("refused ")), "")


def _locked(path: Path, number: int) -> str:
    history = History(path)
    history.add(_snip("a"), CopyFormat.LATEX)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.05 * (number % 20), lambda: other.execute("COMMIT")).start()
    said: list[str] = []
    history.failed.connect(said.append)
    entry = history.add(_snip("b"), CopyFormat.LATEX)
    count = history.count()
    history.close()
    time.sleep(0.01)
    other.close()
    if (entry, count) != (2, 2):
        raise RuntimeError(f"lost: {said}")
    return said[0] if said else ""


def _wrong_clock(path: Path, number: int) -> str:
    history = History(path)
    times = (0.0, -1e9, 1e18, 4e9, float(number) * _DAY, time.time())
    for at in times:
        if not history.add(_snip("x"), CopyFormat.LATEX, at=at):
            raise RuntimeError(f"not kept at {at}")
    old, all_of_them = history.count_older_than(30, now=1e12 * number)
    found = len(history.search(limit=100))
    history.close()
    if found != len(times) or not 0 <= old <= all_of_them == found:
        raise RuntimeError(f"{found} entries, {old} old")
    return ""


def try_tampered_files(count: int) -> Outcome:
    """Flip, cut and overwrite the files that the program keeps; each start says what it met and goes on."""
    outcome = Outcome("tampered files", 30.0)
    generator = random.Random(6)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = folder / "whole.sqlite"
        history = History(whole)
        for number in range(60):
            history.add(_snip(f"x_{number}"), CopyFormat.LATEX)
        history.close()
        settings = json.dumps({"Ctrl+Alt+T": "typst"})
        ini = f"[General]\nservice_port=9000\nformat_hotkeys={json.dumps(settings)}\n".encode()
        for number in range(count):
            place = folder / str(number)
            place.mkdir()
            kind = number % (3 + len(NAMES))
            with outcome.attempt(f"{('history', 'settings', 'token', *NAMES)[kind]} {number}") as attempt:
                sentence = ""
                if kind == 0:
                    _tampered_history(place, _tamper(whole.read_bytes(), generator))
                elif kind == 1:
                    (place / "settings.ini").write_bytes(_tamper(ini, generator))
                    kept = Settings(place / "settings.ini")
                    _ = (kept.service_port, kept.format_hotkeys, kept.history_days, kept.language)
                elif kind > 2:
                    sentence = _refusal_of(place, NAMES[kind - 3], generator)
                else:
                    (place / "token").write_bytes(_tamper(b"t" * 32 + b"\n", generator))
                    if len(service_token(place / "token")) < 32:
                        raise RuntimeError("a short token")
                attempt.refused(sentence) if sentence else attempt.read()
            shutil.rmtree(place)
    return outcome


def _refusal_of(place: Path, name: str, generator: random.Random) -> str:
    """Tamper with a file of the recogniser; returns the sentence in which it was refused, if it was."""
    copy_files(RESOURCES, place)
    tamper(place, name, generator)
    try:
        load_calibration(place / CALIBRATION_NAME)
        LayoutFinder.load(place / LAYOUT_NAME)
        Recogniser.load(place / WEIGHTS, place / VOCABULARY, device="cpu")
    except (RecogniserError, CheckpointError, VocabularyError, CalibrationError, LayoutError) as error:
        return str(error)
    return ""


def _tampered_history(place: Path, content: bytes) -> None:
    (place / "history.sqlite").write_bytes(content)
    history = History(place / "history.sqlite")
    entry = history.add(_snip("new"), CopyFormat.LATEX)
    for one in history.search(limit=1000):
        history.image(one.entry_id)
    history.search("x_1")
    newest = history.add(_snip("newer"), CopyFormat.LATEX)
    there = history.entry(newest)
    history.close()
    if not entry or there is None or there.latex != "newer":
        raise RuntimeError("the history took no entry")


def _tamper(content: bytes, generator: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(generator.randint(1, 6)):
        place, length = generator.randrange(len(damaged)), generator.choice((1, 8, 300, 4096))
        damaged[place : place + length] = generator.randbytes(min(length, len(damaged) - place))
    return bytes(damaged[: generator.randrange(len(damaged))] if generator.random() < 0.2 else damaged)


def _snip(latex: str) -> Snip:
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(0xFF336699)
    return Snip(image, latex=latex)


def silence() -> None:
    """What is logged is expected by the thousand."""
    logging.disable(logging.CRITICAL)
