"""The notice in the corner: seen, and not in the way."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop_app.rendering.preview_renderer import PreviewRenderer
from desktop_app.result.result_notice import ResultNotice
from model.recognition.calibration import ConfidenceLevel

pytestmark = pytest.mark.gui


@pytest.fixture
def notice(qtbot: QtBot, previews: PreviewRenderer) -> ResultNotice:
    notice = ResultNotice(previews)
    qtbot.addWidget(notice)
    return notice


def test_notice_is_in_the_corner_and_takes_no_focus(notice: ResultNotice) -> None:
    notice.show_formula(r"\frac{1}{2}", is_copied=True)
    assert (notice.title.text(), notice.formula.text()) == ("Copied to the clipboard", r"\frac{1}{2}")
    free = QGuiApplication.primaryScreen().availableGeometry()
    assert free.contains(notice.geometry())
    assert notice.geometry().center().x() > free.center().x()
    assert notice.geometry().center().y() > free.center().y()
    assert notice.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert notice.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus


def test_long_formula_stays_inside(notice: ResultNotice) -> None:
    notice.show_formula("x+" * 2000, is_copied=False)
    assert notice.title.text() == "Formula read"
    assert notice.formula.text().endswith("…")
    assert notice.height() < 200


def test_formula_is_shown_as_it_is(notice: ResultNotice) -> None:
    # Qt would else take the text between < and > for a tag.
    notice.show_formula("a<b>c", is_copied=True)
    assert notice.formula.textFormat() == Qt.TextFormat.PlainText


def test_notice_goes_by_itself(qtbot: QtBot, notice: ResultNotice) -> None:
    notice.show_formula("x", is_copied=True)
    assert notice._timer.isActive()
    notice._timer.timeout.emit()
    assert not notice.isVisible()


def test_click_opens_the_result(qtbot: QtBot, notice: ResultNotice) -> None:
    notice.show_formula("", is_copied=True)
    assert notice.formula.text() == "No formula was found in this picture."
    with qtbot.waitSignal(notice.clicked):
        qtbot.mouseClick(notice, Qt.MouseButton.LeftButton)
    assert not notice.isVisible()


def test_notice_has_the_mark_of_trust(notice: ResultNotice) -> None:
    notice.show_formula("x", is_copied=True, trust=ConfidenceLevel.DOUBTFUL)
    assert notice.trust.word.text() == "Doubtful"
    assert notice.trust.isVisible()
    notice.show_failure("The picture is blank.")
    assert not notice.trust.isVisible()


def test_formula_is_drawn_in_the_notice(qtbot: QtBot, notice: ResultNotice) -> None:
    notice.show_formula(r"\frac{1}{2}", is_copied=True)
    # The notice itself may be gone again by then, where the computer is slow.
    qtbot.waitUntil(lambda: not notice.preview.isHidden() and notice.preview.image is not None, timeout=60_000)
    assert QGuiApplication.primaryScreen().availableGeometry().contains(notice.geometry())
    notice.show_failure("The picture is blank.")
    assert notice.preview.isHidden()


def test_formula_that_cannot_be_drawn_leaves_no_hole(qtbot: QtBot, notice: ResultNotice) -> None:
    notice.show_formula(r"\nosuchcommand", is_copied=True)
    qtbot.waitUntil(lambda: bool(notice.preview.sentence) and notice.preview.sentence != "Drawing…", timeout=30_000)
    assert notice.preview.isHidden()
    assert notice.formula.text() == r"\nosuchcommand"
