"""Command: a sample of held-out formulas -> every evaluation set, drawn by TeX, browsers, PDF renderers.

    python -m model.evaluation.make_sets tests/data/evaluation_formulas.jsonl build/evaluation/sets

Each set is a folder of images with labels (`image_set`). What is complete is left alone, so the command can be
killed and started again. A set whose programs are missing is named and left out; the others are made.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from PIL import Image

from model.commands import options_of, says_errors
from model.data_preparation.font_setups import FONT_SETUPS, HELD_OUT_FONTS, Look
from model.data_preparation.formula import LabelledFormula, SourceError
from model.data_preparation.pdf_typesetter import SCREEN_DPI, paint_pages, pdf_of_tex, pdf_of_typst
from model.data_preparation.tex_typesetter import Typeset, TypesettingError, typeset
from model.data_preparation.web_typesetter import WEB_TYPESETTERS, ProgramMissingError, photograph
from model.evaluation.degradations import DEGRADATIONS
from model.evaluation.formula_sample import first_of_each_group, read_sample
from model.evaluation.image_set import is_made_of, write_set
from model.evaluation.page_sets import PAGE_SETS, PageSetMaker
from model.evaluation.set_names import (
    DEGRADED_SET,
    FONT_SET,
    PAGE_SET,
    PDF_ZOOMS,
    REFERENCE,
    TEX_SET,
    TEXT_SCALES,
    WEB_SCALES,
    scale_set,
    screen_set,
)
from model.latex import join_tokens

DIGIT_DPI = 133
"""Pixels an inch at which a digit of 10 pt type is 12 pixels high, as the degradations expect it."""

_DPI_OF_GROUP = {"im2latex_val": 200}
_FONT_SIZE_PT = 10
_VERSION = 6  # Raised when the same formulas give other images.

Images = tuple[list[tuple[LabelledFormula, Image.Image]], Counter[str]]
"""Formulas with their images, and how many were dropped for which reason."""


@dataclass(frozen=True)
class SetOptions:
    """What the sets are made of.

    Attributes:
        sample: The formulas.
        folder: Where the sets go.
        modules: npm's folder with `katex` and `mathjax`.
        formulas_per_group: Most formulas of a group in its TeX set.
        screen_formulas_per_group: Most formulas of a group on the screens and in all that compares with them.
        tex_font: Font of the TeX sets.
        held_out_fonts: Font set-ups that training has not seen.
        passages: Hand-written passages for the sets of pages; None for no such sets.
        page_images: Images of each set of pages.
    """

    sample: tuple[LabelledFormula, ...]
    folder: Path
    modules: Path
    formulas_per_group: int = 60
    screen_formulas_per_group: int = 20
    tex_font: str = "cm"
    held_out_fonts: tuple[str, ...] = tuple(HELD_OUT_FONTS)
    passages: Path | None = None
    page_images: int = 120


class SetMaker:
    """Makes the sets of one sample; a document that several sets need is typeset once."""

    def __init__(self, options: SetOptions) -> None:
        self.options = options
        self.groups = sorted({formula.group for formula in options.sample})
        self.tex_sample = first_of_each_group(options.sample, options.formulas_per_group)
        self.screen_sample = first_of_each_group(options.sample, options.screen_formulas_per_group)
        self._web: dict[str, tuple[dict[float, dict[int, Image.Image]], list[int]]] = {}

    def recipes(self) -> dict[str, Callable[[], Images]]:
        """Name every set and say how it is made; nothing is made before a recipe is called."""
        recipes: dict[str, Callable[[], Images]] = {}
        for group in self.groups:
            recipes[f"{TEX_SET}{group}"] = partial(self._tex_images, group)
        recipes[REFERENCE] = partial(self._dvi_images, self.options.tex_font)
        for typesetter in WEB_TYPESETTERS:
            for scale in WEB_SCALES:
                recipes[screen_set(typesetter, scale)] = partial(self._web_images, typesetter, scale)
        for zoom in PDF_ZOOMS:
            recipes[screen_set("pdftex", zoom)] = partial(self._pdf_images, SCREEN_DPI * zoom)
            recipes[screen_set("typst", zoom)] = partial(self._pdf_images, SCREEN_DPI * zoom, by_typst=True)
        for scale in TEXT_SCALES:
            recipes[scale_set(scale)] = partial(self._pdf_images, DIGIT_DPI * scale)
        for name in DEGRADATIONS:
            recipes[f"{DEGRADED_SET}{name}"] = partial(self._degraded_images, name)
        for font in self.options.held_out_fonts:
            recipes[f"{FONT_SET}{font}"] = partial(self._dvi_images, font)
        for name in PAGE_SETS if self.options.passages else ():
            recipes[f"{PAGE_SET}{name}"] = partial(self._page_images, name)
        return recipes

    def made_of(self) -> str:
        """Name what every set is made of, so that a changed sample or option makes the sets anew."""
        options = self.options
        facts = (
            _VERSION, options.sample, options.formulas_per_group, options.screen_formulas_per_group, options.tex_font,
            options.page_images, options.passages and options.passages.read_text(encoding="utf-8"),
        )  # fmt: skip
        return hashlib.blake2b(repr(facts).encode(), digest_size=8).hexdigest()

    @property
    def _canonical(self) -> list[str]:
        """The formulas of the screens in canonical spelling, which every typesetter is most likely to know."""
        return [join_tokens(formula.tokens.split(" ")) for formula in self.screen_sample]

    @cached_property
    def _tex_document(self) -> tuple[bytes | None, list[str | None]]:
        return pdf_of_tex(self._canonical, _dvi_look(self.options.tex_font))

    @cached_property
    def _typst_document(self) -> tuple[bytes | None, list[str | None]]:
        return pdf_of_typst(self._canonical)

    @cached_property
    def _pages(self) -> dict[str, list[tuple[LabelledFormula, Image.Image]]]:
        assert self.options.passages is not None  # noqa: S101 - there is no recipe otherwise
        maker = PageSetMaker(self.options.sample, self.options.passages, images_per_set=self.options.page_images)
        return maker.make()

    def _page_images(self, name: str) -> Images:
        images = self._pages[f"{PAGE_SET}{name}"]
        missing = self.options.page_images - len(images)
        return images, Counter({"no such line was found": missing} if missing else {})

    def _tex_images(self, group: str) -> Images:
        """Set a group's formulas as their authors wrote them."""
        formulas = [formula for formula in self.tex_sample if formula.group == group]
        style = "text" if group == "inline" else "display"
        look = Look("tex", self.options.tex_font, _FONT_SIZE_PT, _DPI_OF_GROUP.get(group, DIGIT_DPI), style)
        return _typeset_images(formulas, [formula.latex for formula in formulas], look)

    def _dvi_images(self, font: str) -> Images:
        return _typeset_images(self.screen_sample, self._canonical, _dvi_look(font))

    def _web_images(self, typesetter: str, scale: float) -> Images:
        if typesetter not in self._web:
            self._web[typesetter] = photograph(self._canonical, typesetter, self.options.modules, WEB_SCALES)
        images, refused = self._web[typesetter]
        dropped = Counter({f"{typesetter} reports an error": len(refused)} if refused else {})
        return [(self.screen_sample[number], image) for number, image in sorted(images[scale].items())], dropped

    def _pdf_images(self, dpi: float, *, by_typst: bool = False) -> Images:
        pages, objections = self._typst_document if by_typst else self._tex_document
        painted = paint_pages(pages, dpi) if pages else []
        shown = [f for f, objection in zip(self.screen_sample, objections, strict=True) if objection is None]
        dropped = Counter(objection for objection in objections if objection is not None)
        return list(zip(shown, painted, strict=True)), dropped

    def _degraded_images(self, name: str) -> Images:
        clean, dropped = self._pdf_images(DIGIT_DPI)
        images = [image for _, image in clean]
        degrade = DEGRADATIONS[name]
        return [
            (formula, degrade(image, random.Random(f"{name} {formula.identity}"), _others(images, number)))
            for number, (formula, image) in enumerate(clean)
        ], dropped


def make_sets(options: SetOptions, *, only: Sequence[str] = ()) -> dict[str, str]:
    """Make every set that is not there yet.

    Args:
        options: What the sets are made of.
        only: Beginnings of the names of the sets to make; all of them when empty.

    Returns:
        For each set what happened to it, as a sentence.
    """
    maker = SetMaker(options)
    made_of = maker.made_of()
    outcomes = {}
    for name, recipe in maker.recipes().items():
        if only and not name.startswith(tuple(only)):
            continue
        folder = options.folder / name
        if is_made_of(folder, made_of):
            outcomes[name] = "is there"
            continue
        try:
            images, dropped = recipe()
        except (ProgramMissingError, TypesettingError) as error:
            outcomes[name] = f"not made: {error}"
        else:
            written = write_set(folder, images, dropped=dropped, made_of=made_of)
            reasons = "".join(f"; {count} dropped: {reason}" for reason, count in written.dropped.items())
            outcomes[name] = f"{len(written.formulas)} images{reasons}"
        print(f"{name}: {outcomes[name]}", flush=True)
    return outcomes


def _dvi_look(font: str) -> Look:
    return Look("tex", font, _FONT_SIZE_PT, DIGIT_DPI, "display")


def _typeset_images(formulas: Sequence[LabelledFormula], spellings: Sequence[str], look: Look) -> Images:
    dropped: Counter[str] = Counter()
    images = []
    for formula, result in zip(formulas, typeset(spellings, look), strict=True):
        if isinstance(result, Typeset):
            images.append((formula, result.image))
        else:
            dropped[result] += 1
    return images, dropped


def _others(images: Sequence[Image.Image], number: int) -> list[Image.Image]:
    """Take the other formulas of the set, so that none is its own neighbour."""
    return [image for place, image in enumerate(images) if place != number] or list(images)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := [name for name in names if name not in FONT_SETUPS]:
        raise argparse.ArgumentTypeError(f"no font set-up {', '.join(unknown)}; there are {', '.join(FONT_SETUPS)}")
    return names


@says_errors(SourceError)
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="make_sets", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sample", type=Path, metavar="SAMPLE_FILE", help="made by model.evaluation.formula_sample")
    parser.add_argument("folder", type=Path, metavar="OUT_FOLDER", help="where the sets go")
    parser.add_argument("--modules", type=Path, default=Path("node_modules"), help="npm's folder of packages")
    parser.add_argument("--formulas-per-group", type=int, default=SetOptions.formulas_per_group)
    parser.add_argument("--screen-formulas-per-group", type=int, default=SetOptions.screen_formulas_per_group)
    parser.add_argument("--passages", type=Path, metavar="FILE", help="hand-written passages for the sets of pages")
    parser.add_argument("--page-images", type=int, default=SetOptions.page_images)
    parser.add_argument("--tex-font", choices=FONT_SETUPS, default=SetOptions.tex_font, metavar="NAME")
    parser.add_argument("--held-out-fonts", type=_names, default=SetOptions.held_out_fonts, metavar="NAME,...")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="beginnings of the names of sets to make")
    chosen = parser.parse_args(arguments)
    sample = tuple(read_sample(chosen.sample))
    outcomes = make_sets(options_of(SetOptions, chosen, sample=sample), only=chosen.only)
    return 1 if all(_is_missing(outcome) for outcome in outcomes.values()) else 0


def _is_missing(outcome: str) -> bool:
    return outcome.startswith("not made")


if __name__ == "__main__":
    sys.exit(main())
