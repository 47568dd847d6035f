"""Command: split files -> the fixed sample of held-out formulas that every evaluation set is made of.

    python -m model.evaluation.formula_sample dataset/test.jsonl dataset/im2latex_val.jsonl --out sample.jsonl

The input is what `build_dataset` wrote. A formula belongs to the group of its source; those with aligned lines,
cases or a matrix may be drawn for the group `rows` first, from the three kinds in equal parts.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from model.commands import says_errors
from model.data_preparation.formula import LabelledFormula, SourceError, read_labelled

ROWS: Final = "rows"
GROUP_OF_SOURCE: Final = {
    "im2latex_val": "im2latex_val",
    "k12": "k12",
    "arxiv_inline": "inline",
    "arxiv_display": "display",
    "arxiv_aligned": ROWS,
}
"""The group of each source; any other source is a group of its own."""

_KINDS_OF_ROWS = (
    re.compile(r"\\begin\{(?:aligned|gathered)\}"),
    re.compile(r"\\begin\{cases\}"),
    re.compile(r"\\begin\{(?:array|[bBpvV]?matrix)\}"),
)


_FIELDS = ("identity", "group", "latex", "tokens", "source")
"""What a line of a sample says of a formula."""


def draw_sample(
    formulas: Iterable[LabelledFormula], *, formulas_per_group: int, seed: int = 0
) -> list[LabelledFormula]:
    """Draw as many formulas of each group, or all where there are fewer; no formula is in two groups.

    Args:
        formulas: All that may be drawn.
        formulas_per_group: Most formulas of one group.
        seed: Of the draw.
    """
    shuffled = sorted(formulas, key=lambda formula: formula.tokens)
    random.Random(seed).shuffle(shuffled)
    # Formulas with rows are the fewest and choose first.
    by_kind = [[one for one in shuffled if kind.search(one.tokens)] for kind in _KINDS_OF_ROWS]
    groups: dict[str, list[LabelledFormula]] = {ROWS: []}
    taken: set[str] = set()
    for number, members in enumerate(by_kind):
        share = -(-(formulas_per_group - len(groups[ROWS])) // (len(by_kind) - number))
        chosen = [formula for formula in members if formula.tokens not in taken][:share]
        groups[ROWS] += chosen
        taken.update(formula.tokens for formula in chosen)
    for formula in shuffled:
        group = GROUP_OF_SOURCE.get(formula.source, formula.source)
        members = groups.setdefault(group, [])
        if group != ROWS and len(members) < formulas_per_group and formula.tokens not in taken:
            members.append(formula)
            taken.add(formula.tokens)
    return [
        replace(formula, identity=f"{group}-{number:04}", group=group)
        for group in sorted(groups)
        for number, formula in enumerate(groups[group])
    ]


def first_of_each_group(sample: Sequence[LabelledFormula], count: int) -> list[LabelledFormula]:
    """Take the first formulas of each group, a fair draw because the sample was shuffled."""
    seen: dict[str, int] = {}
    chosen = []
    for formula in sample:
        seen[formula.group] = seen.get(formula.group, 0) + 1
        if seen[formula.group] <= count:
            chosen.append(formula)
    return chosen


def read_sample(path: Path) -> list[LabelledFormula]:
    """Read a sample that this command wrote.

    Raises:
        SourceError: It can't be read, or holds no sample.
    """
    sample = read_labelled(path)
    if not sample or not all(formula.identity and formula.group for formula in sample):
        raise SourceError(f"{path} holds no sample; `python -m model.evaluation.formula_sample` makes one.")
    return sample


@says_errors(SourceError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="formula_sample", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("splits", nargs="+", type=Path, metavar="SPLIT_FILE", help="held-out files of build_dataset")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--formulas-per-group", type=int, default=60, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    formulas = [formula for path in options.splits for formula in read_labelled(path)]
    sample = draw_sample(formulas, formulas_per_group=options.formulas_per_group, seed=options.seed)
    fields = ({name: getattr(formula, name) for name in _FIELDS} for formula in sample)
    lines = [json.dumps(one, ensure_ascii=False) + "\n" for one in fields]
    options.out.write_text("".join(lines), encoding="utf-8")
    print(f"{len(sample)} formulas in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
