r"""Typeset formulas with TeX, many in one run: `latex` in batch mode, one page a formula, then a painter.

The one hard fact: a formula that fails must not cost its neighbours. Each formula stands on lines of its own, so the
`l.NNN` of an error names it; each page carries its formula's number in `\count1`, so no page is taken for another's.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from model.data_preparation.dvi_glyphs import Page, read_pages
from model.data_preparation.font_setups import FONT_SETUPS, TEX_FONTS, Look
from model.data_preparation.page_painting import PageBox, PaintingError, paint_formulas, pdf_command

FORMULAS_PER_RUN: Final = 400
"""Formulas a batch: enough to make TeX's start cheap, few enough to vary the look."""

_BORDER_PT = 5.0
_POINTS_PER_INCH = 72.27
_SECONDS_PER_RUN = 60  # A run takes one second, ten on a busy machine; after this it is in a loop.
_MAXIMUM_ROUNDS = 5
_NO_BOX: Final = PageBox(1, 1, 1, 1)
_BOXLESS: Final = "the page has no bounding box"
_NESTED_BOLD: Final = re.compile(r"(\\(?:bm|boldsymbol) ?\{ ?)\\boldsymbol(?![a-zA-Z])")
# A bracket that opens a row, not a row break's own argument.
_ROW_OPENING_BRACKET: Final = re.compile(r"\\\\ *\[(?! *(?:[-+]?[\d.]|\\jot|\\\w*skip))")

# \tag, \label and numbers leave no trace; what only works in displays of its own is given its inner form.
# TeX has sixteen math families; used up, the next alphabet is an error. Families kept for one formula only
# (localmathalphabets) would save some, but then \boldsymbol changes the glyphs around it in silence.
_PREAMBLE = r"""\documentclass[%(size)dpt]{article}
\usepackage{amsmath,mathtools}
%(font)s
\makeatletter
\@ifundefined{bigstar}{\usepackage{amssymb}}{}
\newcommand\bmmax{0}\newcommand\hmmax{0}
\usepackage{mathrsfs,stmaryrd,bm}
\setcounter{localmathalphabets}{0}
\usepackage[active,tightpage]{preview}
\setlength\PreviewBorder{%(border)spt}
\makeatother
\tracinglostchars=3
\hfuzz=\maxdimen \vfuzz=\maxdimen \hbadness=10000 \vbadness=10000
\begin{document}
\makeatletter
\renewcommand\label[1]{}
\def\dft@tag{\@ifstar\@gobble\@gobble}\let\tag\dft@tag
\let\nonumber\relax \let\notag\relax
\renewenvironment{split}{\aligned}{\endaligned}
\renewenvironment{align}{\aligned}{\endaligned}\renewenvironment{align*}{\aligned}{\endaligned}
\renewenvironment{gather}{\gathered}{\endgathered}\renewenvironment{gather*}{\gathered}{\endgathered}
\providecommand\color[2][]{} \providecommand\textcolor[3][]{#3}
\providecommand\bold{\mathbf} \providecommand\Bbb{\mathbb} \providecommand\frak{\mathfrak}
\makeatother
"""


class TypesettingError(RuntimeError):
    """TeX is missing."""


class FontSetupError(TypesettingError):
    """The preamble of a font set-up does not compile, mostly because a package is not installed."""


@dataclass(frozen=True)
class Typeset:
    """A formula as TeX set it.

    Attributes:
        image: Grey, black on white, with a blank border.
        glyphs: (name, x, y), the middle of each glyph in pixels of the image.
    """

    image: Image.Image
    glyphs: list[tuple[str, float, float]]


def typeset(formulas: Sequence[str], look: Look) -> list[Typeset | str]:
    """Typeset formulas that share one look.

    Args:
        formulas: LaTeX of math mode, as the author wrote it.
        look: Font, size, resolution, style.

    Returns:
        For each formula what TeX made of it, or the reason why it was dropped.

    Raises:
        TypesettingError: TeX is missing, or can't use the font set-up (`FontSetupError`).
    """
    results: list[Typeset | str] = [_objection(formula, look) or "TeX failed" for formula in formulas]
    waiting = [number for number, objection in enumerate(results) if objection == "TeX failed"]
    memory = Path("/dev/shm")  # noqa: S108 - files in memory where the system offers it
    with tempfile.TemporaryDirectory(prefix="typeset-", dir=memory if memory.is_dir() else None) as folder:
        for _ in range(_MAXIMUM_ROUNDS):
            if not waiting:
                break
            outcome = _run_once(Path(folder), formulas, waiting, look)
            for number, result in outcome.items():
                results[number] = result
            # A fatal error ends the run early: what came after it gets another run.
            waiting = [number for number in waiting if number not in outcome]
    return results


def typeset_pdf(formulas: Sequence[str], look: Look) -> bytes:
    """Typeset formulas with pdfTeX, a page for each, in one PDF document.

    Args:
        formulas: Formulas that `typeset` sets in this look; one that fails would cost its neighbours.
        look: Font, size and style; a PDF document has no resolution.

    Raises:
        TypesettingError: TeX is missing or made no document.
    """
    with tempfile.TemporaryDirectory(prefix="typeset-") as name:
        folder = Path(name)
        (folder / "formulas.tex").write_text(_document(formulas, range(len(formulas)), look), encoding="utf-8")
        _run(["pdflatex", "-interaction=batchmode", "-no-shell-escape", "formulas.tex"], folder)
        if not (folder / "formulas.pdf").exists():
            raise TypesettingError("pdfTeX made no document.")
        return (folder / "formulas.pdf").read_bytes()


def usable_fonts() -> list[str]:
    """Try each TeX font set-up on one formula and name those that this TeX can use.

    Raises:
        TypesettingError: TeX is missing.
    """
    usable = []
    for font in TEX_FONTS:
        try:
            works = isinstance(typeset(["x+1"], Look("tex", font, 10, 100, "display"))[0], Typeset)
        except FontSetupError:
            continue
        if works:
            usable.append(font)
    return usable


def _run_once(folder: Path, formulas: Sequence[str], numbers: list[int], look: Look) -> dict[int, Typeset | str]:
    """Run TeX and dvipng over some formulas; those the run did not come to are missing from the result."""
    for left in folder.iterdir():
        left.unlink()
    first_line = _preamble(look).count("\n") + 1
    (folder / "formulas.tex").write_text(_document(formulas, numbers, look), encoding="utf-8")
    _run(["latex", "-interaction=batchmode", "-no-shell-escape", "formulas.tex"], folder)
    failed = _failed_lines(folder / "formulas.log")
    if failed and failed[0] < first_line:
        raise FontSetupError(f"TeX can't use the font set-up {look.font}; see line {failed[0]} of its preamble.")
    flagged = {place for line in failed if (place := (line - first_line) // 2) < len(numbers)}
    # An error right after another may be its echo, as after a missing \\end: such a formula gets another run.
    sure = [place for place in flagged if place - 1 not in flagged]
    echoes = {numbers[place] for place in flagged} - {numbers[place] for place in sure}
    outcome: dict[int, Typeset | str] = {numbers[place]: "TeX reports an error" for place in sure}
    try:
        pages = read_pages(folder / "formulas.dvi")
    except (FileNotFoundError, ValueError):  # no page at all, or TeX could not close its files
        outcome.setdefault(numbers[0], "TeX failed")  # so that the next round is shorter
        return outcome
    for page, painted in zip(pages, _paint(folder, pages, look), strict=True):
        number = page.counts[1]
        if number not in outcome and number not in echoes:
            outcome[number] = painted
    return outcome


def _paint(folder: Path, pages: Sequence[Page], look: Look) -> list[Typeset | str]:
    """Paint every page of the DVI file with the look's painter."""
    boxes = [_page_box(page) for page in pages]
    if look.painter != "dvipng":
        _run(pdf_command("formulas.dvi"), folder)
        try:
            painted = paint_formulas(folder / "formulas.pdf", [box or _NO_BOX for box in boxes], look.dpi, look.painter)
        except PaintingError:
            pass  # a few fonts can't be put into a PDF this way; dvipng paints them
        else:
            return [
                _typeset_of(result.image, page, result.origin, look.dpi) if box else _BOXLESS
                for result, page, box in zip(painted, pages, boxes, strict=True)
            ]
    _run(["dvipng", "-q", "-T", "tight", "-D", str(look.dpi), "-z", "1", "-o", "page-%d.png", "formulas.dvi"], folder)
    return [
        _read_page(folder / f"page-{sheet}.png", page, box, look.dpi)
        for sheet, (page, box) in enumerate(zip(pages, boxes, strict=True), start=1)
    ]


def _document(formulas: Sequence[str], numbers: Sequence[int], look: Look) -> str:
    style = r"\displaystyle" if look.style == "display" else r"\textstyle"
    # A box of its own keeps TeX from breaking a long formula over lines.
    body = "".join(
        f"\\count1={number}\\begin{{preview}}\\hbox{{${style} {_one_line(formulas[number])}\n$}}\\end{{preview}}\n"
        for number in numbers
    )
    return f"{_preamble(look)}{body}\\end{{document}}\n"


def _preamble(look: Look) -> str:
    font = FONT_SETUPS[look.font].preamble
    return _PREAMBLE % {"size": look.size_pt, "font": font, "border": _BORDER_PT}


def _page_box(page: Page) -> PageBox | None:
    """Find the box that the preview package notes on each page, its border included."""
    box = next((found for text in page.specials if (found := re.match(r"ps::(-?\d+(?: -?\d+){6})$", text))), None)
    if box is None:
        return None
    left, top, right, bottom, height, depth, width = (int(value) / 65536 for value in box[1].split())
    return PageBox(-left, height - top, width + right, depth + bottom)


def _read_page(path: Path, page: Page, box: PageBox | None, dpi: int) -> Typeset | str:
    """Read the image that dvipng made of a page."""
    if not path.exists():
        return "dvipng made no image"
    if box is None:
        return _BOXLESS
    pixels = dpi / _POINTS_PER_INCH
    with Image.open(path) as image:
        # dvipng rounds the box outwards to whole pixels, so that is where the reference point falls.
        return _typeset_of(image.convert("L"), page, (math.ceil(box.left * pixels), math.ceil(box.top * pixels)), dpi)


def _typeset_of(image: Image.Image, page: Page, origin: tuple[float, float], dpi: int) -> Typeset:
    """Bring the page's glyphs into the pixels of its image."""
    pixels = dpi / _POINTS_PER_INCH
    left, baseline = origin
    return Typeset(image, [(glyph.name, left + glyph.x * pixels, baseline + glyph.y * pixels) for glyph in page.glyphs])


def _failed_lines(log: Path) -> list[int]:
    """Return the input lines at which TeX reported an error, in order."""
    text = log.read_text(encoding="latin-1") if log.exists() else ""
    return [int(line) for line in re.findall(r"^l\.(\d+) ", text, re.MULTILINE)]


def _one_line(formula: str) -> str:
    """Write a formula on one line, without two things that send TeX into an endless loop."""
    line = _NESTED_BOLD.sub(r"\1\\bm", " ".join(formula.split()))
    return _ROW_OPENING_BRACKET.sub(r"\\\\{}[", line)


def _objection(formula: str, look: Look) -> str | None:
    """Say why a formula shall not go to TeX at all."""
    if re.search(r"(?<!\\)(?:\\\\)*%", formula):
        return "holds a comment sign"
    return None if FONT_SETUPS[look.font].draws(formula) else "needs a symbol that the font lacks"


def _heed_interrupts() -> None:
    """A program started in the background by a shell ignores SIGINT, and so would the TeX that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _run(command: list[str], folder: Path) -> None:
    """Run a program of TeX; its exit status says little, so what it left behind is looked at instead."""
    if shutil.which(command[0]) is None:
        raise TypesettingError(f"{command[0]} is not installed; it comes with TeX Live.")
    # Bitmap fonts are never built on the way: they would take longer than everything else.
    environment = {**os.environ, "MKTEXPK": "0", "MKTEXTFM": "0"}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_heed_interrupts,  # noqa: PLW1509 - it sets a signal and takes no lock
    )
    # An interrupted TeX names the line it was at, as for any error, and closes its files.
    for patience, signal_to_send in ((_SECONDS_PER_RUN, signal.SIGINT), (5, signal.SIGKILL)):
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.send_signal(signal_to_send)
    process.wait()
