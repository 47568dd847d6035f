"""`python -m model.evaluation.image_match`: how many readings TeX draws as it draws the true formula.

The measure by which im2latex-100k is scored (Deng et al. 2017, "Image-to-markup generation with coarse-to-fine
attention"), taken strictly: both formulas are set in canonical spelling, in Computer Modern at 200 dpi, and not one
pixel may differ. Formulas that cannot be told apart by looking count as right, whatever their tokens.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import ImageChops

from model.commands import says_errors
from model.data_preparation.font_setups import Look
from model.data_preparation.formula import SourceError, read_json_lines
from model.data_preparation.tex_typesetter import FORMULAS_PER_RUN, Typeset, TypesettingError, typeset
from model.latex import join_tokens

_LOOK = Look("tex", "cm", 10, 200, "display")

Pair = tuple[Sequence[str], Sequence[str]]


def image_matches(pairs: Sequence[Pair]) -> list[bool]:
    """Say of each pair of formulas, given by canonical tokens, whether TeX draws both the same.

    What TeX does not set matches nothing but its own tokens.

    Raises:
        TypesettingError: TeX is missing.
    """
    texts = sorted(
        {join_tokens(tokens) for pair in pairs if list(pair[0]) != list(pair[1]) for tokens in pair if tokens}
    )
    drawn: dict[str, Typeset | str] = {}
    for start in range(0, len(texts), FORMULAS_PER_RUN):
        part = texts[start : start + FORMULAS_PER_RUN]
        drawn.update(zip(part, typeset(part, _LOOK), strict=True))

    def is_same(first: Sequence[str], second: Sequence[str]) -> bool:
        if list(first) == list(second):
            return True
        one, other = drawn.get(join_tokens(first)), drawn.get(join_tokens(second))
        if not isinstance(one, Typeset) or not isinstance(other, Typeset) or one.image.size != other.image.size:
            return False
        return ImageChops.difference(one.image, other.image).getbbox() is None

    return [is_same(*pair) for pair in pairs]


@says_errors(TypesettingError, SourceError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m model.evaluation.image_match", description=(__doc__ or "").splitlines()[0].split(": ")[1]
    )
    parser.add_argument("predictions", type=Path, help="what score_packed_images --predictions wrote")
    options = parser.parse_args(arguments)
    kinds = {"reference": list, "prediction": list}
    records = read_json_lines(options.predictions, "prediction of score_packed_images", **kinds)
    if not records:
        raise SourceError(f"{options.predictions} holds no predictions.")
    pairs = [(one["reference"], one["prediction"]) for one in records]
    matches = image_matches(pairs)
    exact = sum(list(first) == list(second) for first, second in pairs)
    print(
        f"{len(pairs):,} formulas: exact match {exact / len(pairs):.4f}, image match {sum(matches) / len(pairs):.4f}; "
        f"{sum(matches) - exact} look the same though their tokens differ"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
