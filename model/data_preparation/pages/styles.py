"""What the pages of one document look like: class, font, size, columns, language, resolution."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from model.data_preparation.font_setups import (
    FONT_SETUPS,
    HELD_OUT_FONTS,
    KAPPA,
    MISSING,
    STARS,
    TEX_FONTS,
    commands,
)

DOCUMENT_CLASSES: Final[dict[str, float]] = {
    "article": 40, "amsart": 14, "revtex4-2": 10, "IEEEtran": 10, "book": 8, "beamer": 12,
}  # fmt: skip
"""Shares of the classes among the documents."""

PART_SHARES: Final[dict[str, float]] = {
    "words": 40, "formula": 22, "rows": 16, "matrix": 10, "cases": 4, "system": 3, "drill": 5,
}  # fmt: skip
"""Shares of what a document is made of; where there are no words, plain formulas have their share too."""

LANGUAGE_SHARES: Final[dict[str, float]] = {"en": 72, "fr": 8, "de": 8, "ru": 12, "zh": 2, "ja": 2, "ko": 2}
_CYRILLIC_SETUPS: Final[dict[str, tuple[float, str]]] = {
    "cm": (10, ""),
    "paratype": (3, r"\usepackage{paratype}"),
    "tempora": (5, r"\usepackage{tempora}\usepackage{newtxmath}"),
    "xcharter": (2, r"\usepackage{XCharter}\usepackage[xcharter]{newtxmath}"),
    "erewhon": (2, r"\usepackage{erewhon}\usepackage[erewhon]{newtxmath}"),
    "heuristica": (1, r"\usepackage{heuristica}"),
    "cochineal": (1, r"\usepackage{cochineal}\usepackage[cochineal]{newtxmath}"),
    "noto": (1, r"\usepackage{noto}"),
}
"""Share of each set-up with Cyrillic letters, and what loads it; their encoding comes last, so that it stays."""

_OTHER_SCRIPTS: Final[dict[str, tuple[str, ...]]] = {
    "zh": ("gbsn00lp.ttf", "gkai00mp.ttf", "DroidSansFallbackFull.ttf"),
    "ja": ("ipaexg.ttf", "ipaexm.ttf", "DroidSansFallbackFull.ttf"),
    "ko": ("NanumMyeongjo.ttf", "NanumGothic.ttf", "NanumBarunGothic.ttf", "DroidSansFallbackFull.ttf"),
}
"""Fonts of the scripts that are labelled as gaps (`model.latex.prose.GAP`); LuaTeX alone sets them."""
WITHOUT_BLANKS: Final = frozenset({"zh", "ja"})

_SANS_BEAMER: Final = ("cm", "cmbright", "fira", "iwona", "sansmathfonts", "lato", "opensans")


def _letters_of(upright: str, italic: str, bold: str, bold_italic: str) -> str:
    """Take the Latin letters of formulas, and the upright digits, from a text font; it has no Greek ones."""
    ranges = (
        ("up/{latin,Latin,num}", upright), ("it/{latin,Latin}", italic), ("bfup/{latin,Latin,num}", bold),
        ("bfit/{latin,Latin}", bold_italic),
    )  # fmt: skip
    return "".join(rf"\setmathfont[range={{{symbols}}}]{{{font}}}" for symbols, font in ranges)


_CALADEA: Final = _letters_of("Caladea-Regular.ttf", "Caladea-Italic.ttf", "Caladea-Bold.ttf", "Caladea-BoldItalic.ttf")
_HEROS, _TERMES = (
    _letters_of(*(f"texgyre{name}-{style}.otf" for style in ("regular", "italic", "bold", "bolditalic")))
    for name in ("heros", "termes")
)
UNICODE_FONTS: Final[dict[str, tuple[float, str, str, str]]] = {
    # Caladea has the widths of Cambria: with the symbols of STIX or Libertinus it is what Word's formulas look like.
    "word-stix": (10, "Caladea-Regular.ttf", "STIXTwoMath-Regular.otf", _CALADEA),
    "word-libertinus": (5, "Carlito-Regular.ttf", "LibertinusMath-Regular.otf", _CALADEA),
    "word-cambria": (5, "Carlito-Regular.ttf", "STIXTwoMath-Regular.otf", _CALADEA),
    "termes": (3, "texgyretermes-regular.otf", "texgyretermes-math.otf", ""),
    "pagella": (3, "texgyrepagella-regular.otf", "texgyrepagella-math.otf", ""),
    "bonum": (1, "texgyrebonum-regular.otf", "texgyrebonum-math.otf", ""),
    "schola": (1, "texgyreschola-regular.otf", "texgyreschola-math.otf", ""),
    "dejavu": (2, "DejaVuSerif.ttf", "texgyredejavu-math.otf", ""),
    "libertinus": (3, "LibertinusSerif-Regular.otf", "LibertinusMath-Regular.otf", ""),
    "xcharter": (2, "XCharter-Roman.otf", "XCharter-Math.otf", ""),
    "garamond": (2, "EBGaramond-Regular.otf", "Garamond-Math.otf", ""),
    "stixtwo": (2, "STIXTwoText-Regular.otf", "STIXTwoMath-Regular.otf", ""),
    "fira": (2, "FiraSans-Light.otf", "FiraMath-Regular.otf", ""),
    "erewhon": (1, "Erewhon-Regular.otf", "Erewhon-Math.otf", ""),
    "newcm": (3, "NewCM10-Regular.otf", "NewCMMath-Regular.otf", ""),
    # Data sheets set their formulas in Arial, slides too.
    "arial": (4, "texgyreheros-regular.otf", "texgyretermes-math.otf", _HEROS),
    # MathType's formulas: letters of Times, slanted ones too, its own symbols near those of STIX.
    "mathtype": (5, "texgyretermes-regular.otf", "STIXTwoMath-Regular.otf", _TERMES),
}  # fmt: skip
"""Share, text font, math font, and further lines of each set-up of LuaTeX."""

_DRAWN_WRONG: Final = (
    r"\\(?:cal|bf|rm|sf|it|tt|mit|frak|Bbb)(?![a-zA-Z])"  # switches of old, which do nothing
    r"|\\(?:boldsymbol|bm)\s*\{?\s*\\math"
    r"|\\(?:emptyset|varnothing|mathscr|wide(?:hat|tilde))(?![a-zA-Z])"  # as others of the kind
)
_WITHOUT: Final = commands("setminus digamma bigstar su[bp]setneqq blacktriangle pitchfork triangledown")
_WITHOUT_IN_LIBERTINUS: Final = commands(
    "intercal diamond checkmark su[bp]setneqq blacktriangle barwedge pitchfork (?:less|gtr)approx triangledown multimap"
)
_WITHOUT_IN_FIRA: Final = commands(
    "amalg asymp barwedge big(?:cap|cup|odot|oplus|otimes|sqcup|star|triangledown|vee|wedge) blacktriangle bowtie"
    " box(?:dot|minus|plus|times) checkmark circeq circledast dashv [dv]dots diamond(?:suit)? digamma flat frown"
    " (?:gtr|less)approx heartsuit intercal Im [lg]neq [lr]times models multimap natural nv[dD]ash pitchfork"
    " (?:prec|succ)eq Re (?:small)?setminus sharp smile star su[bp]setneqq top triangle(?:down|q)?"
    " triangle(?:left|right)(?:eq)? (?:[vV]|Vv)[dD]ash wp"
)
_DRAWN_WRONG_BY: Final = {
    "fira": rf"\\math(?:cal|scr|frak)|\\mathbb\s*\{{?\s*\d|{_WITHOUT_IN_FIRA}",
    "xcharter": r"\\mathbb\s*\{?\s*[\da-z]",
    "garamond": commands(
        "blacktriangle checkmark circeq (?:diamond|heart)suit digamma flat natural sharp triangle(?:q|down)"
    ),
    "erewhon": rf"{KAPPA}|{STARS}",
    **dict.fromkeys(("termes", "pagella", "bonum", "schola", "dejavu", "arial"), _WITHOUT),
    **dict.fromkeys(("libertinus", "word-libertinus"), _WITHOUT_IN_LIBERTINUS),
    **dict.fromkeys(("stixtwo", "word-stix", "word-cambria", "mathtype", "newcm"), STARS),
}
"""What fonts of LuaTeX draw as something else (found by looking) or not at all (TeX says so): patterns."""

LUATEX_SHARE: Final = 0.2
_DPI: Final = ((0.3, 60, 90), (0.45, 90, 130), (0.25, 130, 230))


@dataclass(frozen=True)
class PageStyle:
    """The look of one document.

    Attributes:
        engine: "pdflatex" or "lualatex".
        document_class: A key of `DOCUMENT_CLASSES`.
        options: Of the class.
        preamble: Fonts, language and page size.
        font: The font set-up's name.
        size_pt: Type size.
        columns: 1 or 2.
        language: A key of `LANGUAGE_SHARES`.
        dpi: Pixels an inch of the painted pages.
        painter: One of `page_painting.PAINTERS`.
    """

    engine: str
    document_class: str
    options: str
    preamble: str
    font: str
    size_pt: int
    columns: int
    language: str
    dpi: int
    painter: str


def draw_style(
    generator: random.Random,
    languages: Sequence[str],
    *,
    shares: Mapping[str, float] = LANGUAGE_SHARES,
    held_out_fonts: bool = False,
) -> PageStyle:
    """Draw the look of a document.

    Args:
        generator: The document's own.
        languages: Codes of the languages that there is text of.
        shares: Of all languages.
        held_out_fonts: Whether to take the fonts that training never sees.
    """
    language = generator.choices(languages, [shares[code] for code in languages])[0]
    document_class = generator.choices(list(DOCUMENT_CLASSES), list(DOCUMENT_CLASSES.values()))[0]
    size = generator.choices((10, 11, 12), (5, 3, 3))[0]
    columns = 2 if document_class in {"IEEEtran", "revtex4-2"} and generator.random() < 0.8 else 1
    if document_class == "article" and generator.random() < 0.2:
        columns = 2
    engine = "lualatex" if generator.random() < LUATEX_SHARE and not held_out_fonts else "pdflatex"
    if language == "ru":
        engine = "pdflatex"
    elif language in _OTHER_SCRIPTS:
        engine = "lualatex"
    font, preamble = _draw_font(generator, engine, document_class, language, held_out=held_out_fonts)
    options = [f"{size}pt"]
    if generator.random() < 0.12:
        options.append("leqno")
    if generator.random() < 0.12:
        options.append("fleqn")
    if document_class == "revtex4-2":
        options = ["aps,prd" if generator.random() < 0.5 else "aps,pra", f"{size}pt"]
        options.append("twocolumn" if columns == 2 else "onecolumn")
    elif document_class == "IEEEtran":
        options = ["journal", "10pt", "twocolumn" if columns == 2 else "onecolumn"]
        size = 10
    elif document_class == "beamer":
        options = [f"{generator.choice((10, 11, 12))}pt", *(["fleqn"] if generator.random() < 0.1 else [])]
    elif columns == 2:
        options.append("twocolumn")
    if document_class in {"article", "book"}:
        width = generator.choice((345, 360, 390, 430, 455, 470)) if columns == 1 else generator.choice((470, 505, 520))
        preamble += rf"\usepackage[textwidth={width}pt,textheight=650pt]{{geometry}}"
        if generator.random() < 0.3:
            preamble += rf"\linespread{{{generator.choice((1.05, 1.1, 1.2, 1.3, 1.5))}}}"
    _, low, high = _DPI[generator.choices((0, 1, 2), [entry[0] for entry in _DPI])[0]]
    dpi = generator.randint(low, high)
    painter = generator.choices(("pdfium", "mupdf"), (7, 3))[0]
    return PageStyle(engine, document_class, ",".join(options), preamble, font, size, columns, language, dpi, painter)


def unicode_style(generator: random.Random, font: str) -> PageStyle:
    """Draw the look of an article that LuaTeX sets in one of `UNICODE_FONTS`."""
    size = generator.choice((10, 11, 12))
    return PageStyle(
        "lualatex", "article", f"{size}pt", _unicode_preamble(font), f"u-{font}", size, 1, "en",
        generator.randint(90, 160), "pdfium",
    )  # fmt: skip


def font_draws(font: str, latex: str) -> bool:
    """Say whether a font set-up draws all of a formula as what it is."""
    if font in FONT_SETUPS:
        return FONT_SETUPS[font].draws(latex)
    if not font.startswith("u-"):  # one with Cyrillic letters: symbols of Computer Modern or newtx
        return TEX_FONTS["cm"].draws(latex)
    wrong = _DRAWN_WRONG_BY.get(font.removeprefix("u-"), "(?!)")
    return re.search(f"{_DRAWN_WRONG}|{MISSING}|{wrong}", latex) is None


def _unicode_preamble(font: str, script: str = "") -> str:
    """Load a set-up's fonts, and behind the text font another for the letters that it lacks."""
    _, text_font, math_font, letters = UNICODE_FONTS[font]
    # The letters' own fonts would take all alphabets with them; the last line leaves the rest to the math font.
    last = rf"\setmathfont[range={{}}]{{{math_font}}}" if letters else ""
    loaded = feature = ""
    if script:
        fonts = dict.fromkeys((script, "DroidSansFallbackFull.ttf"))
        names = ",".join(f'"file:{name}:mode=node;"' for name in fonts)
        loaded = rf'\directlua{{luaotfload.add_fallback("script",{{{names}}})}}'
        feature = "[RawFeature={fallback=script}]"
    text = rf"{loaded}\setmainfont{{{text_font}}}{feature}"
    # Bold letters come from the math font: text fonts that are loaded by their files' names have none, and math fonts
    # have no bold version for `\boldsymbol`.
    bold = r"\AtBeginDocument{\renewcommand\boldsymbol[1]{\symbfit{#1}}}"
    options = "mathbf=sym,mathit=sym"
    return rf"\usepackage[{options}]{{unicode-math}}{text}\setmathfont{{{math_font}}}{letters}{last}{bold}"


def _draw_font(
    generator: random.Random, engine: str, document_class: str, language: str, *, held_out: bool
) -> tuple[str, str]:
    """Return the name of a font set-up and the preamble that loads it."""
    if language == "ru":
        name = generator.choices(list(_CYRILLIC_SETUPS), [share for share, _ in _CYRILLIC_SETUPS.values()])[0]
        return f"{name}-t2a", rf"{_CYRILLIC_SETUPS[name][1]}\usepackage[T2A]{{fontenc}}"
    if engine == "lualatex":
        name = generator.choices(list(UNICODE_FONTS), [setup[0] for setup in UNICODE_FONTS.values()])[0]
        script = generator.choice(_OTHER_SCRIPTS[language]) if language in _OTHER_SCRIPTS else ""
        return f"u-{name}", _unicode_preamble(name, script)
    if held_out:
        name = generator.choice(list(HELD_OUT_FONTS))
        setup = HELD_OUT_FONTS[name]
    elif document_class == "beamer":
        name = generator.choice(_SANS_BEAMER)
        setup = TEX_FONTS[name]
    else:
        name = generator.choices(list(TEX_FONTS), [setup.share for setup in TEX_FONTS.values()])[0]
        setup = TEX_FONTS[name]
    serif = document_class == "beamer" and generator.random() < 0.4
    encoding = r"\usepackage[T1]{fontenc}" if language != "en" or generator.random() < 0.5 else ""
    return name, encoding + setup.preamble + (r"\usefonttheme{serif}" if serif else "")
