"""Command: formulas with symbols that the corpus is short of -> a split file, which render_formulas draws.

`python -m model.data_preparation.pages.compose_drills data/dataset data/drills.jsonl --each 300`
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from model.commands import says_errors
from model.data_preparation.formula import SourceError
from model.data_preparation.pages.compositions import RARE_SYMBOLS, drill, fragment
from model.data_preparation.pages.corpus import PageCorpus
from model.latex import LatexError, normalise


def compose_drills(corpus: PageCorpus, each: int, fragments: int, seed: int) -> Iterator[dict[str, str]]:
    """Compose `each` formulas for each rare symbol, and fragments: records of a split file, in random order."""
    generator = random.Random(seed)
    symbols = [*(symbol for symbol in RARE_SYMBOLS for _ in range(each)), *([""] * fragments)]
    generator.shuffle(symbols)
    for symbol in symbols:
        latex = drill(generator, corpus, symbol) if symbol else fragment(generator, corpus)
        try:
            tokens = normalise(latex)
        except LatexError:
            continue  # two formulas side by side need not be one, as where both begin with a sign
        yield {"latex": latex, "tokens": " ".join(tokens), "source": "drill"}


@says_errors(SourceError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and write the file; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m model.data_preparation.pages.compose_drills", description=__doc__.splitlines()[0]
    )
    parser.add_argument("dataset", type=Path, help="folder made by build_dataset")
    parser.add_argument("out", type=Path, help="the split file to write")
    parser.add_argument("--split", default="train", choices=("train", "validation", "test"))
    parser.add_argument("--each", type=int, default=300, help="formulas for each symbol (%(default)s)")
    parser.add_argument("--fragments", type=int, default=0, help="of one to four symbols alone (%(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    records = list(
        compose_drills(PageCorpus.load(options.dataset, options.split), options.each, options.fragments, options.seed)
    )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    print(f"{len(records):,} formulas of {len(RARE_SYMBOLS)} symbols in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
