"""Command: a split file -> packed images of its formulas as browsers and viewers of Typst's pages show them.

    python -m model.data_preparation.render_screen_formulas DATASET_FILE OUT_FOLDER --modules node_modules --limit 6000
    python -m model.data_preparation.render_screen_formulas DATASET_FILE OUT_FOLDER --typesetters typst

KaTeX and MathJax draw in Chromium; Typst's PDF pages are painted by MuPDF or PDFium. These join what TeX and mathtext
draw, so that screens are no surprise to the network; none of them tells where its glyphs are, so the images carry no
positions. What is typeset is the canonical spelling: authors' own macros and
packages are TeX's. A shard that is complete is left alone, so the command can be killed and started again.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from PIL import Image
from tqdm import tqdm

from model.commands import options_of, says_errors
from model.data_preparation.batch_rendering import details_of, pack_images
from model.data_preparation.formula import LabelledFormula, SourceError
from model.data_preparation.packed_images import PackedFormula, is_written, remove_unfinished, write_shard
from model.data_preparation.page_painting import PAINTERS
from model.data_preparation.pdf_typesetter import paint_pages, pdf_of_typst
from model.data_preparation.render_formulas import RenderingError, RenderingOptions, read_formulas
from model.data_preparation.web_typesetter import WEB_TYPESETTERS, ProgramMissingError, photograph
from model.latex import join_tokens

SCALES: Final = (1.0, 1.0, 1.25, 1.5, 1.5, 2.0)
"""Device scales of usual screens, the commonest twice; each shard is photographed at one of them."""

PAGE_SCALES: Final = (0.75, 0.75, 0.75, 0.9, 1.0, 1.0, 1.25, 1.5, 2.0, 2.5)
"""Zooms of a viewer, for Typst's pages."""

TYPESETTERS: Final = (*WEB_TYPESETTERS, "typst")

_FORMULAS_PER_SHARD = 500
_CSS_PIXELS_PER_INCH = 96


def render_screen_formulas(
    dataset: Path,
    folder: Path,
    options: RenderingOptions,
    modules: Path | None,
    typesetters: Sequence[str] = WEB_TYPESETTERS,
    scales: Sequence[float] = (),
) -> int:
    """Photograph formulas and pack them; returns how many images the folder holds now from this call.

    Args:
        dataset: Lines of JSON made by `build_dataset`.
        folder: Where the shards go.
        options: What to take of the dataset.
        modules: The folder `node_modules` that holds KaTeX and MathJax, where these are asked for.
        typesetters: Names out of `TYPESETTERS`; each shard is set by one of them.
        scales: Device scales or zooms in place of `SCALES` and `PAGE_SCALES`; each shard has one of them.

    Raises:
        RenderingError: The split file is damaged or has no fitting formula.
        ProgramMissingError: A typesetter, Chromium or its driver is missing.
    """
    formulas = read_formulas(dataset, options)
    folder.mkdir(parents=True, exist_ok=True)
    images = 0
    starts = range(0, len(formulas), _FORMULAS_PER_SHARD)
    for number, start in enumerate(tqdm(starts, unit="shard", mininterval=30)):
        if is_written(folder, number):
            continue
        random_numbers = random.Random(f"web {options.seed} {number}")
        typesetter = random_numbers.choice(typesetters)
        scale = random_numbers.choice(scales or (PAGE_SCALES if typesetter == "typst" else SCALES))
        painter = random_numbers.choice(PAINTERS)
        part = formulas[start : start + _FORMULAS_PER_SHARD]
        summary: dict[str, Any] = {"typesetter": typesetter, "scale": scale, "formulas": len(part)}
        images += write_shard(
            folder, number, _packed(part, typesetter, scale, painter, modules, summary), summary=summary
        )
    remove_unfinished(folder)
    return images


def _packed(
    part: Sequence[LabelledFormula],
    typesetter: str,
    scale: float,
    painter: str,
    modules: Path | None,
    summary: dict[str, Any],
) -> Iterator[PackedFormula]:
    spellings = [join_tokens(formula.tokens.split(" ")) for formula in part]
    if typesetter == "typst":
        images = _paint_typst(spellings, scale, painter)
    else:
        images = photograph(spellings, typesetter, modules or Path("node_modules"), [scale])[0][scale]
    dropped = {"the typesetter reports an error": len(part) - len(images), "blank": 0, "too large": 0}
    dpi = round(_CSS_PIXELS_PER_INCH * scale)
    yield from pack_images(
        (
            # A font of 16 pixels of the page, which are 12 points.
            (image, details_of(part[number], font=typesetter, size_pt=12, dpi=dpi, style="display"))
            for number, image in sorted(images.items())
        ),
        dropped,
    )
    summary["dropped"] = dropped


def _paint_typst(spellings: Sequence[str], scale: float, painter: str) -> dict[int, Image.Image]:
    """Set formulas with Typst and paint their pages; returns the image of each formula that Typst takes."""
    document, objections = pdf_of_typst(spellings)
    pages = [] if document is None else paint_pages(document, round(_CSS_PIXELS_PER_INCH * scale), painter)
    taken = [number for number, objection in enumerate(objections) if objection is None]
    return dict(zip(taken, pages, strict=True))


@says_errors(RenderingError, SourceError, ProgramMissingError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="render_screen_formulas", description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path, metavar="DATASET_FILE", help="split file made by build_dataset")
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER", help="where the packed images go")
    parser.add_argument("--modules", type=Path, help="npm's folder with katex and mathjax")
    parser.add_argument("--typesetters", nargs="+", choices=TYPESETTERS, default=WEB_TYPESETTERS)
    parser.add_argument("--scales", nargs="+", type=float, default=(), help="as 0.75 1 (drawn as screens have them)")
    parser.add_argument("--limit", type=int, default=0, help="formulas to draw from the file (all)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--maximum-tokens", type=int, default=1000)
    chosen = parser.parse_args(arguments)
    if any(not 0.25 <= scale <= 8 for scale in chosen.scales):
        parser.error("--scales are numbers from 0.25 to 8")
    options = options_of(RenderingOptions, chosen, dataset=chosen.dataset.name)
    images = render_screen_formulas(
        chosen.dataset, chosen.folder, options, chosen.modules, chosen.typesetters, chosen.scales
    )
    print(f"{images:,} images in {chosen.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
