"""A sheet of examples, half of them read wrong and half read right."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from model.data_preparation.sheet import draw_cell, join_cells
from model.evaluation.evaluator import EvaluatedFormula, EvaluatedSet
from model.latex import join_tokens

EXAMPLES: Final = 60

_CELL_WIDTH = 640
_IMAGE_HEIGHT = 150
_CHARACTERS = 88
_MOST_LINES = 3
_GREEN, _RED = "#157f3b", "#b3261e"


def choose_examples(read: Iterable[EvaluatedSet], *, count: int = EXAMPLES, seed: int = 0) -> list[EvaluatedFormula]:
    """Choose readings, half of them wrong, of different formulas and spread over the sets; the wrong ones first.

    Where there are too few of one kind, the other fills up.
    """
    by_set = [list(one.formulas) for one in read]
    generator = random.Random(seed)
    for readings in by_set:
        generator.shuffle(readings)
    # One from each set in turn, so that small sets are seen as well.
    turns = [readings[place] for place in range(max(map(len, by_set), default=0)) for readings in by_set
             if place < len(readings)]  # fmt: skip
    first_of_formula: dict[tuple[str, bool], EvaluatedFormula] = {}
    for reading in turns:
        first_of_formula.setdefault((reading.identity, reading.is_right), reading)
    wrong = [reading for reading in first_of_formula.values() if not reading.is_right]
    right = [reading for reading in first_of_formula.values() if reading.is_right]
    wrong = wrong[: max(count // 2, count - len(right))]
    return wrong + right[: count - len(wrong)]


def draw_sheet(examples: Sequence[EvaluatedFormula], folder: Path, path: Path) -> None:
    """Write the sheet.

    Args:
        examples: What to show.
        folder: Of all sets.
        path: The PNG to write.
    """
    sheet = join_cells([_draw_cell(example, folder) for example in examples])
    sheet.quantize(64).save(path, optimize=True)


def _draw_cell(example: EvaluatedFormula, folder: Path) -> Image.Image:
    with Image.open(folder / example.image) as file:
        image = file.convert("RGB")
    lines = [(f"{example.image.removesuffix('.png')}  confidence {example.confidence:.2f}", "grey")]
    colour = _GREEN if example.is_right else _RED
    lines += [(line, colour) for line in _wrapped("read: ", example.prediction)]
    if not example.is_right:
        lines += [(line, "black") for line in _wrapped("set:  ", example.reference)]
    cell = draw_cell(image, lines, width=_CELL_WIDTH, most_height=_IMAGE_HEIGHT, line_height=15)
    ImageDraw.Draw(cell).rectangle((0, 0, 4, cell.height - 2), fill=colour)
    return cell


def _wrapped(label: str, tokens: Sequence[str]) -> list[str]:
    lines = textwrap.wrap(label + (join_tokens(tokens) or "nothing"), _CHARACTERS)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1][: _CHARACTERS - 2] + " …"]
    return lines
