"""`python -m model.data_preparation.sample_hard_formulas`: formulas with the tokens that a recogniser reads worst.

What is rare in the corpus is seldom learned well: a network reads nineteen of twenty tokens that come a hundred
thousand times, and half of those that come a thousand times. What is drawn here is rendered beside the rest and shown
in a next stage of training, so that each of the worst tokens is seen about as often as the others of them.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from model.commands import says_errors
from model.data_preparation.formula import Losses, SourceError, read_json_lines, read_lines

_LEAST_FORMULAS = 8
_MISSED_SHARE = 0.1


def missed_shares(readings: Iterable[tuple[Sequence[str], Sequence[str]]]) -> dict[str, float]:
    r"""Count how often each token of the truth is missing from what was read, worst first.

    Args:
        readings: Canonical tokens of the truth, and those that were read.

    Returns:
        The share in [0, 1] of each token that enough formulas hold. `\end` goes with its `\begin` and is left out.
    """
    seen: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    formulas: Counter[str] = Counter()
    for truth, read in readings:
        seen.update(truth)
        formulas.update(set(truth))
        for kind, start, end, _, _ in SequenceMatcher(a=truth, b=read, autojunk=False).get_opcodes():
            if kind in {"replace", "delete"}:
                missed.update(truth[start:end])
    shares = {
        token: missed[token] / count
        for token, count in seen.items()
        if formulas[token] >= _LEAST_FORMULAS and not token.startswith(r"\end{")
    }
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def sample_lines(lines: Sequence[str], tokens: Sequence[str], limit: int, seed: int) -> list[str]:
    """Draw lines of a dataset's split so that each token gets as many formulas; none is drawn twice.

    A token that too few formulas hold gets those, and the result is shorter than `limit`.

    Raises:
        SourceError: A line is no formula.
    """
    generator = random.Random(seed)
    wanted = set(tokens)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        for token in sorted(wanted.intersection(_tokens(line))):
            places[token].append(place)
    drawn: set[int] = set()
    for token in sorted(tokens, key=lambda token: len(places[token])):  # the rarest choose first
        free = [place for place in places[token] if place not in drawn]
        drawn.update(generator.sample(free, min(len(free), limit // len(tokens))))
    result = [lines[place] for place in sorted(drawn)]
    generator.shuffle(result)
    return result


@says_errors(SourceError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    options = _parse(arguments)
    shares = missed_shares(reading for path in options.predictions for reading in _readings(path))
    worst = _worst(shares, options.missed_share)
    lines = sample_lines(
        [line for _, line in read_lines(options.dataset, Losses())], worst, options.limit, options.seed
    )
    options.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{len(lines):,} formulas in {options.out}, for {len(worst)} tokens:")
    print(", ".join(f"{token} {shares[token]:.2f}" for token in worst))
    return 0


def _worst(shares: dict[str, float], least: float) -> list[str]:
    worst = [token for token, share in shares.items() if share >= least]
    if not worst:
        raise SourceError(f"No token is missed in {least:g} of its places.")
    return worst


def _readings(path: Path) -> list[tuple[list[str], list[str]]]:
    records = read_json_lines(path, "prediction of score_packed_images", reference=list, prediction=list)
    return [(one["reference"], one["prediction"]) for one in records]


def _tokens(line: str) -> list[str]:
    try:
        tokens: list[str] = json.loads(line)["tokens"].split(" ")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError("The dataset is no split of build_dataset.") from error
    return tokens


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m model.data_preparation.sample_hard_formulas", description=(__doc__ or "").split(":")[1]
    )
    parser.add_argument("dataset", type=Path, help="a split of build_dataset, as train.jsonl")
    parser.add_argument("predictions", type=Path, nargs="+", help="what score_packed_images --predictions wrote")
    parser.add_argument("--out", type=Path, required=True, help="where to write the formulas, for the renderers")
    parser.add_argument("--limit", type=int, default=10_000, help="most formulas (10,000)")
    parser.add_argument("--seed", type=int, default=0, help="another one draws others (0)")
    parser.add_argument(
        "--missed-share", type=float, default=_MISSED_SHARE, help="a token missed this often is drawn (0.1)"
    )
    options = parser.parse_args(arguments)
    if options.limit < 1:
        parser.error("--limit is a number from 1 up")
    return options


if __name__ == "__main__":
    sys.exit(main())
