"""A mark is colour, shape and word at once: no one of them may be needed alone."""

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.system.bundled_resources import icon_path
from desktop_app.widgets.appearance import DARK, LIGHT, Colours
from desktop_app.widgets.trust_badge import TrustBadge, level_colour, level_icon_name, level_title
from model.recognition.calibration import ConfidenceLevel
from tests.desktop_app.windows.test_main_window import contrast

pytestmark = pytest.mark.gui


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_marks_differ_in_word_shape_and_colour(colours: Colours) -> None:
    assert len({level_title(mark) for mark in ConfidenceLevel}) == 3
    assert len({icon_path(level_icon_name(mark)).read_text() for mark in ConfidenceLevel}) == 3
    assert len({level_colour(mark, colours) for mark in ConfidenceLevel}) == 3
    for mark in ConfidenceLevel:
        for background in (colours.window, colours.card):
            assert contrast(level_colour(mark, colours), background) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_marked_text_can_be_read(colours: Colours) -> None:
    for background in (colours.lit, colours.unsure):
        for text in (colours.text, colours.command, colours.muted):
            assert contrast(text, background) >= 4.5, (text, background)


def test_badge_says_what_to_do(qtbot: QtBot) -> None:
    badge = TrustBadge()
    qtbot.addWidget(badge)
    badge.show_level(ConfidenceLevel.DOUBTFUL)
    assert badge.isVisible()
    assert badge.word.text() == "Doubtful"
    assert badge.accessibleName() == "Doubtful: Compare the formula with the picture."
    assert not badge._shape.pixmap().isNull()
    badge.show_level(None)
    assert not badge.isVisible()
