"""Measure the search of a large history: `python -m tests.benchmarks.history_search`."""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tqdm import tqdm

# A measurement needs no display; set before Qt starts.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication, QImage

from desktop_app.history.history import History
from desktop_app.history.history_store import HistoryStore, png_of
from desktop_app.snips.copy_format import CopyFormat

_PIECES = (
    r"\frac{a}{b} x^{2} y_{i} + - = \sum_{n=0}^{\infty} \int_{0}^{1} \alpha \beta \Gamma(s) \sqrt{2\pi} f(x) dx".split()
)
_RARE = r"\mathfrak{q}"
# What a user types, letter by letter: from every entry to hardly one, short words and several of them.
_SEARCHES = (
    "",
    "x",
    "\\",
    "qZ",
    "\\f",
    "\\frac",
    "\\frac{a}",
    "\\Gamma dx",
    "mathfrak",
    "fra y",
    "frac qZ",
    "Q",
    "no such formula",
)


def main() -> int:
    """Fill a history and print how long each search takes, in the middle of several and at most."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000, help="how many formulas the history holds")
    parser.add_argument("--repeats", type=int, default=9, help="how often each search is made")
    options = parser.parse_args()
    QGuiApplication.instance() or QGuiApplication(sys.argv)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.sqlite"
        _fill(path, options.entries)
        history = History(path)
        print(f"{history.count()} entries, {path.stat().st_size / 1e6:.0f} MB")
        for text in _SEARCHES:
            for favourites_only in (False, True):
                seconds, processor_seconds = [], []
                for _ in range(options.repeats):
                    started, processor_started = time.perf_counter(), time.process_time()
                    found = history.search(text, favourites_only=favourites_only)
                    seconds.append(time.perf_counter() - started)
                    processor_seconds.append(time.process_time() - processor_started)
                kind = "favourites" if favourites_only else "all"
                print(
                    f"{1000 * median(seconds):6.1f} ms, at most {1000 * max(seconds):6.1f} ms, "
                    f"on the processor {1000 * median(processor_seconds):6.1f} ms: "
                    f"{text!r} in {kind}, {len(found)} shown"
                )
        history.close()
    return 0


def _fill(path: Path, entries: int) -> None:
    store = HistoryStore(path)
    generator = random.Random(1)
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    png = png_of(image)
    with store.transaction():
        for number in tqdm(range(1, entries + 1), disable=None):
            pieces = generator.choices(_PIECES, k=generator.randint(3, 20))
            latex = " ".join([*pieces, *([_RARE] if number % 20_000 == 7 else [])])
            store.execute(
                "INSERT INTO entry (latex, confidence, time, copy_format, device_pixel_ratio, is_favourite) "
                "VALUES (?, 0.9, ?, ?, 1.0, ?)",
                (latex, float(number), CopyFormat.LATEX.value, number % 500 == 0),
            )
            store.execute("INSERT INTO picture (entry_id, png) VALUES (?, ?)", (number, png))
    store.close()


if __name__ == "__main__":
    sys.exit(main())
