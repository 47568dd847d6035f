"""Crops of pages composed of lines that mathtext draws, with the labels that the page generator gives."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser
from numpy.typing import NDArray
from PIL import Image

FONTS = ("cm", "stix", "dejavusans", "dejavuserif")


@dataclass(frozen=True)
class DrawnLine:
    """A line's ink from 0 to 255, cut to it; its baseline in rows of it; and the size of the font in pixels."""

    ink: NDArray[np.uint8]
    baseline: float
    em: float


@cache
def draw_line(source: str, *, em: float = 20.0, font: str = "cm") -> DrawnLine:
    """Draw words and formulas as mathtext writes them: words as they are, formulas in dollars."""
    properties = FontProperties(size=em, math_fontfamily=font, family="serif" if font != "dejavusans" else "sans-serif")
    parsed: Any = MathTextParser("agg").parse(source, dpi=72, prop=properties)
    image = np.asarray(parsed.image)
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    top = int(rows[0])
    cut = image[top : int(rows[-1]) + 1, int(columns[0]) : int(columns[-1]) + 1]
    return DrawnLine(cut.astype(np.uint8), float(image.shape[0] - parsed.depth) - top, em)


class PageComposer:
    """A page on which lines are placed, and from which a crop is cut."""

    def __init__(self, width: int, height: int) -> None:
        self.ink = np.zeros((height, width), dtype=np.uint8)
        self.lines: list[dict[str, Any]] = []
        self.frame: list[float] | None = None
        self.rules: list[list[float]] = []

    def place(self, line: DrawnLine, x: int, baseline: int, kind: str, *, group: int = -1, block: bool = False) -> None:
        """Place a line with its left end and its baseline there; it may reach beyond the page."""
        top = round(baseline - line.baseline)
        height, width = line.ink.shape
        page_height, page_width = self.ink.shape
        rows = slice(max(0, top), max(0, min(page_height, top + height)))
        columns = slice(max(0, x), max(0, min(page_width, x + width)))
        part = line.ink[rows.start - top : rows.stop - top, columns.start - x : columns.stop - x]
        self.ink[rows, columns] = np.maximum(self.ink[rows, columns], part)
        box = [float(x), float(top), float(x + width), float(top + height)]
        self.lines.append({
            "kind": kind, "box": box, "baseline": float(baseline), "size": line.em, "cut": False, "group": group,
            "row": 0, "rows": 1, "cells": [], "environment": "", "block": block, "tokens": "",
        })  # fmt: skip

    def draw_frame(self, left: int, top: int, right: int, bottom: int) -> None:
        """Draw a frame a pixel wide."""
        self.ink[[top, bottom - 1], left:right] = 255
        self.ink[top:bottom, [left, right - 1]] = 255
        self.frame = [float(left), float(top), float(right), float(bottom)]

    def crop(self, left: int, top: int, right: int, bottom: int) -> tuple[Image.Image, dict[str, Any]]:
        """Cut a crop; lines that lie half in it or less are cut neighbours. Returns image and record."""
        image = Image.fromarray(255 - self.ink[top:bottom, left:right])
        lines = []
        for line in self.lines:
            x0, y0, x1, y1 = line["box"]
            seen = (min(x1, right) - max(x0, left), min(y1, bottom) - max(y0, top))
            if min(seen) <= 0:
                continue
            is_cut = seen[0] * seen[1] < 0.7 * (x1 - x0) * (y1 - y0)
            box = [x0 - left, y0 - top, x1 - left, y1 - top]
            lines.append(line | {"box": box, "baseline": line["baseline"] - top, "cut": is_cut})
        frame = None if self.frame is None else [side - (left, top)[index % 2] for index, side in enumerate(self.frame)]
        record = {
            "width": image.width, "height": image.height, "source": "composed", "lines": lines, "frame": frame,
            "rules": self.rules,
        }  # fmt: skip
        return image, record


def write_shard(folder: Path, number: int, crops: list[tuple[Image.Image, dict[str, Any]]]) -> None:
    """Write crops as a shard of the page generator."""
    folder.mkdir(parents=True, exist_ok=True)
    packed, records = io.BytesIO(), []
    for image, record in crops:
        offset = packed.tell()
        image.save(packed, "PNG")
        records.append(json.dumps({"offset": offset, "length": packed.tell() - offset, **record}))
    (folder / f"layout-{number:05d}.bin").write_bytes(packed.getvalue())
    (folder / f"layout-{number:05d}.jsonl").write_text("\n".join(records) + "\n", encoding="utf-8")
