"""How to bind a key in the desktop: the command that is copied is one that works."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.windows.desktop_shortcut_dialog import DesktopShortcutDialog, shortcut_command

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
        assert button.accessibleName() != "Copy"  # two buttons of one name would be told apart by nobody
    dialog.close_button.click()
    assert not dialog.isVisible()


def test_command_runs_this_program(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # The path of whoever presses the key may hold no snaptex, or another one.
    done = subprocess.run([*shlex.split(shortcut_command("snip")), "--help"], capture_output=True, check=False)
    assert done.returncode == 0
    python = tmp_path / "a folder" / "python"
    monkeypatch.setattr(sys, "executable", str(python))
    assert shlex.split(shortcut_command("snip")) == [str(python), "-m", "desktop_app", "snip"]
    python.parent.mkdir()
    python.with_name("snaptex").touch()
    assert shlex.split(shortcut_command("snip")) == [str(python.with_name("snaptex")), "snip"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert shlex.split(shortcut_command("repeat")) == [str(python), "repeat"]
    monkeypatch.setenv("APPIMAGE", "/opt/Snaptex.AppImage")
    assert shortcut_command("snip") == "/opt/Snaptex.AppImage snip"
