"""Command: a folder of images and a folder of labels -> splits in im2latex's layout, a vocabulary, packed images.

    python -m model.data_preparation.prepare_labelled images/ labels/ --out data/own

Images and labels belong together by the stem of their names. What a labelling service answered instead of a formula is
left out, and so is what cannot be parsed; each by its reason in `report.json`. Labels are LaTeX, or, with
`--longest-match TOKENS`, text of any script that is cut into tokens by longest match against that list.

Written are: `formula_images/00000.png` and on, shuffled and named anew; `own_formulas.lst`, `own_train.lst`,
`own_validate.lst`, `own_test.lst` as im2latex-100k has them; `vocabulary.txt` with `<pad> <start> <end> <unk>` at its
head; and what training reads: `dataset/vocabulary.json`, `images/train`, `images/validation`, `images/test`, packed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from model.commands import says_errors
from model.data_preparation.batch_rendering import details_of
from model.data_preparation.formula import LabelledFormula, SourceError, read_bytes
from model.data_preparation.formula_filter import Rejection, check, is_service_error
from model.data_preparation.image_label_pairs import IMAGE_SUFFIXES, LABEL_SUFFIXES, unwrap
from model.data_preparation.packed_images import PackedFormula, write_shard
from model.image_transform import ImageError, to_network_input
from model.recognition.image_file import read_image
from model.vocabulary import SPECIAL_TOKENS, Vocabulary

_SPLITS = {"train": "train", "validation": "validate", "test": "test"}
"""The splits, and what im2latex calls them."""

_SPECIAL_NAMES = ("<pad>", "<start>", "<end>", "<unk>")
_PREFIX = "own"

Splits = dict[str, list[LabelledFormula]]
"""The images of each split, with their labels."""


def align_folders(images: Path, labels: Path, losses: Counter[str]) -> list[tuple[Path, Path]]:
    """Pair the images of one folder with the labels of another, by stem; what stands alone is counted.

    Raises:
        SourceError: A folder is missing, or nothing pairs up.
    """
    by_stem: list[dict[str, Path]] = []
    for folder, suffixes in ((images, IMAGE_SUFFIXES), (labels, LABEL_SUFFIXES)):
        if not folder.is_dir():
            raise SourceError(f"{folder} is no folder")
        by_stem.append({path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() in suffixes})
    its_images, its_labels = by_stem
    losses["image without a label"] += len(its_images.keys() - its_labels.keys())
    losses["label without an image"] += len(its_labels.keys() - its_images.keys())
    stems = sorted(its_images.keys() & its_labels.keys())
    if not stems:
        raise SourceError(f"no image in {images} has a label of the same name in {labels}")
    return [(its_images[stem], its_labels[stem]) for stem in stems]


def longest_match(text: str, tokens: Sequence[str]) -> list[str]:
    """Cut a text into tokens, at each place the longest that stands there; any other character is one by itself.

    White space parts tokens and is none. It is how text without spaces, such as Chinese, is cut against a word list.
    """
    known = set(tokens)
    longest = max(map(len, known), default=1)
    cut: list[str] = []
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        lengths = range(min(longest, len(text) - place), 0, -1)
        length = next((length for length in lengths if text[place : place + length] in known), 1)
        cut.append(text[place : place + length])
        place += length
    return cut


def read_labels(
    pairs: Sequence[tuple[Path, Path]], losses: Counter[str], known: Sequence[str] | None
) -> list[LabelledFormula]:
    """Read the labels; those that are none are counted by their reason."""
    read = []
    for image, label in pairs:
        try:
            latex = unwrap(" ".join(read_bytes(label).decode("utf-8-sig").split()))
        except (SourceError, UnicodeDecodeError):
            losses["label that is not text"] += 1
            continue
        if known is None:
            tokens = check(latex)
            if isinstance(tokens, Rejection):
                losses[str(tokens.reason)] += 1
                continue
        elif is_service_error(latex) or not (tokens := longest_match(latex, known)):
            losses["error label of a labelling service" if latex else "empty"] += 1
            continue
        read.append(LabelledFormula(latex, " ".join(tokens), _PREFIX, image=image))
    return read


def share_out(
    items: Sequence[LabelledFormula], shares: tuple[float, float], seed: int
) -> dict[str, list[LabelledFormula]]:
    """Shuffle and split; the same formula goes into one split only, however many images show it.

    Args:
        items: All images.
        shares: Of validation and of test.
        seed: Of the order.
    """
    formulas = sorted({item.tokens for item in items}, key=lambda tokens: tokens.split(" "))
    random.Random(seed).shuffle(formulas)
    counts = [max(1, round(share * len(formulas))) if share > 0 else 0 for share in shares]
    held_out = {
        **dict.fromkeys(formulas[: counts[0]], "validation"),
        **dict.fromkeys(formulas[counts[0] : sum(counts)], "test"),
    }
    splits: Splits = {name: [] for name in _SPLITS}
    shuffled = list(items)
    random.Random(seed).shuffle(shuffled)
    for item in shuffled:
        split = held_out.get(item.tokens, "train")
        splits[split].append(replace(item, split=split))
    return splits


def write_dataset(out: Path, splits: Splits, losses: Counter[str], minimum_count: int) -> None:
    """Write lists, images, vocabulary and packed images.

    Raises:
        SourceError: There is nothing to train on.
    """
    if not splits["train"]:
        raise SourceError("no label is left to train on")
    (out / "dataset").mkdir(parents=True, exist_ok=True)
    (out / "formula_images").mkdir(exist_ok=True)
    vocabulary = Vocabulary.build((item.tokens.split(" ") for item in splits["train"]), minimum_count)
    vocabulary.save(out / "dataset" / "vocabulary.json")
    names = [*_SPECIAL_NAMES, *vocabulary.tokens[len(SPECIAL_TOKENS) :]]
    (out / "vocabulary.txt").write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    formulas: list[str] = []
    for split, items in splits.items():
        lines, packed = [], []
        for item in tqdm(items, desc=split, disable=None):
            try:
                image = read_image(item.image)
                packed.append(_packed(item, image))
            except ImageError:
                losses["image that cannot be read"] += 1
                continue
            stem = f"{len(formulas):05}"
            image.save(out / "formula_images" / f"{stem}.png")
            lines.append(f"{len(formulas)} {stem} {_PREFIX}\n")
            formulas.append(item.latex)
        (out / f"{_PREFIX}_{_SPLITS[split]}.lst").write_text("".join(lines), encoding="utf-8")
        if packed:
            (out / "images" / split).mkdir(parents=True, exist_ok=True)
            write_shard(out / "images" / split, 0, packed, summary={"source": _PREFIX})
    # The lists of im2latex are in Latin-1; what that lacks stands there by its number.
    text = "".join(f"{latex}\n" for latex in formulas)
    (out / f"{_PREFIX}_formulas.lst").write_text(text, encoding="latin-1", errors="xmlcharrefreplace")
    report = {"images": {split: len(items) for split, items in splits.items()}, "left out": dict(losses)}
    (out / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")


def _packed(item: LabelledFormula, image: Image.Image) -> PackedFormula:
    """Make the network's input of an image.

    Raises:
        ImageError: It holds no formula.
    """
    ink = to_network_input(image)
    return PackedFormula(np.rint(ink * 255).astype(np.uint8), [], details_of(item))


@says_errors(SourceError, UnicodeDecodeError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and write the data set; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m model.data_preparation.prepare_labelled", description=__doc__.splitlines()[0]
    )
    parser.add_argument("images", type=Path, help="folder of images")
    parser.add_argument("labels", type=Path, help="folder of text files of the same names; may be the same folder")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--validation", type=float, default=0.1, help="share of the formulas (%(default)s)")
    parser.add_argument("--test", type=float, default=0.1, help="share of the formulas (%(default)s)")
    parser.add_argument("--minimum-count", type=int, default=1, help="occurrences that a token needs (%(default)s)")
    parser.add_argument("--longest-match", metavar="TOKENS", type=Path, help="a list of tokens, one a line")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    losses: Counter[str] = Counter()
    known = None
    if options.longest_match is not None:
        known = read_bytes(options.longest_match).decode("utf-8-sig").split()
    items = read_labels(align_folders(options.images, options.labels, losses), losses, known)
    splits = share_out(items, (options.validation, options.test), options.seed)
    write_dataset(options.out, splits, losses, options.minimum_count)
    print(", ".join(f"{split}: {len(members)}" for split, members in splits.items()))
    for reason, count in sorted((+losses).items()):
        print(f"left out, {reason}: {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
