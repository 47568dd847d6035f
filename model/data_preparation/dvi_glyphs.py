"""Read from a DVI file which glyph stands where on each page.

The one hard fact: positions are of the boxes TeX knows (from the font metrics), so the centre of a box is the centre
of the ink only nearly; within a pixel or two at screen resolution. Virtual fonts stay as the DVI file names them.
"""

from __future__ import annotations

import re
import struct
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

RULE: Final = "rule"
"""Name of the lines TeX draws itself: fraction bars, the bars of roots, underlines."""

_POINT = 65536.0  # DVI units in a TeX point, in every DVI file that TeX writes.
_FIX_WORD = 1 << 20


@dataclass(frozen=True)
class Glyph:
    """One glyph of a page.

    Attributes:
        name: Font without its size and the character's code, like `cmmi:97`; or `rule`.
        x: Middle of its box in points from the page's reference point, to the right.
        y: The same, downwards.
    """

    name: str
    x: float
    y: float


@dataclass
class Page:
    r"""One page of a DVI file.

    Attributes:
        counts: The ten registers \count0 to \count9 at the time of shipping.
        specials: The page's \special strings.
        glyphs: Everything on the page that leaves ink.
    """

    counts: tuple[int, ...]
    specials: list[str] = field(default_factory=list)
    glyphs: list[Glyph] = field(default_factory=list)


@dataclass(frozen=True)
class _Font:
    name: str  # without the size
    metrics: dict[int, tuple[float, float, float]]  # code: (width, height, depth) in DVI units


def read_pages(path: Path) -> list[Page]:
    """Read every page of a DVI file, in order.

    Raises:
        ValueError: The file is not a whole DVI file.
    """
    try:
        return _Reader(path.read_bytes()).read()
    except (IndexError, struct.error) as error:
        raise ValueError(f"{path} is not a whole DVI file.") from error


class _Reader:
    """The stack machine that a DVI file drives; state is (h, v, w, x, y, z)."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.fonts: dict[int, _Font] = {}
        self.font: _Font | None = None
        self.state = [0, 0, 0, 0, 0, 0]
        self.stack: list[list[int]] = []
        self.pages: list[Page] = []

    def read(self) -> list[Page]:
        while True:
            code = self._unsigned(1)
            if code == 248:  # post
                return self.pages
            self._run(code)

    def _unsigned(self, size: int) -> int:
        chunk = self.data[self.at : self.at + size]
        if len(chunk) < size:
            raise IndexError
        self.at += size
        return int.from_bytes(chunk, "big")

    def _signed(self, size: int) -> int:
        value = self._unsigned(size)
        return value - (1 << 8 * size) if value >> (8 * size - 1) else value

    def _run(self, code: int) -> None:  # noqa: C901, PLR0912 - one branch a family of DVI commands
        state = self.state
        if code <= 127:
            state[0] += self._draw(code)
        elif code <= 131:
            state[0] += self._draw(self._unsigned(code - 127))
        elif code == 132:
            state[0] += self._rule()
        elif code <= 136:
            self._draw(self._unsigned(code - 132))
        elif code == 137:
            self._rule()
        elif code == 139:
            counts = struct.unpack(">10i", self.data[self.at : self.at + 40])
            self.at += 44
            self.pages.append(Page(counts))
            self.state, self.stack = [0, 0, 0, 0, 0, 0], []
        elif code == 141:
            self.stack.append(list(state))
        elif code == 142:
            self.state = self.stack.pop()
        elif 143 <= code <= 146:
            state[0] += self._signed(code - 142)
        elif 147 <= code <= 156:
            self._move(code, axis=0, first=147, register=2)
        elif 157 <= code <= 160:
            state[1] += self._signed(code - 156)
        elif 161 <= code <= 170:
            self._move(code, axis=1, first=161, register=4)
        elif 171 <= code <= 234:
            self.font = self.fonts[code - 171]
        elif 235 <= code <= 238:
            self.font = self.fonts[self._unsigned(code - 234)]
        elif 239 <= code <= 242:
            length = self._unsigned(code - 238)
            text = self.data[self.at : self.at + length].decode("latin-1")
            self.at += length
            if self.pages:
                self.pages[-1].specials.append(text)
        elif 243 <= code <= 246:
            self._define_font(self._unsigned(code - 242))
        elif code == 247:
            self.at += 13
            length = self._unsigned(1)
            self.at += length
        elif code not in (138, 140):  # nop, end of page
            raise IndexError

    def _move(self, code: int, *, axis: int, first: int, register: int) -> None:
        """Run w0-w4, x0-x4 (axis 0) or y0-y4, z0-z4 (axis 1)."""
        which, size = divmod(code - first, 5)
        if size:
            self.state[register + which] = self._signed(size)
        self.state[axis] += self.state[register + which]

    def _draw(self, code: int) -> int:
        """Note a glyph and return how far it moves the pen."""
        if self.font is None:
            raise IndexError
        width, height, depth = self.font.metrics.get(code, (0.0, 0.0, 0.0))
        if height + depth > 0 and width > 0:
            x = self.state[0] + width / 2
            y = self.state[1] - (height - depth) / 2
            self.pages[-1].glyphs.append(Glyph(f"{self.font.name}:{code}", x / _POINT, y / _POINT))
        return round(width)

    def _rule(self) -> int:
        height, width = self._signed(4), self._signed(4)
        if height > 0 and width > 0:
            x, y = self.state[0] + width / 2, self.state[1] - height / 2
            self.pages[-1].glyphs.append(Glyph(RULE, x / _POINT, y / _POINT))
        return width

    def _define_font(self, number: int) -> None:
        self.at += 4
        scale = self._unsigned(4)
        self.at += 4
        length = self._unsigned(1) + self._unsigned(1)
        name = self.data[self.at : self.at + length].decode("ascii")
        self.at += length
        metrics = {
            code: (width * scale, height * scale, depth * scale)
            for code, (width, height, depth) in _metrics(name).items()
        }
        self.fonts[number] = _Font(re.sub(r"\d+$", "", name) or name, metrics)


@cache
def _metrics(font: str) -> dict[int, tuple[float, float, float]]:
    """Read width, height and depth of each character from a TFM file, in units of the font's size."""
    found = subprocess.run(["kpsewhich", f"{font}.tfm"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        raise ValueError(f"TeX has no metrics of the font {font}.")
    data = Path(found.stdout.strip()).read_bytes()
    header, first, last, widths, heights, depths = struct.unpack(">6H", data[2:14])
    characters = 24 + 4 * header
    tables = characters + 4 * (last - first + 1)
    values = struct.unpack(f">{widths + heights + depths}i", data[tables : tables + 4 * (widths + heights + depths)])
    metrics = {}
    for code in range(first, last + 1):
        width, sizes = data[characters + 4 * (code - first) : characters + 4 * (code - first) + 2]
        if width:
            height, depth = values[widths + (sizes >> 4)], values[widths + heights + (sizes & 15)]
            metrics[code] = (values[width] / _FIX_WORD, height / _FIX_WORD, depth / _FIX_WORD)
    return metrics
