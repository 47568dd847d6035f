"""The looks a formula is typeset in: TeX font set-ups, sizes, resolutions, styles, and how they are drawn.

The one hard fact: every set-up here uses outline fonts only. Fonts that exist only as METAFONT sources (concrete, for
one) make dvipng build bitmaps at each new resolution, which takes longer than everything else together.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final


def commands(names: str) -> str:
    """Return the pattern of some commands, given without backslashes and with blanks between; each may be a pattern."""
    return rf"\\(?:{'|'.join(names.split())})(?![a-zA-Z])"


# Many fonts hold other symbols, or nothing, in place of double-struck digits, and most of them of small letters too.
_DIGITS = r"\\(?:mathbb|Bbb)\s*\{?\s*\d"
_SMALL = r"\\(?:mathbb|Bbb)\s*\{?\s*[\da-z]"
_BUT_K = r"\\(?:mathbb|Bbb)\s*\{?\s*[\da-jl-z]"
MISSING: Final = r"\\(?:mathcal|mathscr|cal)\s*(?:\{[^{}]*[a-z\d]|[a-z\d])|\\(?:mathfrak|frak)\s*\{?\s*\d"
"""No font has small calligraphic letters and calligraphic digits, and few all digits of Fraktur: a pattern."""
STARS: Final = commands("star bigstar")
"""Where one is as large as the other: a pattern."""
_CALLIGRAPHIC = commands("(?:math)?cal")
_BOLD = commands("mathbf bf bold")
_EMPTY_SET = r"\\emptyset"
_WIDE = r"\\wide(?:hat|tilde)"
_BOLD_SYMBOL = commands("boldsymbol bm")
KAPPA: Final = commands("varkappa")
"""Where it is `\\kappa` or nothing: a pattern."""
_UNDER = commands("un[lr]hd triangle(?:left|right)eq")  # without their bar
_NEGATED = commands(
    "ncong nmid nparallel n(?:left)?rightarrow nRightarrow nsim nsu[bp]seteq nv[dD]ash (?:var)?su[bp]setneqq? [lg]neq"
)
_SANS = commands("mathsf sf")  # where all is sans serif, or nothing is

_MATH_AS_TEXT = r"\usepackage[T1]{fontenc}%s\usepackage[italic,noequal]{mathastext}"
"""Letters and digits of a text font, all else of Computer Modern, its `=` too for the slash of `\\neq`."""


@dataclass(frozen=True)
class FontSetup:
    """A TeX font set-up.

    Attributes:
        share: Of the batches, relative to the others.
        preamble: The lines that load it.
        wrong: Commands that this font draws as something else, found by looking: a pattern over the formula. Such a
            formula is set in another font.
    """

    share: float
    preamble: str = ""
    wrong: str = r"(?!)"  # matches nothing

    def draws(self, latex: str) -> bool:
        """Say whether the font has what the formula asks for."""
        return re.search(f"{self.wrong}|{MISSING}", latex) is None


def _any(*patterns: str) -> str:
    return "|".join(patterns)


TEX_FONTS: Final[dict[str, FontSetup]] = {
    "cm": FontSetup(45, "", _SMALL),
    "newtx": FontSetup(6, r"\usepackage{newtxtext}\usepackage{newtxmath}", _SMALL),
    "stix2": FontSetup(5, r"\usepackage{stix2}", STARS),
    "mathpazo": FontSetup(4, r"\usepackage{mathpazo}", _any(_SMALL, _EMPTY_SET)),
    "newpx": FontSetup(4, r"\usepackage{newpxtext}\usepackage{newpxmath}", _SMALL),
    # dvipng takes the wrong pieces for its wide accents and tall angles.
    "libertinus": FontSetup(
        5, r"\usepackage{libertine}\usepackage{libertinust1math}", _any(_DIGITS, _EMPTY_SET, _WIDE, r"\\[lr]angle")
    ),
    "fourier": FontSetup(4, r"\usepackage{fourier}", _any(_BUT_K, _CALLIGRAPHIC, _EMPTY_SET, KAPPA)),
    "mathptmx": FontSetup(
        4, r"\usepackage{mathptmx}", _any(_SMALL, _CALLIGRAPHIC, _BOLD_SYMBOL, r"\\(?:var)?(?:epsilon|rho)(?![a-zA-Z])")
    ),
    "kpfonts": FontSetup(4, r"\usepackage{kpfonts}", _any(_SMALL, STARS, r"\\(?:Re|Im)(?![a-zA-Z])")),
    "cmbright": FontSetup(3, r"\usepackage{cmbright}", _SMALL),
    "eulervm": FontSetup(
        3, r"\usepackage{eulervm}", _any(_SMALL, r"\\(?:leq?|geq?)(?![a-zA-Z])", r"\\var(?:rho|sigma)")
    ),
    "iwona": FontSetup(2, r"\usepackage[math]{iwona}", _any(_SMALL, _BOLD, _SANS)),
    "kurier": FontSetup(2, r"\usepackage[math]{kurier}", _any(_SMALL, _BOLD, _SANS)),
    "antykwa": FontSetup(2, r"\usepackage[math]{anttor}", _any(_SMALL, _BOLD, _SANS)),
    "century": FontSetup(2, r"\usepackage{fouriernc}", _any(_BUT_K, _CALLIGRAPHIC, _EMPTY_SET, KAPPA)),
    "charter": FontSetup(4, r"\usepackage{XCharter}\usepackage[xcharter,vvarbb]{newtxmath}"),
    "erewhon": FontSetup(2, r"\usepackage{erewhon}\usepackage[utopia]{newtxmath}", _SMALL),
    "stickstoo": FontSetup(
        2,
        r"\usepackage{stickstootext}\usepackage[stickstoo,vvarbb]{newtxmath}",
        _any(_DIGITS, r"\\(?:var)?phi(?![a-zA-Z])"),
    ),
    "fira": FontSetup(
        2,
        r"\usepackage[T1]{fontenc}\usepackage[sfdefault]{FiraSans}\usepackage{newtxsf}",
        _any(_BOLD, _EMPTY_SET, _SANS),
    ),
    "noto": FontSetup(2, r"\usepackage{notomath}", _SMALL),
    "md-charter": FontSetup(2, r"\usepackage[charter]{mathdesign}", _any(_SMALL, _CALLIGRAPHIC, _UNDER)),
    "md-utopia": FontSetup(2, r"\usepackage[utopia]{mathdesign}", _any(_SMALL, _CALLIGRAPHIC, _UNDER)),
    "stix": FontSetup(2, r"\usepackage{stix}", STARS),
    "ebgaramond": FontSetup(2, r"\usepackage[lining]{ebgaramond}\usepackage[ebgaramond,vvarbb]{newtxmath}"),
    "baskerville": FontSetup(2, r"\usepackage{Baskervaldx}\usepackage[baskervaldx,vvarbb]{newtxmath}", KAPPA),
    "kerkis": FontSetup(
        2, r"\usepackage[T1]{fontenc}\usepackage{kerkis}\usepackage{kmath}", _any(_SMALL, STARS, _BOLD_SYMBOL)
    ),
    "sansmathfonts": FontSetup(
        3, r"\usepackage{sansmathfonts}\renewcommand\familydefault{\sfdefault}", _any(_SMALL, _SANS)
    ),
    "lxfonts": FontSetup(2, r"\usepackage{lxfonts}", _any(_SMALL, _SANS, _WIDE)),
    "antykwa-light": FontSetup(1, r"\usepackage[light,math]{anttor}", _any(_SMALL, _BOLD, _SANS)),
    "kpfonts-light": FontSetup(1, r"\usepackage[light]{kpfonts}", _any(_SMALL, STARS, r"\\(?:Re|Im)(?![a-zA-Z])")),
    "roboto": FontSetup(1.5, _MATH_AS_TEXT % r"\usepackage[sfdefault]{roboto}", _any(_SMALL, _SANS)),
    "lato": FontSetup(1.5, _MATH_AS_TEXT % r"\usepackage[default]{lato}", _SMALL),
    "opensans": FontSetup(1.5, _MATH_AS_TEXT % r"\usepackage[default]{opensans}", _SMALL),
    "sourcesans": FontSetup(1.5, _MATH_AS_TEXT % r"\usepackage[default]{sourcesanspro}", _any(_SMALL, _SANS)),
    "cabin": FontSetup(1.5, _MATH_AS_TEXT % r"\usepackage[sfdefault]{cabin}", _any(_SMALL, _SANS)),
    "alegreya": FontSetup(1.5, _MATH_AS_TEXT % r"\usepackage{Alegreya}", _SMALL),
    "merriweather": FontSetup(1.5, _MATH_AS_TEXT % r"\usepackage{merriweather}", _SMALL),
    "gentium": FontSetup(1.5, _MATH_AS_TEXT % r"\usepackage{gentium}", _SMALL),
    "biolinum": FontSetup(
        2, r"\usepackage[T1]{fontenc}\usepackage[sfdefault]{biolinum}\usepackage{mathastext}", _any(_SMALL, _SANS)
    ),
}
"""Computer Modern has the largest share: most formulas on a screen are set in it."""

HELD_OUT_FONTS: Final[dict[str, FontSetup]] = {
    "arev": FontSetup(
        0, r"\usepackage[T1]{fontenc}\usepackage{arev}", _any(_BUT_K, _EMPTY_SET, _SANS, _UNDER, _NEGATED)
    ),
    "cochineal": FontSetup(0, r"\usepackage{cochineal}\usepackage[cochineal,vvarbb]{newtxmath}"),
}
"""Never drawn for training: they measure how fonts are read that the network has not met."""

FONT_SETUPS: Final = TEX_FONTS | HELD_OUT_FONTS

FALLBACK_FONTS: Final = ("cm", "charter")
"""What another font can't set is set in the first of these, or else in the second."""

MATHTEXT_FONTS: Final = ("cm", "stix", "stixsans", "dejavusans")
"""Font sets of matplotlib's mathtext."""

MATHTEXT_SHARE: Final = 0.05
"""Share of the batches that go to mathtext first, when both typesetters are used."""

_DISPLAY_SHARE = 0.65
_DPI_LOW_HIGH_MODE = (60, 220, 105)
_PAINTER_SHARES: Final = {"dvipng": 0.4, "mupdf": 0.25, "pdfium": 0.35}
_SMALL_SHARE = 0.35
_SMALL_DPI = (52, 85)
"""A third of the batches is as small as pages that a viewer shows at half or three quarters of their size."""


@dataclass(frozen=True)
class Look:
    """How the formulas of one batch are typeset; they share it because one run of TeX has one preamble.

    Attributes:
        typesetter: "tex" or "mathtext".
        font: A key of `FONT_SETUPS`, or one of `MATHTEXT_FONTS`.
        size_pt: Type size: 10, 11 or 12.
        dpi: Pixels an inch.
        style: "display" or "text".
        painter: Who paints what TeX sets: "dvipng", or one of `page_painting.PAINTERS`.
    """

    typesetter: str
    font: str
    size_pt: int
    dpi: int
    style: str
    painter: str = "dvipng"


def draw_look(generator: random.Random, typesetter: str, tex_fonts: Sequence[str]) -> Look:
    """Draw the look of one batch.

    Args:
        generator: The batch's own seeded generator.
        typesetter: "tex", "mathtext", or "mixed" for a few batches of mathtext among those of TeX.
        tex_fonts: Names of the TeX font set-ups that may be drawn.
    """
    size_pt = generator.choices((10, 11, 12), (5, 2, 3))[0]
    is_small = generator.random() < _SMALL_SHARE
    dpi = round(generator.uniform(*_SMALL_DPI) if is_small else generator.triangular(*_DPI_LOW_HIGH_MODE))
    style = "display" if generator.random() < _DISPLAY_SHARE else "text"
    if typesetter == "mathtext" or (typesetter == "mixed" and generator.random() < MATHTEXT_SHARE):
        return Look("mathtext", generator.choice(MATHTEXT_FONTS), size_pt, dpi, style)
    return draw_tex_font(generator, tex_fonts, Look("tex", FALLBACK_FONTS[0], size_pt, dpi, style))


def draw_tex_font(generator: random.Random, tex_fonts: Sequence[str], look: Look) -> Look:
    """Draw a TeX font by its share, for a look that is settled otherwise."""
    font = generator.choices(tex_fonts, [TEX_FONTS[name].share for name in tex_fonts])[0]
    painter = generator.choices(list(_PAINTER_SHARES), list(_PAINTER_SHARES.values()))[0]
    return replace(look, typesetter="tex", font=font, painter=painter)
