"""Command: trains classifiers to tell the lines of two files apart, and writes how well each does, with each switch.

    python -m model.classification.classify_lists RIGHT.txt WRONG.txt --out build/judges --document judges.md

One example a line, in UTF-8: canonical LaTeX or any text with spaces between its tokens; `--by latex` cuts LaTeX, and
`--by characters` text without spaces. `--out` gets `result.json` and `curves.png`. The runs share a budget of processor
time: each gets the same part of what those before it have left.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from model.classification.fit import Fit, fit
from model.classification.line_lists import CUTS, LinesError, LineSets, make_sets, read_lines
from model.classification.report import Comparison, choices, draw_curves, markdown
from model.commands import says_errors


@says_errors(LinesError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments, train all, and write; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m model.classification.classify_lists", description=__doc__.splitlines()[0]
    )
    parser.add_argument("first", type=Path, help="a list, such as formulas that were read right; one a line")
    parser.add_argument("second", type=Path, help="another list, such as those that were not")
    parser.add_argument("--out", type=Path, required=True, help="folder for result.json and curves.png")
    parser.add_argument("--document", type=Path, help="a Markdown page; its curves go beside it")
    parser.add_argument("--by", choices=list(CUTS), default="words", help="what a token is (%(default)s)")
    parser.add_argument("--most", type=int, default=0, help="lines taken of each list; 0 for all")
    parser.add_argument("--epochs", type=int, default=12, help="the most that are trained (%(default)s)")
    parser.add_argument("--processor-minutes", type=float, default=15.0, help="for all runs together (%(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if options.epochs < 1:
        parser.error("--epochs must be at least 1")
    lists = [read_lines(path, CUTS[options.by]) for path in (options.first, options.second)]
    sets = make_sets(*lists, most=options.most, seed=options.seed)
    fits = fit_all(sets, epochs=options.epochs, processor_seconds=60 * options.processor_minutes, seed=options.seed)
    test = sets.splits["test"].labels
    first_share = float(test.mean())
    comparison = Comparison(
        lines={name: len(lines) for name, lines in sets.splits.items()},
        left_out=sets.left_out,
        chance=max(first_share, 1 - first_share),
        kinds=len(sets.vocabulary),
        epochs=options.epochs,
        fits=fits,
    )
    options.out.mkdir(parents=True, exist_ok=True)
    draw_curves(options.out / "curves.png", comparison)
    comparison.save(options.out / "result.json")
    if options.document is not None:
        write_page(options.document, options.out, comparison)
    best = max(fits, key=lambda one: one.accuracy)
    print(f"{best.choice.classifier} is right most often: {best.accuracy:.3f}, chance {comparison.chance:.3f}")
    if sets.left_out:
        print(f"left out, in both lists or more than once in one: {sets.left_out}")
    return 0


def fit_all(sets: LineSets, *, epochs: int, processor_seconds: float, seed: int) -> tuple[Fit, ...]:
    """Train all choices within a budget; the last classifier, which is the quickest, goes first and leaves most."""
    wanted, fits, left = choices(), [], processor_seconds
    for done, choice in enumerate(tqdm(reversed(wanted), total=len(wanted), desc="classifiers", disable=None)):
        fits.append(fit(choice, sets, epochs=epochs, processor_seconds=left / (len(wanted) - done), seed=seed))
        left -= fits[-1].seconds
    return tuple(reversed(fits))


def write_page(path: Path, out: Path, comparison: Comparison) -> None:
    """Write a page of its own, with the curves beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    curves = path.with_name(f"{path.stem}-curves.png")
    shutil.copyfile(out / "curves.png", curves)
    lines = ["# Two lists told apart", "", *markdown(comparison, curves.name)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
