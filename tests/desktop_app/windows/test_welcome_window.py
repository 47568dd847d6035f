"""The first start: one page that says how it goes, lets one try it, and comes once."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.application import Application
from desktop_app.settings.settings import Settings
from desktop_app.snips.snip import Snip
from desktop_app.system import start_at_login
from desktop_app.system.bundled_resources import sample_formula_path, vocabulary_path, weights_path
from desktop_app.system.single_instance import SingleInstance
from desktop_app.windows.welcome_window import WelcomeWindow
from model.recognition.recogniser import Recogniser
from tests.desktop_app.conftest import FakeRecogniser, numbered_image

pytestmark = pytest.mark.gui

SAMPLE = r"\sum_{n=1}^\infty\frac{1}{n^2}=\frac{\pi^2}{6}"


def test_first_start_welcomes_once(
    qtbot: QtBot, qapp: QApplication, settings: Settings, recogniser: FakeRecogniser
) -> None:
    settings.has_been_welcomed = False
    application = Application(
        qapp, settings, instance=SingleInstance("snaptex-test-welcome"), load_recogniser=lambda _device: recogniser
    )
    try:
        application.start(snips=False)
        page = application.welcome
        assert page is not None
        assert page.isVisible()
        assert not application.main_window.isVisible()
        application.selector.region_selected.emit(Snip(numbered_image(60, 20)))
        qtbot.waitUntil(lambda: r"\frac{1}{2}" in page.result.text())
        assert "Try again" in page.result.text()  # it is no reading of this page's formula
        page.done_button.click()
        assert application.main_window.isVisible()
        assert settings.has_been_welcomed
        application.main_window.hide()
        application.start(snips=False)
        assert application.main_window.isVisible()
    finally:
        application.close()


def test_hotkey_is_said_or_the_button_named(qtbot: QtBot) -> None:
    page = WelcomeWindow()
    qtbot.addWidget(page)
    page.show_hotkey("Ctrl+Alt+M")
    assert "Ctrl+Alt+M" in page.hotkey_words.text()
    page.show_hotkey("")
    assert "button below" in page.hotkey_words.text()
    with qtbot.waitSignal(page.snip_requested):
        page.snip_button.click()


def test_only_the_right_reading_is_praised(qtbot: QtBot) -> None:
    page = WelcomeWindow()
    qtbot.addWidget(page)
    for latex, role in ((r"f_1\setminus", "bad"), ("", "bad"), (SAMPLE, "good"), (SAMPLE.replace("=", " = "), "good")):
        page.show_result(latex)
        assert page.result.property("role") == role
        assert ("Try again" in page.result.text()) == (role == "bad")


def test_start_at_login_is_offered(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = tmp_path / "autostart" / "snaptex.desktop"
    monkeypatch.setattr(start_at_login, "_entry_path", lambda: entry)
    page = WelcomeWindow()
    qtbot.addWidget(page)
    assert not page.login_box.isChecked()  # offered, not done
    page.login_box.click()
    assert entry.exists()
    page.login_box.click()
    assert not entry.exists()


@pytest.mark.parametrize("scale", [0.5, 1.0])
def test_sample_is_read_right(scale: float) -> None:
    # The first thing a user tries must not be a misreading.
    recogniser = Recogniser.load(weights_path(), vocabulary_path(), device="cpu")
    image = Image.open(sample_formula_path()).convert("RGB")
    shown = image.resize((round(image.width * scale), round(image.height * scale)))
    assert recogniser.recognise(np.asarray(shown)).latex == SAMPLE
