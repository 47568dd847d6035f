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
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from model.commands import says_errors
from model.data_preparation.formula import SourceError, read_json_lines

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


@dataclass(frozen=True)
class SampleFormula:
    """A formula to evaluate on.

    Attributes:
        identity: Group and number: the name of its image in every set.
        group: What it stands for in the report.
        latex: As the author wrote it.
        tokens: Canonical tokens joined by a space: the label.
        source: The corpus it is from.
    """

    identity: str
    group: str
    latex: str
    tokens: str
    source: str


def draw_sample(records: Iterable[dict[str, str]], *, formulas_per_group: int, seed: int = 0) -> list[SampleFormula]:
    """Draw as many formulas of each group, or all where there are fewer; no formula is in two groups.

    Args:
        records: `latex`, `tokens` and `source` of each formula.
        formulas_per_group: Most formulas of one group.
        seed: Of the draw.
    """
    shuffled = sorted(records, key=lambda record: record["tokens"])
    random.Random(seed).shuffle(shuffled)
    # Formulas with rows are the fewest and choose first.
    by_kind = [[r for r in shuffled if kind.search(r["tokens"])] for kind in _KINDS_OF_ROWS]
    groups: dict[str, list[dict[str, str]]] = {ROWS: []}
    taken: set[str] = set()
    for number, members in enumerate(by_kind):
        share = -(-(formulas_per_group - len(groups[ROWS])) // (len(by_kind) - number))
        chosen = [record for record in members if record["tokens"] not in taken][:share]
        groups[ROWS] += chosen
        taken.update(record["tokens"] for record in chosen)
    for record in shuffled:
        group = GROUP_OF_SOURCE.get(record["source"], record["source"])
        members = groups.setdefault(group, [])
        if group != ROWS and len(members) < formulas_per_group and record["tokens"] not in taken:
            members.append(record)
            taken.add(record["tokens"])
    return [
        SampleFormula(f"{group}-{number:04}", group, record["latex"], record["tokens"], record["source"])
        for group in sorted(groups)
        for number, record in enumerate(groups[group])
    ]


def first_of_each_group(sample: Sequence[SampleFormula], count: int) -> list[SampleFormula]:
    """Take the first formulas of each group, a fair draw because the sample was shuffled."""
    seen: dict[str, int] = {}
    chosen = []
    for formula in sample:
        seen[formula.group] = seen.get(formula.group, 0) + 1
        if seen[formula.group] <= count:
            chosen.append(formula)
    return chosen


def read_sample(path: Path) -> list[SampleFormula]:
    """Read a sample that this command wrote.

    Raises:
        SourceError: It can't be read, or a line is no formula of a sample.
    """
    records = read_json_lines(path, "formula of a sample", **dict.fromkeys(SampleFormula.__dataclass_fields__, str))
    if not records:
        raise SourceError(f"{path} holds no formulas; `python -m model.evaluation.formula_sample` makes a sample.")
    return [SampleFormula(**record) for record in records]


@says_errors(SourceError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="formula_sample", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("splits", nargs="+", type=Path, metavar="SPLIT_FILE", help="held-out files of build_dataset")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--formulas-per-group", type=int, default=60, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    kinds = {"latex": str, "tokens": str, "source": str}
    records = [record for path in options.splits for record in read_json_lines(path, "labelled formula", **kinds)]
    sample = draw_sample(records, formulas_per_group=options.formulas_per_group, seed=options.seed)
    lines = [json.dumps(asdict(formula), ensure_ascii=False) + "\n" for formula in sample]
    options.out.write_text("".join(lines), encoding="utf-8")
    print(f"{len(sample)} formulas in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
