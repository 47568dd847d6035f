r"""Command: the corpus -> crops of typeset pages, packed for the recogniser, and larger ones for the layout.

    python -m model.data_preparation.pages.make_pages DATASET_FOLDER OUT_FOLDER --passages FILE --rows FILE \
        --layout LAYOUT_FOLDER --documents 500

A shard is one document of one look; one that is complete is left alone, so the command can be killed and started
again. Beside the images OUT_FOLDER gets `vocabulary.json`: that of the bundled weights (`--vocabulary`), and behind it
the tokens that pages need. A document that TeX can't set makes an empty shard, which names the reason.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from PIL import Image
from tqdm import tqdm

from model.commands import options_of, says_errors
from model.data_preparation.batch_rendering import details_of, pack_images
from model.data_preparation.formula import LabelledFormula, SourceError
from model.data_preparation.packed_images import PackedFormula, is_written, remove_unfinished, write_shard
from model.data_preparation.pages.compositions import RARE_SYMBOLS
from model.data_preparation.pages.corpus import SPLITS, PageCorpus
from model.data_preparation.pages.crops import Crop, LayoutCrop, layout_crops, recogniser_crops
from model.data_preparation.pages.documents import DocumentMaker
from model.data_preparation.pages.lines import page_lines
from model.data_preparation.pages.styles import LANGUAGE_SHARES, PART_SHARES, PageStyle, draw_style
from model.data_preparation.pages.typesetting import typeset_document
from model.data_preparation.tex_typesetter import TypesettingError
from model.image_transform import ImageError, reduced_ink, without_frame
from model.latex.prose import DOLLAR, PROSE_CHARACTERS, WORDS
from model.vocabulary import Vocabulary

_PARTS: Final = 40
_PARTS_OF_SLIDES: Final = 16
_LAYOUT_CROPS_A_PAGE: Final = 6


@dataclass(frozen=True)
class PageOptions:
    """What the documents of one call have in common.

    Attributes:
        dataset: The folder that `build_dataset` wrote.
        folder: Where the packed crops go.
        layout: Where the crops for the layout go; None for none.
        split: Whose formulas and texts are set.
        passages, rows, prose: As `PageCorpus.load` takes them.
        language_shares: Of the languages that there is text of.
        part_shares: Of what documents are made of.
        seed: Of all documents.
        held_out_fonts: Whether the fonts are those that training never sees.
    """

    dataset: Path
    folder: Path
    layout: Path | None
    split: str
    passages: Path | None
    rows: Path | None
    prose: tuple[tuple[str, Path], ...]
    language_shares: tuple[tuple[str, float], ...]
    part_shares: tuple[tuple[str, float], ...]
    seed: int
    held_out_fonts: bool


def page_vocabulary(vocabulary: Vocabulary) -> Vocabulary:
    """Return a vocabulary with the tokens of pages behind those it has, so that the old ones keep their ids."""
    words = [WORDS, DOLLAR, r"\tag", r"\begin{Vmatrix}", r"\end{Vmatrix}"]
    symbols = [symbol for symbol in RARE_SYMBOLS if symbol.startswith("\\")]
    wanted = [*words, *symbols, *sorted(PROSE_CHARACTERS)]
    return Vocabulary([*vocabulary.tokens, *(token for token in wanted if token not in vocabulary.tokens)])


def make_pages(options: PageOptions, documents: int, *, workers: int) -> int:
    """Make the documents that are not there yet; returns how many crops this call added.

    Raises:
        SourceError: The corpus can't be read.
    """
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.layout:
        options.layout.mkdir(parents=True, exist_ok=True)
    _load_corpus(options)  # complains here, not in each worker
    todo = [number for number in range(documents) if not is_written(options.folder, number)]
    added = 0
    with (
        tqdm(total=documents, initial=documents - len(todo), unit="document", mininterval=30) as bar,
        ExitStack() as stack,
    ):
        make = partial(_make_document, options)
        if workers > 1:
            counts: Iterable[int] = stack.enter_context(
                multiprocessing.get_context("spawn").Pool(workers)
            ).imap_unordered(make, todo)
        else:
            counts = map(make, todo)
        for count in counts:
            added += count
            bar.update()
    remove_unfinished(options.folder)
    return added


_corpora: dict[tuple[Path, str], PageCorpus] = {}


def _load_corpus(options: PageOptions) -> PageCorpus:
    """Open the corpus once a process."""
    key = options.dataset, options.split
    if key not in _corpora:
        _corpora[key] = PageCorpus.load(
            options.dataset, options.split, passages=options.passages, rows=options.rows, prose=dict(options.prose)
        )
    return _corpora[key]


def _make_document(options: PageOptions, number: int) -> int:
    """Make one document's shards; returns how many crops it has for the recogniser."""
    corpus = _load_corpus(options)
    generator = random.Random(f"pages {options.split} {options.seed} {number}")
    languages = ("en", *(language for language, _ in options.prose)) if options.passages else ("en",)
    shares = dict(options.language_shares)
    style = draw_style(generator, languages, shares=shares, held_out_fonts=options.held_out_fonts)
    summary: dict[str, Any] = {"font": style.font, "class": style.document_class, "language": style.language}
    try:
        parts = _PARTS_OF_SLIDES if style.document_class == "beamer" else _PARTS
        document = DocumentMaker(corpus, style, generator, dict(options.part_shares)).make(parts)
        pages = typeset_document(document, style)
    except TypesettingError as error:
        summary["failed"] = str(error)
        return write_shard(options.folder, number, [], summary=summary)
    lines = page_lines(document, pages)
    if options.layout:
        _write_layout_shard(options.layout, number, layout_crops(pages, lines, generator, _LAYOUT_CROPS_A_PAGE), style)
    crops = recogniser_crops(document, pages, lines, generator)
    return write_shard(options.folder, number, _packed(crops, style, options.split, summary), summary=summary)


def _packed(crops: Iterator[Crop], style: PageStyle, split: str, summary: dict[str, Any]) -> Iterator[PackedFormula]:
    dropped = {"blank": 0, "too large": 0}
    labelled = (
        (crop, LabelledFormula("", " ".join(crop.tokens), f"page-{crop.kind}", split))
        for crop in crops
        if not _loses_its_box(crop)
    )
    images = (
        (
            Image.fromarray(crop.image),
            details_of(label, font=style.font, size_pt=style.size_pt, dpi=style.dpi, style=crop.degradation),
        )
        for crop, label in labelled
    )
    yield from pack_images(images, dropped)
    summary["dropped"] = dropped


def _loses_its_box(crop: Crop) -> bool:
    r"""Say whether a `\boxed` formula is seen without its frame, which was taken for that of a table or a slide."""
    if crop.tokens[0] != r"\boxed":
        return False
    try:
        ink = reduced_ink(Image.fromarray(crop.image)).ink
    except ImageError:
        return False  # counted among the blank ones
    return without_frame(ink) is not ink


def _write_layout_shard(folder: Path, number: int, crops: Iterator[LayoutCrop], style: PageStyle) -> None:
    """Write PNGs one after another, and a line of JSON for each; the JSON is there last."""
    binary, manifest = folder / f"layout-{number:05}.bin", folder / f"layout-{number:05}.jsonl"
    entries = []
    with binary.open("wb") as file:
        for crop in crops:
            buffer = io.BytesIO()
            Image.fromarray(crop.image).save(buffer, "PNG", compress_level=3)
            height, width = crop.image.shape
            entry = {"offset": file.tell(), "length": buffer.tell(), "width": width, "height": height}
            source = f"{style.document_class}/{style.font}/{style.dpi}dpi/{crop.degradation}"
            entries.append({**entry, "source": source, "lines": crop.lines})
            file.write(buffer.getvalue())
    unfinished = manifest.with_suffix(".partial")
    unfinished.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), encoding="utf-8")
    unfinished.replace(manifest)


def _shares(
    parser: argparse.ArgumentParser, option: str, given: Sequence[str], known: Mapping[str, float]
) -> tuple[tuple[str, float], ...]:
    """Return the known shares with those that were given in place of theirs; ends with a message where one is wrong."""
    shares = dict(known)
    for name, _, share in (one.partition("=") for one in given):
        if name not in known:
            parser.error(f"{option} knows no {name}")
        try:
            shares[name] = float(share)
        except ValueError:
            parser.error(f"{option} takes a name and a number, such as {name}={known[name]:g}")
    return tuple(shares.items())


@says_errors(SourceError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments, make the pages and say what came of them; returns the exit status."""
    description = (__doc__ or "").partition("\n")[0].removeprefix("Command: ")
    parser = argparse.ArgumentParser(prog="python -m model.data_preparation.pages.make_pages", description=description)
    parser.add_argument("dataset", type=Path, metavar="DATASET_FOLDER", help="made by build_dataset")
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER", help="where the packed crops go")
    parser.add_argument("--layout", type=Path, metavar="FOLDER", help="where the crops for the layout go (none)")
    parser.add_argument("--split", choices=SPLITS, default="train")
    parser.add_argument("--passages", type=Path, metavar="FILE", help="paragraphs with formulas, one a line")
    parser.add_argument("--rows", type=Path, metavar="FILE", help="displays of several rows, one a line")
    parser.add_argument(
        "--prose",
        action="append",
        default=[],
        metavar="LANGUAGE=FILE",
        help="paragraphs of another language",
    )
    parser.add_argument(
        "--language-share", action="append", default=[], metavar="LANGUAGE=SHARE", help="of a language (en=72, ...)"
    )
    parser.add_argument(
        "--part-share", action="append", default=[], metavar="KIND=SHARE", help="of a kind of part (drill=5, ...)"
    )
    parser.add_argument("--documents", type=int, default=100, help="shards, of some 70 crops each (%(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2, help="processes (%(default)s)")
    parser.add_argument("--held-out-fonts", action="store_true", help="fonts that training never sees")
    parser.add_argument("--vocabulary", type=Path, default=Path("resources/vocabulary.json"), metavar="FILE")
    chosen = parser.parse_args(arguments)
    prose = tuple((language, Path(path)) for language, _, path in (one.partition("=") for one in chosen.prose))
    page_options = options_of(
        PageOptions,
        chosen,
        prose=prose,
        language_shares=_shares(parser, "--language-share", chosen.language_share, LANGUAGE_SHARES),
        part_shares=_shares(parser, "--part-share", chosen.part_share, PART_SHARES),
    )
    added = make_pages(page_options, chosen.documents, workers=max(1, chosen.workers))
    page_vocabulary(Vocabulary.load(chosen.vocabulary)).save(chosen.folder / "vocabulary.json")
    print(f"{added:,} crops added to {chosen.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
