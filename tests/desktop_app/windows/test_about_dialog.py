"""The dialog about the program: its version, and the licences that its parts ask to be named."""

import importlib.metadata
import sys

from pytestqt.qtbot import QtBot

from desktop_app.settings.settings import Settings
from desktop_app.system.third_party import third_party_packages
from desktop_app.windows.about_dialog import AboutDialog
from desktop_app.windows.main_window import MainWindow
from desktop_app.windows.tray_icon import TrayIcon


def test_every_direct_dependency_is_named_with_a_licence() -> None:
    # The licences of nearly all of them demand it.
    packages = {name.lower().replace("_", "-"): licence for name, _, licence in third_party_packages()}
    of_the_hotkey = "python-xlib" if sys.platform == "linux" else "pynput"
    for name in ("onnxruntime", "pyside6-essentials", "numpy", "safetensors", of_the_hotkey):
        assert packages[name].strip(), name
    assert "snaptex" not in packages
    assert "pytest" not in packages, "it is no part of the program"


def test_dialog_lists_them(qtbot: QtBot) -> None:
    # A dialog that fails to gather its list would be empty.
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.packages.topLevelItemCount() == len(third_party_packages())
    row = dialog.packages.topLevelItem(0)
    assert row is not None
    assert row.text(1) == importlib.metadata.version(row.text(0))


def test_window_and_tray_ask_for_it(qtbot: QtBot, settings: Settings) -> None:
    # The two ways in.
    window = MainWindow(settings)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.about_requested):
        window.about_button.click()
    tray = TrayIcon()
    action = next(action for action in tray.menu.actions() if action.text() == "About")
    with qtbot.waitSignal(tray.about_requested):
        action.trigger()
