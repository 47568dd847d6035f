"""Reads the layout of im2latex-100k: `X_formulas.lst` and, beside it, `X_train.lst`, `X_validate.lst`, `X_test.lst`.

The formulas are in Latin-1 and counted from 0; a line of the other lists names a formula's index and an image's stem.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from model.data_preparation.formula import Formula, Losses, read_lines

_IMAGE_FOLDERS = ("formula_images", "images", ".")


def read_im2latex(formula_list: Path, losses: Losses) -> Iterator[Formula]:
    """Yields the formulas that the lists beside a formula list name, or all of it where there are none.

    The source of a formula is the name of the list it is in, such as `im2latex_train`.
    """
    formulas = dict(read_lines(formula_list, losses, encoding="latin-1"))
    prefix = formula_list.name.removesuffix("_formulas.lst")
    lists = [path for path in sorted(formula_list.parent.glob(f"{prefix}_*.lst")) if path != formula_list]
    if not lists:
        yield from (Formula(latex, prefix) for latex in formulas.values())
    for path in lists:
        for _, line in read_lines(path, losses):
            fields = line.split()
            if not fields:
                continue
            if not fields[0].isdecimal():
                losses["malformed line in a list"] += 1
            elif (latex := formulas.get(int(fields[0]))) is None:
                losses["formula index out of range"] += 1
            else:
                yield Formula(latex, path.stem, _find_image(formula_list.parent, fields[1]) if fields[1:] else None)


def _find_image(folder: Path, stem: str) -> str | None:
    name = stem if stem.endswith(".png") else f"{stem}.png"
    candidates = (folder / place / name for place in _IMAGE_FOLDERS)
    return next((str(path) for path in candidates if path.is_file()), None)
