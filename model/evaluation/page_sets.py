"""Evaluation sets of pages: the sample's formulas and hand-written passages on typeset pages, cut as hands cut them.

Everything that training varies is drawn here too, from formulas and passages that it never saw; what a set measures is
held fixed: the margins, what stands beside the line, the font, the degradation.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from model.data_preparation.formula import LabelledFormula
from model.data_preparation.pages.corpus import LineFile, PageCorpus
from model.data_preparation.pages.crops import DIGIT_POINTS, Hand, Target, cut, targets
from model.data_preparation.pages.degradations import degrade, is_scanned
from model.data_preparation.pages.documents import DocumentMaker
from model.data_preparation.pages.lines import Box, PageLine, page_lines
from model.data_preparation.pages.styles import PageStyle, draw_style, unicode_style
from model.data_preparation.pages.typesetting import TypesetPages, typeset_document
from model.data_preparation.tex_typesetter import TypesettingError
from model.evaluation.set_names import PAGE_SET
from model.latex.prose import WORDS

PAGE_SETS: Final = (
    "line", "tight", "bordered", "numbered", "neighbours", "framed", "plain", "rows-2-4", "rows-5-10", "blocks",
    "words-en", "words-fr-de", "words-ru", "paragraphs", "word-fonts", "unseen-fonts", "scans", "photos", "nothing",
)  # fmt: skip
"""Names of the sets, behind `page-`; those from "numbered" to "plain" hold the same lines, as do "tight" and
"bordered"."""

_DOCUMENTS: Final = 240
_PARTS: Final = 24
_LEAST_DPI_OF_PAPER: Final = 125
_HAIR: Final = 2
_INK: Final = 128
_WORD_FONTS: Final = ("word-stix", "word-libertinus", "word-cambria", "mathtype")


@dataclass
class PageSetMaker:
    """Makes the sets of pages.

    Attributes:
        sample: Formulas that training has not seen.
        passages: The file of hand-written passages: language, tab, text with `{}` where a formula goes.
        images_per_set: How many images each set has.
        seed: Of everything drawn.
    """

    sample: Sequence[LabelledFormula]
    passages: Path
    images_per_set: int = 120
    seed: int = 0

    def make(self) -> dict[str, list[tuple[LabelledFormula, Image.Image]]]:
        """Make all sets; one that its programs could not fill is shorter.

        Raises:
            TypesettingError: TeX is missing.
        """
        made: dict[str, list[tuple[LabelledFormula, Image.Image]]] = defaultdict(list)
        nothing = images_of_nothing(self.images_per_set, random.Random(f"nothing {self.seed}"))
        made["nothing"] = [
            (LabelledFormula("", "", "page", identity=f"nothing-{number:04}"), image)
            for number, image in enumerate(nothing)
        ]
        with TemporaryDirectory(prefix="page-sets-") as folder:
            for number in range(_DOCUMENTS):
                generator = random.Random(f"page sets {self.seed} {number}")
                wanted = [name for name in PAGE_SETS if len(made[name]) < self.images_per_set]
                if not wanted:
                    break
                style = self._style(wanted, generator)
                corpus = self._corpus(Path(folder), generator)
                document = DocumentMaker(corpus, style, generator).make(_PARTS)
                try:
                    pages = typeset_document(document, style)
                except TypesettingError:
                    if number == 0:
                        raise
                    continue
                lines = page_lines(document, pages)
                for name, tokens, image in self._images(style, pages, lines, generator):
                    if len(made[name]) < self.images_per_set:
                        identity = f"{name}-{len(made[name]):04}"
                        if name in {"bordered", "neighbours", "framed", "plain", "numbered"}:
                            identity = f"line-{len(made[name]):04}"  # the same line in each of them
                        made[name].append((LabelledFormula("", " ".join(tokens), "page", identity=identity), image))
        return {f"{PAGE_SET}{name}": made[name] for name in PAGE_SETS}

    def _corpus(self, folder: Path, generator: random.Random) -> PageCorpus:
        """Fill formulas into the passages and open all of it as a corpus."""
        path = folder / "formulas.jsonl"
        path.write_text("".join(_as_json(formula) for formula in self.sample), encoding="utf-8")
        short = [
            formula.latex for formula in self.sample if formula.tokens.count(" ") < 16 and "&" not in formula.latex
        ]
        texts: dict[str, list[str]] = defaultdict(list)
        for line in self.passages.read_text(encoding="utf-8").splitlines():
            language, _, text = line.partition("\t")
            while "{}" in text:
                text = text.replace("{}", f"${generator.choice(short)}$", 1)
            texts[language].append(text)
        files = {}
        for language, filled in texts.items():
            (folder / f"{language}.txt").write_text("\n".join(filled) + "\n", encoding="utf-8")
            files[language] = LineFile(folder / f"{language}.txt")
        return PageCorpus("", LineFile(path), files.pop("en"), None, files)

    def _style(self, wanted: Sequence[str], generator: random.Random) -> PageStyle:
        """Draw a style that fills a set which is still wanted."""
        for name, language in (("words-ru", "ru"), ("words-fr-de", generator.choice(["fr", "de"]))):
            if name in wanted and generator.random() < 0.3:
                return draw_style(generator, (language,))
        if "word-fonts" in wanted and generator.random() < 0.35:
            return unicode_style(generator, generator.choice(_WORD_FONTS))
        if "unseen-fonts" in wanted and generator.random() < 0.4:
            return draw_style(generator, ("en",), held_out_fonts=True)
        style = draw_style(generator, ("en",))
        return replace(style, dpi=max(style.dpi, _LEAST_DPI_OF_PAPER)) if {"scans", "photos"} & {*wanted} else style

    def _images(
        self, style: PageStyle, pages: TypesetPages, lines: Sequence[Sequence[PageLine]], generator: random.Random
    ) -> Iterator[tuple[str, tuple[str, ...], Image.Image]]:
        """Yield set, tokens and image of everything on the pages that a set is made of."""
        is_word = style.font.startswith("u-word") or style.font == "u-mathtype"
        for page, on_page in enumerate(lines):
            image = pages.images[page]

            def take(target: Target, hand: Hand, image: np.ndarray = image, on_page: Sequence[PageLine] = on_page) -> np.ndarray | None:  # fmt: skip # noqa: E501
                return cut(target, image, on_page, pages.pixels_per_point, generator, hand)

            for target in targets(on_page, random.Random(generator.random()), everything=True):
                yield from _of_target(target, style, is_word, take, generator)
            yield from _paragraphs(on_page, image, take)


def _of_target(
    target: Target,
    style: PageStyle,
    is_word: bool,
    take: Callable[[Target, Hand], np.ndarray | None],
    generator: random.Random,
) -> Iterator[tuple[str, tuple[str, ...], Image.Image]]:
    """Yield the images of the sets that one line, display or block belongs to."""
    hands = Hand()
    digit_height = DIGIT_POINTS * style.dpi / 72
    names: dict[str, tuple[Target, Hand, str]] = {}
    if target.kind == "words":
        name = {"en": "words-en", "ru": "words-ru"}.get(style.language, "words-fr-de")
        names = {name: (target, hands, "")} if target.tokens.count("~") > 3 else {}
    elif target.kind == "rows":
        count = target.tokens.count(r"\\") + 1
        names = {"rows-2-4" if count <= 4 else "rows-5-10": (target, hands, "")}
    elif target.kind == "block":
        names = {"blocks": (target, hands, "")}
    elif target.kind == "numbered":
        plain = replace(target, box=target.own_box, tokens=target.tokens[: target.tokens.index(r"\tag")])
        names = {
            "numbered": (target, hands, ""),
            "plain": (plain, Hand(neighbours=False), ""),
            "neighbours": (plain, Hand(margins=(6, 14), least_neighbour=0.15), ""),
            "framed": (plain, Hand(neighbours=False, frame=True), ""),
        }
    elif target.kind == "display":
        names = {
            "line": (target, hands, ""),
            "tight": (target, Hand(margins=(0, 0), neighbours=False), ""),
            "bordered": (target, Hand(margins=(0, 0), neighbours=False, border=12), ""),
        }
        if is_scanned(digit_height):
            names |= {"scans": (target, hands, "scan"), "photos": (target, hands, "photo")}
        if is_word or style.font in {"arev", "cochineal"}:
            names = {"word-fonts" if is_word else "unseen-fonts": (target, hands, "")}
    cuts = {
        name: (take(wanted, hand), wanted.tokens, degradation) for name, (wanted, hand, degradation) in names.items()
    }
    together = {"numbered", "plain", "neighbours", "framed"}
    if together <= cuts.keys() and any(cuts[name][0] is None for name in together):
        return  # the sets that are compared hold the same lines
    for name, (image, tokens, degradation) in cuts.items():
        if image is not None:
            seen = degrade(image, degradation or "clean", generator, digit_height=digit_height)
            yield name, tokens, Image.fromarray(seen)


def _paragraphs(
    lines: Sequence[PageLine], page: np.ndarray, take: Callable[[Target, Hand], np.ndarray | None]
) -> Iterator[tuple[str, tuple[str, ...], Image.Image]]:
    """Yield runs of three to eight lines of words that stand below one another, and nothing else between them."""
    run: list[PageLine] = []
    for line in [*lines, None]:
        follows = run and line is not None and line.kind == "words" and line.baseline > run[-1].baseline
        if line is not None and line.kind == "words" and (not run or (follows and len(run) < 8)):
            run.append(line)
            continue
        if len(run) >= 3:
            box = (
                min(one.box[0] for one in run), min(one.box[1] for one in run),
                max(one.box[2] for one in run), max(one.box[3] for one in run),
            )  # fmt: skip
            target = Target(box, _joined(run), "words", "page", box)
            image = take(target, Hand(neighbours=False)) if _holds_only(page, box, run) else None
            if image is not None:
                yield "paragraphs", target.tokens, Image.fromarray(image)
        run = [line] if line is not None and line.kind == "words" else []


def _holds_only(page: np.ndarray, box: Box, lines: Sequence[PageLine]) -> bool:
    """Say whether all ink in a box is of these lines: a heading or the name of a theorem has no label."""
    rest = page.copy()
    for line in lines:
        left, top, right, bottom = (round(side) for side in line.box)
        rest[max(0, top - _HAIR) : bottom + _HAIR, max(0, left - _HAIR) : right + _HAIR] = 255
    left, top, right, bottom = (round(side) for side in box)
    return not (rest[top:bottom, left:right] < _INK).any()


def _joined(lines: Sequence[PageLine]) -> tuple[str, ...]:
    """Join the tokens of lines to those of a paragraph, a word that was broken made whole."""
    tokens: list[str] = [WORDS]
    for line in lines:
        own = list(line.tokens[1:])
        if tokens[-1] == "-" and own and own[0].islower():
            tokens.pop()
        elif len(tokens) > 1:
            tokens.append("~")
        tokens += own
    return tuple(tokens)


def images_of_nothing(count: int, generator: random.Random) -> list[Image.Image]:
    """Draw images without a formula: noise, stripes, blobs as of photographs, charts, other scripts."""
    makers = (_noise, _stripes, _blobs, _chart, _other_script)
    return [makers[number % len(makers)](generator) for number in range(count)]


def _noise(generator: random.Random) -> Image.Image:
    numbers = np.random.default_rng(generator.getrandbits(32))
    size = generator.randint(40, 200), generator.randint(60, 400)
    return Image.fromarray(numbers.integers(0, 256, size=size, dtype=np.uint8))


def _stripes(generator: random.Random) -> Image.Image:
    image = Image.new("L", (generator.randint(80, 400), generator.randint(40, 200)), 255)
    draw = ImageDraw.Draw(image)
    step = generator.randint(5, 25)
    for place in range(0, image.width + image.height, step):
        draw.line(
            [(place, 0), (place - generator.choice((0, image.height)), image.height)], fill=0, width=step // 3 + 1
        )
    return image


def _blobs(generator: random.Random) -> Image.Image:
    numbers = np.random.default_rng(generator.getrandbits(32))
    coarse = numbers.integers(0, 256, size=(generator.randint(4, 9), generator.randint(4, 12), 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(
        (generator.randint(120, 500), generator.randint(80, 300)), Image.Resampling.BICUBIC
    )


def _chart(generator: random.Random) -> Image.Image:
    image = Image.new("RGB", (generator.randint(160, 420), generator.randint(120, 260)), "white")
    draw = ImageDraw.Draw(image)
    draw.line([(20, 10), (20, image.height - 20), (image.width - 8, image.height - 20)], fill="black", width=1)
    if generator.random() < 0.5:
        width = (image.width - 40) // 6
        for bar in range(6):
            top = generator.randint(20, image.height - 30)
            left = 26 + bar * width
            draw.rectangle(
                (left, top, left + width - 6, image.height - 20), fill=generator.choice(["navy", "teal", "orange"])
            )
    else:
        points = [
            (20 + 12 * step, generator.randint(15, image.height - 25)) for step in range((image.width - 30) // 12)
        ]
        draw.line(points, fill=generator.choice(["red", "blue", "green"]), width=2)
    return image


def _other_script(generator: random.Random) -> Image.Image:
    """Write letters of scripts that the recogniser does not read, in whatever font matplotlib brings."""
    from matplotlib import font_manager

    first, last = generator.choice([(0x0561, 0x0587), (0x10D0, 0x10F0), (0x0627, 0x064A), (0x05D0, 0x05EA)])
    words = ["".join(chr(generator.randint(first, last)) for _ in range(generator.randint(3, 8))) for _ in range(4)]
    font = ImageFont.truetype(font_manager.findfont("DejaVu Sans"), generator.randint(14, 26))
    image = Image.new("L", (generator.randint(260, 480), 60), 255)
    ImageDraw.Draw(image).text((10, 14), " ".join(words), font=font, fill=0)
    return image


def _as_json(formula: LabelledFormula) -> str:
    return json.dumps({"latex": formula.latex, "tokens": formula.tokens, "source": formula.source}) + "\n"
