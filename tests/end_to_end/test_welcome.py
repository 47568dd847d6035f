"""The first start: what the page offers to try is on the screen when it is tried."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.end_to_end.program_session import image_read, start_program
from tests.end_to_end.snip_session import OVERLAY_TITLE
from tests.end_to_end.virtual_desktop import Box, VirtualDesktop

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server of its own"),
]


def test_formula_of_the_page_can_be_snipped_where_it_is(tmp_path: Path) -> None:
    # The page was hidden like every window of ours, and the user dragged where its formula had been.
    with VirtualDesktop(tmp_path / "desktop") as desktop:
        settings = Path(desktop.environment["HOME"]) / ".config" / "snaptex" / "settings.ini"
        settings.parent.mkdir(parents=True)
        settings.write_text("[General]\nhas_been_welcomed=false\n")
        start_program(desktop, tmp_path)
        page = desktop.find_window("^Welcome to Snaptex$")
        desktop.focus(page)
        extent = desktop.extent(page)
        middle = (extent.left + extent.right) // 2
        formula = Box(middle - 60, extent.top + 130, middle + 60, extent.top + 220)
        desktop.wait_until(lambda: np.asarray(desktop.image().crop(formula)).std() > 20, "the formula")
        shown = np.asarray(desktop.settled_image())[formula.top : formula.bottom + 1, formula.left : formula.right + 1]
        desktop.press("space")  # the button "Try it"
        desktop.find_window(OVERLAY_TITLE)
        with desktop.drag(formula):
            pass
        assert (image_read(desktop, tmp_path) == shown).all()
