"""How to bind a key in the desktop's own settings, where the desktop gives programs no hotkey."""

import os
import shlex
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QLineEdit, QPushButton, QWidget

from desktop_app.widgets.layouts import column_of, row_of, text_label

_WIDTH = 540


def shortcut_command(verb: str) -> str:
    """What a shortcut of the desktop has to run, from a bundle or from an installation."""
    image = os.environ.get("APPIMAGE")  # the program itself lies in a folder that goes when it ends
    script = Path(sys.executable).with_name("snaptex")
    if image:
        command = [image]
    elif getattr(sys, "frozen", False):
        command = [sys.executable]
    elif script.exists():
        command = [str(script)]
    else:
        command = [sys.executable, "-m", "desktop_app"]
    return shlex.join([*command, verb])


class DesktopShortcutDialog(QWidget):
    """Explains it, with the commands to copy."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Snaptex: keyboard shortcut"))
        text = text_label(
            self.tr(
                "This desktop gives programs no hotkey of their own. Open its keyboard settings, add a shortcut of "
                "your own there, and let it run this command. Snaptex answers it as if it were the hotkey."
            ),
            width=_WIDTH,
        )
        commands = QGridLayout()
        commands.setHorizontalSpacing(10)
        commands.setVerticalSpacing(10)
        self.snip_command = self._add_command(commands, 0, self.tr("Snip a formula"), "snip")
        self.repeat_command = self._add_command(commands, 1, self.tr("Last region again"), "repeat")
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.clicked.connect(self.close)
        title = text_label(self.tr("Bind a key in your desktop's settings"), "title")
        buttons = row_of(None, self.close_button)
        layout = column_of(title, text, commands, buttons, on=self, margins=(24, 20, 24, 20), spacing=14)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def _add_command(self, grid: QGridLayout, row: int, name: str, verb: str) -> QLineEdit:
        field = QLineEdit(shortcut_command(verb))
        field.setReadOnly(True)
        field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        field.setCursorPosition(0)
        field.setAccessibleName(name)
        button = QPushButton(self.tr("Copy"))
        button.setAccessibleName(self.tr("Copy the command: {name}").format(name=name))
        button.clicked.connect(lambda: QGuiApplication.clipboard().setText(field.text()))
        grid.addWidget(QLabel(name), row, 0)
        grid.addWidget(field, row, 1)
        grid.addWidget(button, row, 2)
        return field
