"""Crops of pages whose lines are known: the shards that the page generator writes.

A shard is `layout-NNNNN.bin`, PNGs one after another, and `layout-NNNNN.jsonl`, written last, a line for each crop.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from model.layout.maps import InkClass

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels of the crop."""

_CLASSES = {"formula": InkClass.FORMULA, "words": InkClass.WORDS, "number": InkClass.NUMBER}

X_HEIGHT = 0.43
"""Height of a lower-case letter in heights of the font (em)."""


class ShardError(ValueError):
    """A folder holds no shards, or one that is damaged; the message names it."""


@dataclass(frozen=True)
class LabelledLine:
    """A line as the typesetter placed it; read whole where it is a block.

    Attributes:
        ink_class: What its ink is, also of a line that the crop cuts.
        box: Of its ink; beyond the crop where it is cut.
        baseline: In pixels of the crop.
        em: Size of the font in pixels.
        is_cut: A neighbour, which was not meant to be in the crop.
        is_block: Taller than a row and read whole: a matrix, cases.
        group: The rows of one display share it; -1 for lines of a paragraph.
    """

    ink_class: InkClass
    box: Box
    baseline: float
    em: float
    is_cut: bool = False
    is_block: bool = False
    group: int = -1

    @property
    def core(self) -> tuple[float, float]:
        """Top and bottom of the band between x-height and baseline."""
        return self.baseline - X_HEIGHT * self.em, self.baseline


@dataclass(frozen=True)
class LabelledCrop:
    """A crop and what lies in it, lines in reading order.

    Attributes:
        source: What it was made by, for a report by kind.
        frame: A frame that was drawn round the formula and is none of it.
        rules: Rules of tables and the like.
    """

    image: Image.Image
    lines: tuple[LabelledLine, ...]
    source: str = ""
    frame: Box | None = None
    rules: tuple[Box, ...] = ()


class LayoutShards:
    """All crops of some folders of shards; each is read from its file when it is asked for."""

    def __init__(self, folders: list[Path]) -> None:
        self._records: list[tuple[Path, dict[str, Any]]] = []
        for folder in folders:
            for index in sorted(folder.glob("layout-*.jsonl")):
                images = index.with_suffix(".bin")
                if not images.is_file():
                    raise ShardError(f"{index} has no images beside it: {images} is missing.")
                try:
                    records = [json.loads(line) for line in index.read_text(encoding="utf-8").splitlines()]
                except ValueError as error:
                    raise ShardError(f"{index} is damaged: {error}") from error
                self._records += [(images, record) for record in records]
        if not self._records:
            raise ShardError(f"There are no layout shards in {', '.join(map(str, folders))}.")

    def __len__(self) -> int:
        return len(self._records)

    def size(self, index: int) -> tuple[int, int]:
        """Return height and width of a crop, unread."""
        record = self._records[index][1]
        return record["height"], record["width"]

    def __getitem__(self, index: int) -> LabelledCrop:
        """Read one crop.

        Raises:
            ShardError: Its record or its image is damaged.
        """
        path, record = self._records[index]
        try:
            with path.open("rb") as file:
                file.seek(record["offset"])
                image = Image.open(io.BytesIO(file.read(record["length"])))
                image.load()
            frame = record.get("frame")
            return LabelledCrop(
                image=image,
                lines=tuple(_line(line) for line in record["lines"]),
                source=record.get("source", ""),
                frame=None if frame is None else _box(frame),
                rules=tuple(_box(rule) for rule in record.get("rules", ())),
            )
        except (KeyError, TypeError, ValueError, OSError) as error:
            raise ShardError(f"Crop {index} of {path} is damaged: {error}") from error


def _line(record: dict[str, Any]) -> LabelledLine:
    return LabelledLine(
        ink_class=_CLASSES[record["kind"]],
        box=_box(record["box"]),
        baseline=float(record["baseline"]),
        em=float(record["size"]),
        is_cut=bool(record["cut"]),
        is_block=bool(record["block"]),
        group=int(record["group"]),
    )


def _box(values: list[float]) -> Box:
    left, top, right, bottom = map(float, values)
    return left, top, right, bottom
