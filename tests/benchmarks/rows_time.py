"""`python -m tests.benchmarks.rows_time`: how much longer five rows take than the longest of them alone.

Samples of one line and about one height are set below one another, flush left, as a display has its rows; every group
is read whole, and each of its rows by itself, in turn.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from PIL import Image

from model.recognition.recogniser import Recogniser
from tests.benchmarks.recognition_speed import ROOT, describe_machine
from tests.benchmarks.samples import SAMPLES

_ROWS = 5
_HEIGHTS = 22, 60
"""Of a line, in pixels."""

_GAP = 16
_TIMES = 3
_WEIGHTS = ROOT / "resources" / "weights.safetensors"


def stacked(rows: list[Image.Image]) -> Image.Image:
    """Return the rows below one another on paper of the first one's shade."""
    width, height = max(row.width for row in rows) + 2 * _GAP, sum(row.height + _GAP for row in rows) + _GAP
    page = Image.new("L", (width, height), int(np.median(np.asarray(rows[0]))))
    top = _GAP
    for row in rows:
        page.paste(row, (_GAP, top))
        top += row.height + _GAP
    return page


def main() -> int:
    """Print the figures; returns the exit status."""
    recogniser = Recogniser.load(_WEIGHTS, _WEIGHTS.with_name("vocabulary.json"), device="cpu")
    images = [_grey(path) for path in sorted(SAMPLES.resolve().rglob("*.png"))]
    lines = [one for one in images if _HEIGHTS[0] <= one.height <= _HEIGHTS[1]]
    lines = [one for one in lines if len(recogniser.recognise(one).lines) == 1 and np.median(np.asarray(one)) > 128]
    lines.sort(key=lambda one: one.width)
    ratios, whole, alone = [], [], []
    for start in range(0, len(lines) - _ROWS + 1, _ROWS):
        rows = lines[start : start + _ROWS]
        page = stacked(rows)
        if len(recogniser.recognise(page).lines) != _ROWS:
            continue  # these were not told apart, or joined
        whole.append(_seconds(recogniser, page))
        alone.append(max(_seconds(recogniser, row) for row in rows))
        ratios.append(whole[-1] / alone[-1])
    print(f"Machine: {describe_machine()}. {len(ratios)} displays of {_ROWS} rows.")
    print(f"  {1000 * median(whole):.0f} ms, the longest row alone {1000 * median(alone):.0f} ms (medians);")
    print(f"  {median(ratios):.2f} times as long in the median, {max(ratios):.2f} at most")
    return 0


def _grey(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("L")


def _seconds(recogniser: Recogniser, image: Image.Image) -> float:
    times = []
    for _ in range(_TIMES):
        started = perf_counter()
        recogniser.recognise(image)
        times.append(perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    sys.exit(main())
