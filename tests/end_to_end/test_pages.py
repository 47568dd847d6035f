"""What people cut out of pages, with nothing faked: rows, a number, half a line, a paragraph, a slide, a tight drag.

The PDFs in formulas/ are made of the .tex files beside them, with `pdflatex`.
"""

import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from model.latex import normalise
from tests.end_to_end.snip_session import (
    FORMULAS,
    HOTKEY,
    OVERLAY_TITLE,
    RESULT_TITLE,
    snip,
    start_snaptex,
    typeset_formula,
    viewed_formula,
)
from tests.end_to_end.virtual_desktop import Box, VirtualDesktop

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]

_MARGIN = 8  # pixels that `viewed_formula` leaves round the ink


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualDesktop]:
    """A desktop on which Snaptex runs."""
    with VirtualDesktop(tmp_path_factory.mktemp("desktop")) as desktop:
        start_snaptex(desktop)
        yield desktop


def seen(latex: str) -> list[str]:
    """The tokens of rows without what holds them together: where they are aligned cannot be seen."""
    tokens = normalise(latex)
    return [token for token in tokens if token != "&" and not token.startswith((r"\begin", r"\end"))]


def kept_number(desktop: VirtualDesktop, latex: str) -> str:
    """The equation number of a formula's entry in the history, which is written after the formula was copied."""
    path = Path(desktop.environment["HOME"]) / ".local" / "share" / "snaptex" / "history.sqlite"

    def entry() -> tuple[str] | None:
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
                command = "SELECT number FROM entry WHERE latex = ? ORDER BY entry_id DESC"
                found: tuple[str] | None = connection.execute(command, (latex,)).fetchone()
        except sqlite3.OperationalError:
            return None  # the file is not made yet
        return found

    return desktop.wait_until(entry, "the entry of the history")[0]


def middle_of_first_line(desktop: VirtualDesktop, box: Box) -> int:
    """Where on the screen the first line of what is in a box is cut in half."""
    pixels = np.asarray(desktop.image().crop(box).convert("L"), dtype=np.int16)
    inked = (np.abs(pixels - pixels[0, 0]) > 40).any(axis=1)
    top = int(np.flatnonzero(inked)[0])
    bottom = top + int(np.flatnonzero(~inked[top:])[0])
    return box.top + (top + bottom) // 2


def test_five_rows_are_one_display(desktop: VirtualDesktop) -> None:
    with viewed_formula(desktop, "five_rows") as (_, box):
        pasted = snip(desktop, box)
    assert pasted.startswith(r"\begin{aligned}")
    source = (FORMULAS / "five_rows.tex").read_text(encoding="utf-8")
    rows = source.partition("\\begin{align*}\n")[2].partition("\n\\end{align*}")[0]
    assert seen(pasted) == seen(rf"\begin{{aligned}}{rows}\end{{aligned}}"), pasted


def test_number_and_half_a_line_are_no_part_of_an_equation(desktop: VirtualDesktop) -> None:
    with viewed_formula(desktop, "numbered_equation") as (_, box):
        pasted = snip(desktop, box._replace(top=middle_of_first_line(desktop, box)))
    assert normalise(pasted) == normalise("a^2+b^2=c^2+2ab"), pasted
    assert kept_number(desktop, pasted) == "3.14"


def test_paragraph_is_text_with_formulas(desktop: VirtualDesktop) -> None:
    with viewed_formula(desktop, "paragraph") as (_, box):
        pasted = snip(desktop, box)
    source = (FORMULAS / "paragraph.tex").read_text(encoding="utf-8")
    typeset = source.partition(r"\noindent ")[2].partition(r"\end{document}")[0]
    letters, expected = (re.sub(r"[\s$\\{}]", "", text) for text in (pasted, typeset))
    assert Levenshtein.normalized_similarity(letters, expected) >= 0.97, pasted
    assert "$" in pasted
    assert r"\mathrm" not in pasted


def test_dark_slide_is_read_like_a_page(desktop: VirtualDesktop) -> None:
    with viewed_formula(desktop, "dark_slide") as (_, box):
        pasted = snip(desktop, box)
    assert seen(pasted) == seen(r"\begin{aligned}E=\int_0^1\frac{x^2}{1+x}dx\\S=\sum_{k=1}^nk^2\end{aligned}"), pasted


def test_rectangle_that_ends_at_the_ink_loses_nothing(desktop: VirtualDesktop) -> None:
    with viewed_formula(desktop, "greek_with_scripts") as (_, box):
        tight = Box(box.left + _MARGIN, box.top + _MARGIN, box.right - _MARGIN, box.bottom - _MARGIN)
        pasted = snip(desktop, tight)
    assert normalise(pasted) == normalise(typeset_formula("greek_with_scripts")), pasted


def test_photograph_leaves_the_clipboard_alone(desktop: VirtualDesktop) -> None:
    generator = np.random.default_rng(2)
    coarse = generator.integers(0, 256, size=(6, 8, 3), dtype=np.uint8)
    photograph = Image.fromarray(coarse).resize((1400, 1000), Image.Resampling.BICUBIC)
    desktop.show_wallpaper(photograph)
    desktop.write_clipboard("kept")
    desktop.press(HOTKEY)
    desktop.find_window(OVERLAY_TITLE)
    with desktop.drag(Box(20, 700, 420, 960)):
        pass
    desktop.wait_until(lambda: "Nothing to read" in desktop.logs(), "the end of the reading")
    desktop.find_window(RESULT_TITLE)
    desktop.settle()
    assert desktop.read_clipboard() == "kept"
