"""Turn a batch of labelled formulas into packed formulas: typeset, transform to network input, place the glyphs.

The one hard fact: what is typeset is the author's own spelling, what is stored is the canonical one, so the network
learns to look past sizes and spacing.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from PIL import Image, ImageFilter

from model.data_preparation import mathtext_typesetter, tex_typesetter
from model.data_preparation.font_setups import FALLBACK_FONTS, Look, draw_look, draw_tex_font
from model.data_preparation.formula import LabelledFormula
from model.data_preparation.packed_images import PackedFormula
from model.data_preparation.tex_typesetter import Typeset
from model.image_transform import ImageError, locate, place, to_grey_ink, to_network_input

MAXIMUM_WIDTH: Final = 4180
MAXIMUM_HEIGHT: Final = 1266
"""Pixels at network scale; a larger formula is dropped instead of shrunk."""

_BLURRED_SHARE: Final = 0.15
_LEAST_MOST_BLUR: Final = (0.03, 0.11)
"""Standard deviations of the blur, as a share of a digit's height. Screens and scans are blurred before anything is
estimated or scaled, so this is done here; what blurs at network scale is the training's augmentation."""

_DIGIT_EM: Final = 0.65
_POINTS_PER_INCH: Final = 72.27


def details_of(
    formula: LabelledFormula, *, font: str = "unknown", size_pt: int = 0, dpi: int = 0, style: str = ""
) -> dict[str, Any]:
    """Return what a packed image says of its formula and of its look; the hash is of the tokens."""
    return {
        "tokens": formula.tokens,
        "source": formula.source,
        "font": font,
        "size_pt": size_pt,
        "dpi": dpi,
        "style": style,
        "hash": hashlib.blake2b(formula.tokens.encode(), digest_size=8).hexdigest(),
        "split": formula.split,
    }


def pack_images(
    images: Iterable[tuple[Image.Image, dict[str, Any]]], dropped: MutableMapping[str, int]
) -> Iterator[PackedFormula]:
    """Bring images, each with what `details_of` says of it, to network scale; what is dropped is counted by reason."""
    for image, details in images:
        try:
            ink = to_network_input(image)
        except ImageError:
            dropped["blank"] += 1
            continue
        if ink.shape[0] > MAXIMUM_HEIGHT or ink.shape[1] > MAXIMUM_WIDTH:
            dropped["too large"] += 1
            continue
        yield PackedFormula(np.rint(ink * 255).astype(np.uint8), [], details)


@dataclass(frozen=True)
class BatchOptions:
    """What the batches of a rendering have in common.

    Attributes:
        typesetter: "tex", "mathtext" or "mixed".
        tex_fonts: Names of the TeX font set-ups to draw from.
        dpi: Pixels an inch; drawn for each batch when 0.
    """

    typesetter: str
    tex_fonts: tuple[str, ...]
    dpi: int = 0


def render_batch(
    formulas: Sequence[LabelledFormula], options: BatchOptions, *, seed: str, dropped: Counter[str]
) -> Iterator[PackedFormula]:
    """Render formulas that share one look, drawn from the seed.

    Args:
        formulas: The batch.
        options: Typesetter and fonts.
        seed: Of this batch's look.
        dropped: Counts, by reason, the formulas that are left out.
    """
    generator = random.Random(seed)
    look = draw_look(generator, options.typesetter, options.tex_fonts)
    if options.dpi:
        look = replace(look, dpi=options.dpi)
    typeset: list[tuple[Typeset | str, Look]] = [("not typeset", look)] * len(formulas)
    for attempt in _attempts(look, generator, options):
        waiting = [number for number, (result, _) in enumerate(typeset) if isinstance(result, str)]
        results = _typeset([formulas[number].latex for number in waiting], attempt)
        for number, result in zip(waiting, results, strict=True):
            typeset[number] = (result, attempt)
    for formula, (result, used) in zip(formulas, typeset, strict=True):
        packed = result if isinstance(result, str) else _pack(formula, _on_screen(result, used, generator), used)
        if isinstance(packed, str):
            dropped[packed] += 1
        else:
            yield packed


def _attempts(look: Look, generator: random.Random, options: BatchOptions) -> list[Look]:
    """List the looks to try in turn: rare symbols that a font lacks shall not be missing from the data."""
    attempts = [look]
    if look.typesetter == "mathtext" and options.typesetter == "mixed":
        attempts.append(draw_tex_font(generator, options.tex_fonts, look))
    if attempts[-1].typesetter == "tex":
        attempts += [replace(attempts[-1], font=font) for font in FALLBACK_FONTS if font in options.tex_fonts]
    return list(dict.fromkeys(attempts))


def _typeset(formulas: Sequence[str], look: Look) -> list[Typeset | str]:
    if look.typesetter == "tex":
        return tex_typesetter.typeset(formulas, look) if formulas else []
    images = (mathtext_typesetter.typeset(formula, look) for formula in formulas)
    return [Typeset(image, []) if isinstance(image, Image.Image) else image for image in images]


def _on_screen(typeset: Typeset, look: Look, generator: random.Random) -> Typeset:
    """Blur some of the images, as scans and enlarged images are."""
    if generator.random() >= _BLURRED_SHARE:
        return typeset
    digit_height = _DIGIT_EM * look.size_pt * look.dpi / _POINTS_PER_INCH
    blur = ImageFilter.GaussianBlur(digit_height * generator.uniform(*_LEAST_MOST_BLUR))
    return replace(typeset, image=typeset.image.filter(blur))


def _pack(formula: LabelledFormula, typeset: Typeset, look: Look) -> PackedFormula | str:
    """Bring an image to network scale, and its glyph positions with it; or say why it is dropped."""
    try:
        ink = to_grey_ink(typeset.image)
        placement = locate(ink)
    except ImageError:
        return "blank"
    width = (placement.right - placement.left) * placement.scale
    height = (placement.bottom - placement.top) * placement.scale
    if width > MAXIMUM_WIDTH or height > MAXIMUM_HEIGHT:
        return "too large"
    image = np.rint(place(ink, placement) * 255).astype(np.uint8)
    return PackedFormula(
        image=image,
        glyphs=[(name, *placement.to_network(x, y)) for name, x, y in typeset.glyphs],
        details=details_of(
            formula,
            font=look.font if look.typesetter == "tex" else f"mathtext-{look.font}",
            size_pt=look.size_pt,
            dpi=look.dpi,
            style=look.style,
        ),
    )
