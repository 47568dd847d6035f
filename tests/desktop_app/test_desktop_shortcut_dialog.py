"""How to bind a key in the desktop: the command that is copied is one that works."""

import shlex
import shutil
import subprocess
import sys

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.desktop_shortcut_dialog import DesktopShortcutDialog, shortcut_command

pytestmark = pytest.mark.gui


def test_command_is_copied(qtbot: QtBot) -> None:
    dialog = DesktopShortcutDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    copies = [button for button in dialog.findChildren(QPushButton) if button.text() == "Copy"]
    for button, field, verb in zip(
        copies, (dialog.snip_command, dialog.repeat_command), ("snip", "repeat"), strict=True
    ):
        button.click()
        assert QGuiApplication.clipboard().text() == field.text() == shortcut_command(verb)
        assert verb in button.accessibleName() or button.accessibleName()
    dialog.close_button.click()
    assert not dialog.isVisible()


def test_command_runs_this_program(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)  # not on the path of whoever presses the key
    command = shlex.split(shortcut_command("snip"))
    assert command == [sys.executable, "-m", "desktop_app", "snip"]
    done = subprocess.run([*command, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert shlex.split(shortcut_command("repeat")) == [sys.executable, "repeat"]
