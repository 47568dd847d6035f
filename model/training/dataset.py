"""From packed images to padded batches of tensors."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from model.data_preparation.packed_images import PackedImages
from model.image_transform import MARGIN
from model.training.batch_plan import ImageSizes
from model.vocabulary import BOS, EOS, PAD, Vocabulary

GLYPH_FONTS = 512
"""Classes that the fonts of glyphs are numbered into."""

LEAST_PROBABILITIES = "least-probability.npy"
"""Of the tokens of each image's label, in a folder of packed images; written by `hard_images`."""

EASY = 0.8
"""Least probability from which on an image is easy; training smooths labels, so 0.9 is certain."""

_JPEG_SHARE = 0.1
_JPEG_SIZE = (0.5, 1.0)
_JPEG_QUALITY = (35, 90)


@dataclass(frozen=True)
class Batch:
    """A padded batch.

    Attributes:
        images: (batch, 1, height, width), ink in [0, 1].
        sizes: (batch, 2), true heights and widths.
        token_ids: (batch, length), `<bos>` first, `<eos>` last, then `<pad>`.
        glyph_images: (glyphs,) row of the batch each glyph belongs to.
        glyph_codes: (glyphs,) character code of each glyph, 256 for a rule.
        glyph_fonts: (glyphs,) class of each glyph's font.
        glyph_x, glyph_y: (glyphs,) centre in pixels.
    """

    images: Tensor
    sizes: Tensor
    token_ids: Tensor
    glyph_images: Tensor
    glyph_codes: Tensor
    glyph_fonts: Tensor
    glyph_x: Tensor
    glyph_y: Tensor

    def to(self, device: torch.device) -> Batch:
        """Return the batch on another device."""
        return Batch(**{name: tensor.to(device, non_blocking=True) for name, tensor in vars(self).items()})


class FormulaImages:
    """Packed image folders as one data set that draws batches by image index."""

    def __init__(
        self,
        folders: Sequence[Path],
        vocabulary: Vocabulary,
        *,
        source_weights: dict[str, float] | None = None,
        easy_share: float = 1.0,
    ) -> None:
        self.vocabulary = vocabulary
        self.packs = [PackedImages(folder) for folder in folders]
        self.starts = np.cumsum([0] + [len(pack) for pack in self.packs])
        self.sizes = ImageSizes(
            widths=np.concatenate([pack.widths for pack in self.packs]).astype(np.int32),
            heights=np.concatenate([pack.heights for pack in self.packs]).astype(np.int32),
            token_counts=np.concatenate([pack.token_counts for pack in self.packs]).astype(np.int32),
            weights=np.concatenate([_weights(pack, source_weights or {}, easy_share) for pack in self.packs]),
        )
        self._glyph_classes = [codes_and_fonts(pack.glyph_classes) for pack in self.packs]

    def __len__(self) -> int:
        return int(self.starts[-1])

    def tokens(self, index: int) -> list[str]:
        """Return the canonical tokens of one image."""
        number, row = self._find(index)
        return self.packs[number].tokens(row)

    def batch(self, indices: Sequence[int] | np.ndarray, generator: np.random.Generator | None) -> Batch:
        """Load images and labels.

        Args:
            indices: Images of the batch.
            generator: Draws ragged margins, neighbouring ink and JPEG faults; None leaves images as they are.
        """
        arrays, formulas, glyphs = [], [], []
        for index in indices:
            number, row = self._find(int(index))
            pack = self.packs[number]
            array, triplets = pack.image(row), pack.glyphs(row).astype(np.int64)
            # Columns: code, font, x, y.
            places = np.concatenate([self._glyph_classes[number][triplets[:, 0]], triplets[:, 1:]], axis=1)
            if generator is not None:
                array, shift = _as_cropped_by_hand(array, generator)
                places = places + np.array([0, 0, *shift])
            arrays.append(array)
            glyphs.append(places)
            formulas.append([BOS, *self.vocabulary.encode(pack.tokens(row)), EOS])
        if generator is not None:
            _add_neighbours(arrays, generator)
        return _pad(arrays, formulas, glyphs)

    def _find(self, index: int) -> tuple[int, int]:
        number = int(np.searchsorted(self.starts, index, side="right")) - 1
        return number, index - int(self.starts[number])


def codes_and_fonts(names: Sequence[str]) -> np.ndarray:
    """Split glyph names such as `cmmi:97` into character code and font; int64 (names, 2).

    The code is what fonts share: an `a` has the same one in italic, roman and bold of any family. The font's name is
    hashed, so that it keeps its number when images with other fonts join; two fonts may share one, which does no harm.
    """
    table = np.empty((len(names), 2), dtype=np.int64)
    for row, name in enumerate(names):
        font, _, code = name.rpartition(":")
        table[row] = (int(code) % 256, zlib.crc32(font.encode()) % GLYPH_FONTS) if font else (256, 0)
    return table


def _weights(pack: PackedImages, factors: dict[str, float], easy_share: float) -> np.ndarray:
    """Return how often each image is drawn, relative to others."""
    shares = np.ones(len(pack)) if easy_share == 1 else np.where(_easy_images(pack), easy_share, 1.0)
    if not factors:
        return shares
    records = (pack.record(row) for row in range(len(pack)))
    return shares * [factors.get(record.source, 1.0) * factors.get(record.font, 1.0) for record in records]


def _easy_images(pack: PackedImages) -> np.ndarray:
    """Say of each image whether it is easy; bool (images,), False where that has not been found out.

    Raises:
        ValueError: What was found out is of other images.
    """
    path = pack.folder / LEAST_PROBABILITIES
    if not path.exists():
        return np.zeros(len(pack), dtype=bool)
    least = np.load(path, allow_pickle=False)
    if least.shape != (len(pack),):
        raise ValueError(f"{path} is of {len(least)} images, the folder has {len(pack)}. Run hard_images again.")
    easy: np.ndarray = least >= EASY
    return easy


def _pad(arrays: list[np.ndarray], formulas: list[list[int]], glyphs: list[np.ndarray]) -> Batch:
    height, width = max(array.shape[0] for array in arrays), max(array.shape[1] for array in arrays)
    images = np.zeros((len(arrays), 1, height, width), dtype=np.uint8)
    for row, array in enumerate(arrays):
        images[row, 0, : array.shape[0], : array.shape[1]] = array
    length = max(len(formula) for formula in formulas)
    token_ids = np.full((len(formulas), length), PAD, dtype=np.int64)
    for row, formula in enumerate(formulas):
        token_ids[row, : len(formula)] = formula
    owners = np.repeat(np.arange(len(glyphs)), [len(places) for places in glyphs])
    all_glyphs = np.concatenate(glyphs)
    return Batch(
        images=torch.from_numpy(images).float().div_(255.0),
        sizes=torch.tensor([array.shape for array in arrays]),
        token_ids=torch.from_numpy(token_ids),
        glyph_images=torch.from_numpy(owners),
        glyph_codes=torch.from_numpy(all_glyphs[:, 0].copy()),
        glyph_fonts=torch.from_numpy(all_glyphs[:, 1].copy()),
        glyph_x=torch.from_numpy(all_glyphs[:, 2].astype(np.float32)),
        glyph_y=torch.from_numpy(all_glyphs[:, 3].astype(np.float32)),
    )


def _as_cropped_by_hand(image: np.ndarray, generator: np.random.Generator) -> tuple[np.ndarray, tuple[int, int]]:
    """Change the margins as a hand-drawn rectangle would, and now and then save as JPEG.

    Returns:
        The image, and how far its ink moved: (x, y).
    """
    cut = int(generator.integers(0, MARGIN))  # Up to three of the four pixels of margin go.
    above, below, left, right = generator.integers(0, 8, size=4)
    height, width = image.shape
    core = image[cut : height - cut, cut : width - cut]
    placed = np.pad(core, ((above, below), (left, right)))
    if generator.random() < _JPEG_SHARE:
        placed = through_jpeg(placed, generator)
    return placed, (int(left) - cut, int(above) - cut)


def through_jpeg(ink: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Save an image as JPEG at the smaller size that it may have had on the screen, and bring it back to its own.

    Args:
        ink: (height, width), uint8, 255 for full ink.
        generator: Draws size and quality.
    """
    shrunk = generator.uniform(*_JPEG_SIZE)
    height, width = ink.shape
    image = Image.fromarray(255 - ink)
    on_screen = image.resize((max(1, round(width * shrunk)), max(1, round(height * shrunk))), Image.Resampling.BOX)
    buffer = io.BytesIO()
    on_screen.save(buffer, "JPEG", quality=int(generator.integers(*_JPEG_QUALITY)))
    return 255 - np.asarray(Image.open(buffer).resize((width, height), Image.Resampling.BICUBIC))


def _add_neighbours(arrays: list[np.ndarray], generator: np.random.Generator) -> None:
    """Let ink of another image of the batch peep in at an edge, as a line of text cut by the rectangle does."""
    for row, array in enumerate(arrays):
        if generator.random() > 0.06:
            continue
        other = arrays[int(generator.integers(len(arrays)))]
        height, width = array.shape
        depth = int(generator.integers(1, 4))
        strip = np.zeros((depth, width), dtype=np.uint8)
        take = min(width, other.shape[1])
        middle = other.shape[0] // 2
        piece = other[middle : middle + depth, :take]
        strip[: piece.shape[0], :take] = piece
        changed = array.copy()
        if generator.random() < 0.5:
            changed[:depth] = np.maximum(changed[:depth], strip)
        else:
            changed[height - depth :] = np.maximum(changed[height - depth :], strip)
        arrays[row] = changed
