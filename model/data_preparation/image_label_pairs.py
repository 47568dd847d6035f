"""Reads folders where each image has its label in a text file of the same stem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from model.data_preparation.formula import NOT_UTF8, Formula, Losses, SourceError, read_bytes

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"})
LABEL_SUFFIXES = frozenset({".txt", ".tex"})
_WRAPPERS = (("$$", "$$"), (r"\[", r"\]"), (r"\(", r"\)"), ("$", "$"))


def find_pairs(files: Sequence[Path]) -> dict[Path, Path]:
    """Returns the image of each label that has one."""
    images = {path.with_suffix(""): path for path in files if path.suffix.lower() in IMAGE_SUFFIXES}
    labels = [path for path in files if path.suffix in LABEL_SUFFIXES]
    return {label: images[label.with_suffix("")] for label in labels if label.with_suffix("") in images}


def read_pairs(pairs: Mapping[Path, Path], files: Sequence[Path], source: str, losses: Losses) -> Iterator[Formula]:
    """Yields the formulas of labels with their images; images and labels that stand alone are counted as lost."""
    paired = {*pairs, *pairs.values()}
    for path in files:
        if path not in paired and path.suffix.lower() in IMAGE_SUFFIXES:
            losses["image without a label"] += 1
        elif path not in paired and path.suffix in LABEL_SUFFIXES:
            losses["label without an image"] += 1
    for label, image in pairs.items():
        try:
            latex = read_bytes(label).decode("utf-8-sig")
        except SourceError:
            losses["label that is not text"] += 1
        except UnicodeDecodeError:
            losses[NOT_UTF8] += 1
        else:
            yield Formula(unwrap(" ".join(latex.split())), source, str(image))


def unwrap(latex: str) -> str:
    r"""Returns a formula without the `$`, `$$`, `\(` or `\[` around it."""
    for opening, closing in _WRAPPERS:
        if latex.startswith(opening) and latex.endswith(closing) and len(latex) >= len(opening) + len(closing):
            inner = latex[len(opening) : len(latex) - len(closing)]
            # `$a$ and $b$` is text with two formulas, not one formula in dollars.
            return latex if "$" in inner.replace(r"\$", "") and opening[0] == "$" else inner.strip()
    return latex
