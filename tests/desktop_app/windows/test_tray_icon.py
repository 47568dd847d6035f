"""The icon in the tray."""

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from desktop_app.system.bundled_resources import icon_path
from desktop_app.windows.tray_icon import TrayIcon, TrayState

pytestmark = pytest.mark.gui


def test_menu_reaches_everything(qtbot: QtBot) -> None:
    tray = TrayIcon()
    actions = {action.text(): action for action in tray.menu.actions() if action.text()}
    for text, signal in {
        "Snip a formula": tray.snip_requested,
        "Snip the last region again": tray.repeat_requested,
        "Open Snaptex": tray.window_requested,
        "History": tray.history_requested,
        "Settings": tray.settings_requested,
        "Quit": tray.quit_requested,
    }.items():
        with qtbot.waitSignal(signal):
            actions[text].trigger()


def test_click_snips(qtbot: QtBot) -> None:
    tray = TrayIcon()
    with qtbot.waitSignal(tray.snip_requested):
        tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)


@pytest.mark.parametrize("state", TrayState)
def test_every_state_has_an_image_and_words(qtbot: QtBot, state: TrayState) -> None:
    tray = TrayIcon()
    tray.show_state(state, "words")
    assert tray._icon.toolTip() == "words"
    assert not QIcon(str(icon_path(state.value))).pixmap(24, 24).isNull()
