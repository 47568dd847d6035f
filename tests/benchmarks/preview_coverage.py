"""Measure how many formulas of a file, one a line, get a preview: `python -m tests.benchmarks.preview_coverage F`."""

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

from tqdm import tqdm

# A measurement needs no display; set before Qt starts.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QColor, QGuiApplication

from desktop_app.rendering.formula_renderer import render_formula
from model.formats import FormatError
from model.latex import LatexError, format_latex, normalise


def main() -> int:
    """Draw each formula as the app would receive it, and print the share drawn and why the others were not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="formulas in LaTeX, one a line")
    parser.add_argument("--limit", type=int, help="stop after this many formulas")
    parser.add_argument("--show", type=int, default=10, help="how many formulas without a preview to print")
    options = parser.parse_args()
    QGuiApplication.instance() or QGuiApplication(sys.argv)

    colour = QColor("black")
    malformed = 0
    drawn = 0
    refused: list[tuple[str, str]] = []
    for line in tqdm(options.file.read_text(encoding="utf-8").splitlines()[: options.limit], disable=None):
        try:
            latex = format_latex(normalise(line))
        except LatexError:
            malformed += 1
            continue
        try:
            render_formula(latex, 24, colour)
        except FormatError as error:
            refused.append((str(error), latex))
        else:
            drawn += 1

    total = drawn + len(refused)
    print(f"{drawn} of {total} formulas have a preview: {drawn / max(total, 1):.2%} ({malformed} malformed left out)")
    for reason, count in Counter(reason for reason, _ in refused).most_common():
        print(f"{count:6}  {reason}")
    for reason, latex in refused[: options.show]:
        print(f"{reason}  {latex}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
