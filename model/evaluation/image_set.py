"""Images with labels in a folder: what one evaluation set is.

The one hard fact: images are kept as the user would snip them, before any transform, so that reading them goes the
whole way of a snip. `set.json` is written last; a folder without one is not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from model.data_preparation.formula import LabelledFormula


class ImageSetError(ValueError):
    """A folder holds no evaluation set, or a damaged one; the message is one plain sentence."""


@dataclass(frozen=True)
class ImageSet:
    """An evaluation set.

    Attributes:
        name: Of the set and of its folder.
        formulas: In the order of the sample; of each its identity, its label, its source and its image.
        dropped: How many formulas are missing, by reason.
        made_of: What the set was made of and how; a set made of something else is made anew.
    """

    name: str
    formulas: list[LabelledFormula]
    dropped: dict[str, int]
    made_of: str


def write_set(
    folder: Path,
    images: Iterable[tuple[LabelledFormula, Image.Image]],
    *,
    dropped: Mapping[str, int],
    made_of: str,
) -> ImageSet:
    """Write a set; what was in the folder before is replaced.

    Args:
        folder: Of the set; its name is the set's.
        images: Each formula with its image.
        dropped: How many formulas are missing, by reason; may be filled while `images` is consumed.
        made_of: See `ImageSet`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    labels = []
    for formula, image in images:
        image.save(folder / f"{formula.identity}.png", compress_level=3)
        labels.append({"identity": formula.identity, "tokens": formula.tokens, "source": formula.source})
    facts = {"made_of": made_of, "dropped": dict(dropped), "labels": labels}
    (folder / "set.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")
    return read_set(folder)


def read_set(folder: Path) -> ImageSet:
    """Read a set.

    Raises:
        ImageSetError: There is none, or it is damaged.
    """
    try:
        facts = json.loads((folder / "set.json").read_text(encoding="utf-8"))
        formulas = [
            LabelledFormula(latex="", **label, image=folder / f"{label['identity']}.png") for label in facts["labels"]
        ]
        return ImageSet(folder.name, formulas, facts["dropped"], facts["made_of"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ImageSetError(f"{folder} holds no evaluation set; `make evaluate` makes them.") from error


def open_image(formula: LabelledFormula) -> Image.Image:
    """Read the image of a formula."""
    with Image.open(formula.image) as image:
        image.load()
        return image


def is_made_of(folder: Path, made_of: str) -> bool:
    """Say whether a complete set of exactly this is there."""
    try:
        return read_set(folder).made_of == made_of
    except ImageSetError:
        return False
