"""Rendered formulas in few large files: images one after another in a `.bin`, a manifest line for each.

The one hard fact: images are stored after `to_network_input`, so training reads exactly what recognition computes.
The manifest is written last; a shard without one is not there.

A folder holds, for each shard NNNNN: `images-NNNNN.bin` (grey PNGs, ink 255 on 0, each followed by its glyphs as
int16 triplets of class, x, y), `shard-NNNNN.json` (names of the glyph classes, what was dropped) and
`manifest-NNNNN.jsonl`.
"""

from __future__ import annotations

import io
import json
import mmap
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from PIL import Image


class PackedImagesError(ValueError):
    """A folder of packed images is damaged or empty; the message names the file."""


@dataclass(frozen=True)
class ImageRecord:
    """One line of a manifest.

    Attributes:
        offset, length: Where the PNG lies in the shard's `.bin`.
        width, height: Pixels of the packed image.
        tokens: Canonical tokens joined by a space.
        source: The corpus the formula is from.
        font, size_pt, dpi, style: How it was typeset.
        hash: Of the tokens: the same formula has the same hash in every rendering.
        split: Name of the split, where the data set says so.
        glyphs_offset, glyphs_count: Where the glyph positions lie, and how many there are.
    """

    offset: int
    length: int
    width: int
    height: int
    tokens: str
    source: str
    font: str
    size_pt: int
    dpi: int
    style: str
    hash: str
    glyphs_offset: int
    glyphs_count: int
    split: str = ""


@dataclass(frozen=True)
class PackedFormula:
    """An image and its label on their way into a shard.

    Attributes:
        image: uint8 (height, width), 0 = background.
        glyphs: Names of the glyphs in the image and the middle of each, in pixels.
        details: The fields of `ImageRecord` that say what it is: tokens, source, font, ...
    """

    image: np.ndarray
    glyphs: list[tuple[str, float, float]]
    details: dict[str, Any]


def write_shard(folder: Path, number: int, formulas: Iterable[PackedFormula], *, summary: dict[str, Any]) -> int:
    """Write one shard; what stands in its place under an unfinished name is replaced.

    Args:
        folder: Where the shards lie.
        number: The shard's number.
        formulas: What goes in.
        summary: Stored in the shard's JSON file; may be filled while `formulas` is consumed.

    Returns:
        The number of images.
    """
    classes: dict[str, int] = {}
    lines = []
    binary = folder / f"images-{number:05}.bin"
    with _partial(binary).open("wb") as file:
        for formula in formulas:
            png = _encode(formula.image)
            offset = file.tell()
            file.write(png)
            glyphs_offset = file.tell()
            triplets = [(classes.setdefault(name, len(classes)), round(x), round(y)) for name, x, y in formula.glyphs]
            file.write(np.array(triplets, dtype="<i2").tobytes())
            record = ImageRecord(
                offset=offset,
                length=len(png),
                width=formula.image.shape[1],
                height=formula.image.shape[0],
                glyphs_offset=glyphs_offset,
                glyphs_count=len(triplets),
                **formula.details,
            )
            lines.append(json.dumps(asdict(record), ensure_ascii=False))
    _partial(binary).replace(binary)
    for name, text in (
        (f"shard-{number:05}.json", json.dumps({"glyph_classes": list(classes), **summary}, indent=1)),
        (f"manifest-{number:05}.jsonl", "".join(f"{line}\n" for line in lines)),
    ):
        _partial(folder / name).write_text(text, encoding="utf-8")
        _partial(folder / name).replace(folder / name)
    return len(lines)


def is_written(folder: Path, number: int) -> bool:
    """Say whether a shard is complete."""
    return (folder / f"manifest-{number:05}.jsonl").exists()


def remove_unfinished(folder: Path) -> None:
    """Remove what interrupted runs left behind; for the end of a run, when every shard is there."""
    for path in folder.glob("*.partial"):
        path.unlink(missing_ok=True)


class PackedImages:
    """Reads the shards of one folder, in order of their numbers.

    Half a million images cost about 20 MB of memory here: only sizes are kept, tokens and pixels are read when asked.

    Attributes:
        folder: Where the shards lie.
        widths, heights, token_counts: One number an image; int32 (images,).
        glyph_classes: Names of the glyph classes that `glyphs` counts in, sorted.
    """

    def __init__(self, folder: Path | str) -> None:
        """Read the manifests.

        Raises:
            PackedImagesError: There is no shard, or one is damaged.
        """
        self.folder = Path(folder)
        self._manifests = sorted(self.folder.glob("manifest-*.jsonl"))
        if not self._manifests:
            raise PackedImagesError(f"There are no packed images in {self.folder}.")
        self._binaries = [path.with_name(_sibling(path, "images", "bin")) for path in self._manifests]
        self._open_maps: dict[Path, mmap.mmap] = {}
        tables = [self._read_manifest(number) for number in range(len(self._manifests))]
        columns = np.concatenate(tables)
        # Columns: shard, place of the line in the manifest, width, height, token count.
        self._shards, self._lines = columns[:, 0].astype(np.int32), columns[:, 1].copy()
        self.widths, self.heights, self.token_counts = (columns[:, i].astype(np.int32) for i in (2, 3, 4))
        self._read_glyph_classes()

    def __len__(self) -> int:
        return len(self._shards)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the memory maps behind: each process of a data loader opens its own."""
        return {**self.__dict__, "_open_maps": {}}

    def record(self, index: int) -> ImageRecord:
        """Read the manifest line of an image."""
        manifest = self._map(self._manifests[self._shards[index]])
        start = int(self._lines[index])
        return ImageRecord(**json.loads(manifest[start : manifest.find(b"\n", start)]))

    def image(self, index: int) -> np.ndarray:
        """Read the pixels of an image: uint8 (height, width), 0 = background."""
        record = self.record(index)
        data = self._map(self._binaries[self._shards[index]])[record.offset : record.offset + record.length]
        with Image.open(io.BytesIO(data)) as image:
            return np.asarray(image)

    def tokens(self, index: int) -> list[str]:
        """Read the canonical tokens of an image."""
        return self.record(index).tokens.split(" ")

    def glyphs(self, index: int) -> np.ndarray:
        """Read the glyph positions of an image: int16 (glyphs, 3) of class, x, y."""
        record = self.record(index)
        shard = int(self._shards[index])
        data = self._map(self._binaries[shard])
        flat = np.frombuffer(data, dtype="<i2", count=3 * record.glyphs_count, offset=record.glyphs_offset)
        triplets = flat.reshape(-1, 3).astype(np.int16)
        triplets[:, 0] = self._class_ids[shard][triplets[:, 0]]
        return triplets

    def _read_manifest(self, shard: int) -> np.ndarray:
        """Read the columns of one manifest: int64 (images, 5)."""
        path, binary = self._manifests[shard], self._binaries[shard]
        rows, start, end = [], 0, 0
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    fields = json.loads(line)
                    tokens = fields["tokens"].count(" ") + 1
                    rows.append((shard, start, fields["width"], fields["height"], tokens))
                    end = max(end, fields["glyphs_offset"] + 6 * fields["glyphs_count"])
                except (ValueError, KeyError, TypeError):
                    _damaged(path, f"line {number} is no record of an image")
                start += len(line)
        size = binary.stat().st_size if binary.exists() else 0
        if size < end:
            _damaged(binary, f"it has {size} bytes where its manifest counts on {end}")
        return np.array(rows, dtype=np.int64).reshape(-1, 5)

    def _read_glyph_classes(self) -> None:
        """Bring the classes of all shards, each numbered on its own, into one numbering."""
        names = []
        for manifest in self._manifests:
            path = manifest.with_name(_sibling(manifest, "shard", "json"))
            try:
                names.append(json.loads(path.read_text(encoding="utf-8"))["glyph_classes"])
            except (OSError, ValueError, KeyError):
                _damaged(path, "the names of its glyph classes can't be read")
        self.glyph_classes = sorted(set().union(*names))
        ids = {name: number for number, name in enumerate(self.glyph_classes)}
        self._class_ids = [np.array([ids[name] for name in shard], dtype=np.int16) for shard in names]

    def _map(self, path: Path) -> mmap.mmap:
        if path not in self._open_maps:
            with path.open("rb") as file:
                self._open_maps[path] = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._open_maps[path]


def _encode(image: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def _partial(path: Path) -> Path:
    """Name an unfinished file; with the process in it, so that two runs in one folder don't write into each other."""
    return path.with_name(f"{path.name}.{os.getpid()}.partial")


def _sibling(manifest: Path, kind: str, suffix: str) -> str:
    return f"{kind}-{manifest.stem.removeprefix('manifest-')}.{suffix}"


def _damaged(path: Path, reason: str) -> NoReturn:
    raise PackedImagesError(f"{path} is damaged: {reason}. Delete the shard and render again.")
