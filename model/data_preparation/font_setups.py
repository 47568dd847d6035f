"""The looks a formula is typeset in: TeX font set-ups, sizes, resolutions, styles, and how they are drawn.

The one hard fact: every set-up here uses outline fonts only. Fonts that exist only as METAFONT sources (concrete, for
one) make dvipng build bitmaps at each new resolution, which takes longer than everything else together.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

TEX_FONTS: Final[dict[str, tuple[float, str]]] = {
    # name: (share of the batches, lines of the preamble)
    "cm": (35.0, ""),
    "newtx": (6.0, r"\usepackage{newtxtext}\usepackage{newtxmath}"),
    "stix2": (5.0, r"\usepackage{stix2}"),
    "mathpazo": (4.0, r"\usepackage{mathpazo}"),
    "newpx": (4.0, r"\usepackage{newpxtext}\usepackage{newpxmath}"),
    "libertinus": (5.0, r"\usepackage{libertine}\usepackage{libertinust1math}"),
    "fourier": (4.0, r"\usepackage{fourier}"),
    "mathptmx": (4.0, r"\usepackage{mathptmx}"),
    "kpfonts": (4.0, r"\usepackage{kpfonts}"),
    "cmbright": (3.0, r"\usepackage{cmbright}"),
    "eulervm": (3.0, r"\usepackage{eulervm}"),
    "iwona": (2.0, r"\usepackage[math]{iwona}"),
    "kurier": (2.0, r"\usepackage[math]{kurier}"),
    "antykwa": (2.0, r"\usepackage[math]{anttor}"),
    "century": (2.0, r"\usepackage{fouriernc}"),
    "charter": (4.0, r"\usepackage{XCharter}\usepackage[xcharter,vvarbb]{newtxmath}"),
    "erewhon": (2.0, r"\usepackage{erewhon}\usepackage[utopia]{newtxmath}"),
    "stickstoo": (2.0, r"\usepackage{stickstootext}\usepackage[stickstoo,vvarbb]{newtxmath}"),
    "fira": (2.0, r"\usepackage[T1]{fontenc}\usepackage[sfdefault]{FiraSans}\usepackage{newtxsf}"),
    "noto": (2.0, r"\usepackage{notomath}"),
    "biolinum": (2.0, r"\usepackage[T1]{fontenc}\usepackage[sfdefault]{biolinum}\usepackage{mathastext}"),
}
"""Computer Modern has the largest share: most formulas on a screen are set in it."""

FALLBACK_FONT: Final = "cm"
"""Has every symbol: what another font can't set is set in this one."""

MATHTEXT_FONTS: Final = ("cm", "stix", "stixsans", "dejavusans")
"""Font sets of matplotlib's mathtext."""

MATHTEXT_SHARE: Final = 0.05
"""Share of the batches that go to mathtext first, when both typesetters are used."""

_DISPLAY_SHARE = 0.65
_DPI_LOW_HIGH_MODE = (60, 220, 105)


@dataclass(frozen=True)
class Look:
    """How the formulas of one batch are typeset; they share it because one run of TeX has one preamble.

    Attributes:
        typesetter: "tex" or "mathtext".
        font: A key of `TEX_FONTS`, or one of `MATHTEXT_FONTS`.
        size_pt: Type size: 10, 11 or 12.
        dpi: Pixels an inch.
        style: "display" or "text".
    """

    typesetter: str
    font: str
    size_pt: int
    dpi: int
    style: str


def draw_look(generator: random.Random, typesetter: str, tex_fonts: Sequence[str]) -> Look:
    """Draw the look of one batch.

    Args:
        generator: The batch's own seeded generator.
        typesetter: "tex", "mathtext", or "mixed" for a few batches of mathtext among those of TeX.
        tex_fonts: Names of the TeX font set-ups that may be drawn.
    """
    size_pt = generator.choices((10, 11, 12), (5, 2, 3))[0]
    dpi = round(generator.triangular(*_DPI_LOW_HIGH_MODE))
    style = "display" if generator.random() < _DISPLAY_SHARE else "text"
    if typesetter == "mathtext" or (typesetter == "mixed" and generator.random() < MATHTEXT_SHARE):
        return Look("mathtext", generator.choice(MATHTEXT_FONTS), size_pt, dpi, style)
    return draw_tex_font(generator, tex_fonts, Look("tex", FALLBACK_FONT, size_pt, dpi, style))


def draw_tex_font(generator: random.Random, tex_fonts: Sequence[str], look: Look) -> Look:
    """Draw a TeX font by its share, for a look that is settled otherwise."""
    font = generator.choices(tex_fonts, [TEX_FONTS[name][0] for name in tex_fonts])[0]
    return replace(look, typesetter="tex", font=font)
