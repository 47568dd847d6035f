"""The window that opens at the start."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.settings.settings import Settings, Theme
from desktop_app.snips.copy_format import CopyFormat
from desktop_app.widgets.appearance import DARK, LIGHT, Colours, apply_appearance, current_colours
from desktop_app.windows.main_window import MainWindow

pytestmark = pytest.mark.gui


@pytest.fixture
def window(qtbot: QtBot, settings: Settings) -> MainWindow:
    window = MainWindow(settings)
    qtbot.addWidget(window)
    window.show()
    return window


def test_button_and_shortcut_ask_for_a_snip(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.snip_requested):
        qtbot.mouseClick(window.snip_button, Qt.MouseButton.LeftButton)
    window.activateWindow()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    with qtbot.waitSignal(window.snip_requested):
        qtbot.keyClick(window, Qt.Key.Key_M, both)


def test_choices_are_kept(qtbot: QtBot, window: MainWindow, settings: Settings) -> None:
    window.format_box.setCurrentIndex(list(CopyFormat).index(CopyFormat.EQUATION))
    window.format_box.activated.emit(window.format_box.currentIndex())
    window.copy_box.setChecked(False)
    assert settings.copy_format is CopyFormat.EQUATION
    assert not settings.copies_at_once


def test_missing_hotkey_is_said_where_the_hotkey_stands(qtbot: QtBot, window: MainWindow) -> None:
    # A hotkey that can't be had must not be offered.
    assert window._key_label.text() == "Ctrl + Alt + M"
    window.show_no_hotkey("Another program has this hotkey already.")
    assert not window._key_label.isVisible()
    assert window._hint.text() == "Another program has this hotkey already."


def test_notice_comes_and_goes(qtbot: QtBot, window: MainWindow) -> None:
    window.show_notice("The recogniser is missing.")
    assert window.notice.isVisible()
    window.show_notice("")
    assert not window.notice.isVisible()


@pytest.mark.parametrize(("theme", "colours"), [(Theme.LIGHT, LIGHT), (Theme.DARK, DARK)])
def test_theme_reaches_the_window(qapp: QApplication, window: MainWindow, theme: Theme, colours: Colours) -> None:
    apply_appearance(qapp, theme)
    assert current_colours() is colours
    assert window.grab().toImage().pixelColor(3, 3) == QColor(colours.window)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        """How bright a colour is."""
        channels: list[float] = [getattr(QColor(colour), name)() / 255 for name in ("red", "green", "blue")]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_every_text_can_be_read(colours: Colours) -> None:
    # Contrast AA: 4.5 : 1.
    for background in (colours.window, colours.card):
        for text in (colours.text, colours.muted, colours.good, colours.bad):
            assert contrast(text, background) >= 4.5, (text, background)
    for background in (colours.accent, colours.accent_hovered):
        assert contrast(colours.accent_text, background) >= 4.5, background
