"""Finds out how a source keeps its formulas and reads it.

A file has one formula a line, or is `.jsonl` as `collect_formulas` writes it, or `.tex`; a folder holds the
im2latex-100k lists, LaTeX documents, images with labels of the same stem, or files of one formula a line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from model.data_preparation.formula import Formula, Losses, SourceError, read_lines
from model.data_preparation.image_label_pairs import find_pairs, read_pairs
from model.data_preparation.tex_sources import is_document, read_tex_files

_FORMULA_LIST = "*_formulas.lst"
_IMAGE_FOLDERS = ("formula_images", "images", ".")


def read_formulas(path: Path, losses: Losses) -> Iterator[Formula]:
    """Yields the formulas of a source and counts in `losses` what had to be passed over.

    Raises:
        SourceError: The source is missing, is of no known layout, or a JSON line is malformed.
    """
    if not path.exists():
        raise SourceError(f"{path} does not exist")
    if path.is_dir():
        yield from _read_folder(path, losses)
    elif path.match(_FORMULA_LIST):
        yield from read_im2latex(path, losses)
    elif path.suffix == ".tex":
        yield from read_tex_files([path], path.parent, path.stem, losses)
    elif path.suffix == ".jsonl":
        for number, line in read_lines(path, losses):
            if line.strip():
                yield _from_json(line, f"{path}, line {number + 1}", path.stem)
    else:
        for _, line in read_lines(path, losses):
            yield Formula(line, path.stem)


def _read_folder(folder: Path, losses: Losses) -> Iterator[Formula]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lists = [path for path in files if path.match(_FORMULA_LIST)]
    documents = [path for path in files if path.suffix == ".tex"]
    if lists:
        for path in lists:
            yield from read_im2latex(path, losses)
    elif any(map(is_document, documents)):
        yield from read_tex_files(documents, folder, folder.resolve().name, losses)
    elif pairs := find_pairs(files):
        yield from read_pairs(pairs, files, folder.resolve().name, losses)
    elif documents:
        yield from read_tex_files(documents, folder, folder.resolve().name, losses)
    elif plain := [path for path in files if path.suffix in {".txt", ".jsonl"}]:
        for path in plain:
            yield from read_formulas(path, losses)
    else:
        raise SourceError(f"{folder} holds no formula lists, documents, labelled images or text files")


def read_im2latex(formula_list: Path, losses: Losses) -> Iterator[Formula]:
    """Yields the formulas that im2latex-100k's lists beside a formula list name, or all of it where there are none.

    `X_formulas.lst` is in Latin-1 and counted from 0; a line of `X_train.lst`, `X_validate.lst` or `X_test.lst` names a
    formula's index and an image's stem. A formula's source is the name of the list it is in, such as `im2latex_train`.
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


def _from_json(line: str, place: str, default_source: str) -> Formula:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise SourceError(f"{place}: not JSON ({error.msg})") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("latex"), str):
        raise SourceError(f'{place}: no "latex" text in it')
    image = fields.get("image")
    return Formula(fields["latex"], str(fields.get("source") or default_source), str(image) if image else None)


def as_json(formula: Formula) -> dict[str, str]:
    """Returns the fields that a line of JSON lines has for a formula."""
    fields = {"latex": formula.latex, "source": formula.source}
    return fields if formula.image is None else {**fields, "image": formula.image}


def write_json_lines(path: Path, lines: Iterable[Mapping[str, object]]) -> int:
    """Writes one JSON object a line and returns how many; the file appears whole or not at all."""
    part = path.with_name(path.name + ".part")
    count = 0
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            for line in lines:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                count += 1
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count
