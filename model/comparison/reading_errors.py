"""Command: formulas of packed images, half of them with an error as recognisers make them, as two lists of lines.

    python -m model.comparison.reading_errors FOLDER --out build/judges

`right.txt` and `wrong.txt` are canonical tokens with spaces between them. No formula is in both lists, with an error or
without. Errors are made, not read: in most a token becomes one that looks like it; in others one is dropped or comes
twice. An error that no longer parses is not taken: the recogniser's grammar would not let it be written.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from model.commands import says_errors
from model.data_preparation.packed_images import PackedImages, PackedImagesError
from model.latex import LatexError, join_tokens, normalise

_ALIKE = (
    r"x X \times \chi", r"a \alpha", r"B \beta 8", r"r \gamma y Y", r"d \delta \partial 6", r"e \epsilon c",
    r"n \eta h", r"k K \kappa", r"u \mu v V", r"v \nu \gamma", r"p P \rho", r"o O 0", r"l 1 I |", r"z Z 2", r"s S 5",
    r"w W \omega", r"t T +", r"\phi \varphi \psi", r"\theta \Theta 0", r"m n M", r"c C (", r"i j 1", r"q 9 g",
    r"\sum \Sigma", r"\prod \Pi", r"= - \equiv", r"< \leq", r"> \geq", r"\leq \le \lesssim", r", . '", r"\cdot .",
    r"( [ \{", r") ] \}", r"_ ^", r"\hat \tilde \bar", r"\bar \overline", r"\in \epsilon", r"\to \rightarrow =",
    r"b 6 h", r"f t j", r"4 A", r"7 1 )", r"3 8", r"5 6", r"\int f \rfloor",
)  # fmt: skip
_LOOKS_LIKE: dict[str, list[str]] = {}
for _group in _ALIKE:
    for _token in _group.split():
        _LOOKS_LIKE.setdefault(_token, []).extend(other for other in _group.split() if other != _token)

_REPLACED, _DROPPED = 0.7, 0.85
"""Below the first a token is replaced, below the second one is dropped, above both one is repeated."""

_TRIES = 10
_MOST_TOKENS = 3
"""By which an error may change the length: a symbol comes or goes with its braces."""


def misread(tokens: Sequence[str], generator: random.Random) -> list[str] | None:
    """Return a formula with one reading error, in canonical form; None where none was found that parses."""
    alike = [place for place, token in enumerate(tokens) if token in _LOOKS_LIKE]
    for _ in range(_TRIES if tokens else 0):
        kind, changed, place = generator.random(), list(tokens), generator.randrange(len(tokens))
        if kind < _REPLACED and alike:
            place = generator.choice(alike)
            changed[place] = generator.choice(_LOOKS_LIKE[tokens[place]])
        elif kind < _DROPPED:
            del changed[place]
        else:
            changed.insert(place, tokens[place])
        try:
            canonical = normalise(join_tokens(changed))
        except LatexError:
            continue
        # A command that comes twice can take over the rest of the formula; no recogniser does that.
        if canonical and canonical != list(tokens) and abs(len(canonical) - len(tokens)) <= _MOST_TOKENS:
            return canonical
    return None


def right_and_wrong(formulas: Sequence[Sequence[str]], seed: int = 1) -> tuple[list[list[str]], list[list[str]]]:
    """Return one half of the formulas as they are, and the other with an error each."""
    generator = random.Random(seed)
    shuffled = [list(tokens) for tokens in dict.fromkeys(map(tuple, formulas))]
    generator.shuffle(shuffled)
    half = len(shuffled) // 2
    right, wrong = set(map(tuple, shuffled)), []
    for tokens in shuffled[half:]:
        changed = misread(tokens, generator)
        if changed is not None and tuple(changed) not in right:  # else it may be another formula, read right
            wrong.append(changed)
    return shuffled[:half], wrong


@says_errors(PackedImagesError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and write both lists; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m model.comparison.reading_errors", description=__doc__.splitlines()[0]
    )
    parser.add_argument("images", type=Path, help="folder of packed images")
    parser.add_argument("--out", type=Path, required=True, help="folder for right.txt and wrong.txt")
    parser.add_argument("--most", type=int, default=20_000, help="formulas taken (%(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    pack = PackedImages(options.images)
    formulas = [pack.tokens(index) for index in range(min(len(pack), options.most))]
    options.out.mkdir(parents=True, exist_ok=True)
    for name, lines in zip(("right", "wrong"), right_and_wrong(formulas, options.seed), strict=True):
        text = "".join(f"{' '.join(tokens)}\n" for tokens in lines)
        (options.out / f"{name}.txt").write_text(text, encoding="utf-8")
        print(f"{name}: {len(lines)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
