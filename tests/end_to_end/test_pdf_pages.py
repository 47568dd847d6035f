"""A PDF file is opened by hand, its pages are gone through, and a formula of one is dragged over."""

import sys
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from model.latex import normalise
from tests.end_to_end.program_session import image_read, start_program
from tests.end_to_end.snip_session import (
    FORMULAS,
    HOTKEY,
    OVERLAY_TITLE,
    RESULT_TITLE,
    formula_on_page,
    open_file,
    start_snaptex,
    typeset_formula,
    wait_for_hotkeys,
)
from tests.end_to_end.virtual_desktop import Box, VirtualDesktop

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]


def test_formula_on_the_second_page_reaches_the_clipboard(tmp_path: Path) -> None:
    # The first page is another formula: the page that is shown is the one that is read.
    document = pypdfium2.PdfDocument.new()
    for name in ("sum_with_limits", "fraction"):
        document.import_pages(pypdfium2.PdfDocument(FORMULAS / f"{name}.pdf"))
    document.save(tmp_path / "paper.pdf")
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        start_snaptex(desktop)
        window = open_file(desktop, tmp_path / "paper.pdf")
        first = desktop.wait_until(lambda: formula_on_page(desktop, window), "the first page")
        desktop.press("End")
        desktop.wait_until(lambda: formula_on_page(desktop, window) not in (None, first), "the other page")
        desktop.press("ctrl+minus")  # the resolution that is read does not follow the zoom
        desktop.press("ctrl+minus")
        box = desktop.wait_until(lambda: formula_on_page(desktop, window), "the second page")
        desktop.write_clipboard("nothing was copied")
        with desktop.drag(box):
            pass
        pasted = desktop.wait_for_text("nothing was copied")
        desktop.find_window(RESULT_TITLE)
    assert normalise(pasted) == normalise(typeset_formula("fraction")), pasted


def test_page_stays_on_the_screen_for_the_hotkey(tmp_path: Path) -> None:
    # Whoever reads the file in Snaptex and presses the hotkey wants what is on the page, not what lies under it.
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        start_program(desktop, tmp_path)
        wait_for_hotkeys(desktop)
        window = open_file(desktop, FORMULAS / "page.pdf")
        formula = desktop.wait_until(lambda: formula_on_page(desktop, window), "the page")
        box = Box(formula.left, formula.top, formula.left + 200, formula.top + 80)
        shown = np.asarray(desktop.image())[box.top : box.bottom + 1, box.left : box.right + 1]
        desktop.press(HOTKEY)
        desktop.find_window(OVERLAY_TITLE)
        with desktop.drag(box):
            pass
        assert (image_read(desktop, tmp_path) == shown).all()
