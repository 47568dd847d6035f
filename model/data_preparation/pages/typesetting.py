"""TeX over a whole document: painted pages, and the box of every piece on them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from model.data_preparation.page_painting import PaintingError, paint_document
from model.data_preparation.pages.documents import Document
from model.data_preparation.pages.styles import PageStyle
from model.data_preparation.tex_typesetter import TypesettingError

_SCALED_POINTS: Final = 65536
_POINTS_PER_INCH: Final = 72.27
_SECONDS_PER_DOCUMENT: Final = 120
_FONT_FOLDERS: Final = "/usr/share/fonts//"


@dataclass(frozen=True)
class PlacedPiece:
    """The box of a piece in pixels of its page.

    Attributes:
        page: From 0.
        left, baseline, width, height, depth: In pixels; the box reaches `height` above the baseline, `depth` below it.
    """

    page: int
    left: float
    baseline: float
    width: float
    height: float
    depth: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.left, self.baseline - self.height, self.left + self.width, self.baseline + self.depth


@dataclass(frozen=True)
class TypesetPages:
    """The pages of a document.

    Attributes:
        images: uint8 (height, width), black on white, one a page.
        places: Of each piece by its number; a piece that TeX had trouble with has none.
        pixels_per_point: Of the images.
    """

    images: list[np.ndarray]
    places: dict[int, PlacedPiece]
    pixels_per_point: float


def typeset_document(document: Document, style: PageStyle) -> TypesetPages:
    """Set a document and paint its pages.

    Raises:
        TypesettingError: TeX is missing, made no page, or the pages could not be painted.
    """
    if shutil.which(style.engine) is None:
        raise TypesettingError(f"{style.engine} is not installed; it comes with TeX Live.")
    memory = Path("/dev/shm")  # noqa: S108 - files in memory where the system offers it
    with tempfile.TemporaryDirectory(prefix="pages-", dir=memory if memory.is_dir() else None) as name:
        folder = Path(name)
        (folder / "pages.tex").write_text(document.source, encoding="utf-8")
        _run_tex(style.engine, folder)
        path = folder / "pages.pdf"
        if not path.exists():
            raise TypesettingError(f"{style.engine} made no page in {style.font}: {_first_error(folder)}")
        try:
            painted = paint_document(path, style.dpi, style.painter)
        except PaintingError as error:
            raise TypesettingError(str(error)) from error
        images = [np.asarray(page) for page in painted]
        troubled = {number for line in _failed_lines(folder) for number in document.lines_of_pieces.get(line, ())}
        pixels = style.dpi / _POINTS_PER_INCH
        places = {
            number: place
            for number, place in _read_places(folder / "positions.txt", images, pixels)
            if number not in troubled
        }
    return TypesetPages(images, places, pixels)


def _run_tex(engine: str, folder: Path) -> None:
    # Fonts of the system are found by their files' names, without LuaTeX's own index of all fonts.
    # METAFONT measures Cyrillic letters once; their outlines are there.
    environment = {**os.environ, "MKTEXPK": "0", "MKTEXTFM": "1", "OSFONTDIR": _FONT_FOLDERS}
    command = [engine, "-interaction=nonstopmode", "-no-shell-escape", "pages.tex"]
    try:
        subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=_SECONDS_PER_DOCUMENT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise TypesettingError(f"{engine} did not come to an end.") from error


def _read_places(path: Path, images: list[np.ndarray], pixels: float) -> Iterator[tuple[int, PlacedPiece]]:
    if not path.exists():
        return
    for line in path.read_text(encoding="ascii").splitlines():
        fields = line.split()
        if len(fields) != 7:
            continue
        number, sheet, x, y, width, height, depth = map(int, fields)
        if not 0 < sheet <= len(images):
            continue
        unit = pixels / _SCALED_POINTS
        # TeX counts from the lower left corner.
        baseline = images[sheet - 1].shape[0] - y * unit
        yield number, PlacedPiece(sheet - 1, x * unit, baseline, width * unit, height * unit, depth * unit)


def _log(folder: Path) -> str:
    path = folder / "pages.log"
    return path.read_text(encoding="latin-1") if path.exists() else ""


def _failed_lines(folder: Path) -> set[int]:
    return {int(line) for line in re.findall(r"^l\.(\d+) ", _log(folder), re.MULTILINE)}


def _first_error(folder: Path) -> str:
    found = re.search(r"^! (.*)$", _log(folder), re.MULTILINE)
    return found[1] if found else "no error is named"
